//! What is suggested in place of a command that is not there.

use clap::error::{ContextKind, ContextValue};
use clap::{Command, Error};

/// Keeps only the best suggestion of an error, as `--help` spells it. Each capability has two spellings, and `--help`
/// does not list those that the connector lacks.
pub(super) fn only_the_best(mut error: Error, command: &Command) -> Error {
    let Some(ContextValue::Strings(names)) = error.remove(ContextKind::SuggestedSubcommand) else {
        return error;
    };
    // The most similar name comes last.
    let best = names.iter().rev().find_map(|name| listed(command, name));
    if let Some(best) = best {
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![best]));
    }
    error
}

/// The spelling in `--help` of a command, or of one below it.
fn listed(command: &Command, name: &str) -> Option<String> {
    let found = command.find_subcommand(name).filter(|found| !found.is_hide_set());
    found.map(|found| found.get_name().to_owned()).or_else(|| {
        command
            .get_subcommands()
            .filter(|command| command.has_subcommands())
            .find_map(|command| listed(command, name))
    })
}
