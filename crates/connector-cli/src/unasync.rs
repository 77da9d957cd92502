//! `connector hacking unasync`: makes `sync_` beside `async_`.

mod convert;
pub(crate) mod edit;
mod find;
pub(crate) mod format;
mod future;
pub(crate) mod nesting;
mod not_rust;
mod plan;
mod regular;
mod rules;
mod scope;
pub(crate) mod source;
mod store;
mod template;
mod tidy;
pub(crate) mod use_tree;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use similar::TextDiff;

use crate::output::print;
use crate::stop::Stop;
use plan::{Failure, Plan};

pub(crate) const HELP: &str = "\
What becomes what is told by a table of rules. A connector adds to it in a file `unasync.toml`, beside an async_ folder \
or above it, up to its package. What has no rule, or cannot be converted, is named with its place; then nothing is \
written.

Exit status: 0, or with --check: up to date; 1 something cannot be converted, or with --check: not up to date; \
2 nothing to convert, or a bad unasync.toml; 3 a file cannot be read or written";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Where to look for `async_` folders and `async_.rs` files
    #[arg(short, long, value_name = "DIRECTORY", default_value = ".")]
    directory: PathBuf,
    /// Write nothing: show what would change
    #[arg(short, long)]
    check: bool,
    /// Do not list what was written; with --check, name the files without showing the changes
    #[arg(short, long)]
    quiet: bool,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, Stop> {
    let mut output = String::new();
    let outcome = convert_all(options, &mut output);
    print(output.as_bytes())?;
    outcome.map(|is_up_to_date| if is_up_to_date { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether all is as it should be.
fn convert_all(options: &Options, output: &mut String) -> Result<bool, Stop> {
    format::end_with_signals().map_err(|error| Stop::io(format!("cannot wait for signals: {error}")))?;
    let folders = find::folders(&options.directory)?;
    if folders.is_empty() {
        return Err(Stop::usage(format!(
            "there is no async_ folder and no async_.rs below {}",
            options.directory.display()
        )));
    }
    let mut plans = Vec::new();
    let mut refused = Vec::new();
    for folder in &folders {
        match plan::plan(folder, &options.directory) {
            Ok(plan) => plans.push(plan),
            Err(Failure::Refused(places)) => refused.extend(places),
            Err(Failure::Stop(stop)) => return Err(stop),
        }
    }
    if !refused.is_empty() {
        refused.iter().for_each(|place| eprintln!("{place}"));
        let (count, plural) = (refused.len(), if refused.len() == 1 { "" } else { "s" });
        return Err(Stop::failed(format!("{count} place{plural} cannot be converted; nothing was written")));
    }
    if !options.quiet {
        for other in folders.iter().flat_map(|folder| &folder.others) {
            eprintln!("note: {} is not Rust: left out", find::shown(other).display());
        }
    }
    if options.check {
        let drifts = plans.iter().map(|plan| drift(plan, options.quiet, output));
        return Ok(drifts.fold(true, |is_clean, has_drift| is_clean & !has_drift));
    }
    for plan in &plans {
        let done = store::write(plan)?;
        if options.quiet {
            continue;
        }
        for (verb, path) in done {
            // Writing to a string cannot fail.
            let _ = writeln!(output, "{verb} {}", find::shown(&path).display());
        }
    }
    if output.is_empty() && !options.quiet {
        let count: usize = plans.iter().map(|plan| plan.files.len()).sum();
        let _ = writeln!(
            output,
            "nothing to write: {count} {} up to date",
            if count == 1 { "file is" } else { "files are" }
        );
    }
    Ok(true)
}

/// Tells what differs from the plan. Whether anything does.
fn drift(plan: &Plan, quiet: bool, output: &mut String) -> bool {
    let gone = plan.stale.iter().map(|(path, text)| (path, Some(text.as_str()), None));
    let files = plan.files.iter().map(|file| (&file.path, file.current.as_deref(), Some(file.text.as_str())));
    let mut has_drift = false;
    for (path, before, after) in files.chain(gone).filter(|(_, before, after)| before != after) {
        has_drift = true;
        let path = find::shown(path).display().to_string();
        if quiet {
            let _ = writeln!(output, "{path} is not up to date");
            continue;
        }
        let name = |side: Option<&str>| if side.is_some() { path.as_str() } else { "/dev/null" };
        let diff = TextDiff::from_lines(before.unwrap_or_default(), after.unwrap_or_default());
        let _ = write!(output, "{}", diff.unified_diff().header(name(before), name(after)));
    }
    has_drift
}
