//! Suggestions for mistyped commands.

use clap::error::{ContextKind, ContextValue};
use clap::{Command, Error};

/// Keeps only the best suggestion of an error, as written in `--help`. Each capability has two names, and `--help`
/// doesn't list those that the connector doesn't have.
pub(super) fn keep_best(mut error: Error, command: &Command) -> Error {
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

/// Returns the name of a command or subcommand as written in `--help`.
fn listed(command: &Command, name: &str) -> Option<String> {
    let found = command.find_subcommand(name).filter(|found| !found.is_hide_set());
    found.map(|found| found.get_name().to_owned()).or_else(|| {
        command
            .get_subcommands()
            .filter(|command| command.has_subcommands())
            .find_map(|command| listed(command, name))
    })
}
