//! `connector hacking unasync`: generates a blocking module `sync_` next to every module `async_`.

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
A table of rules defines the conversion. To add rules, write a file `unasync.toml` next to the async_ folder or in a \
folder above it, up to the package's folder. If something cannot be converted, its location is reported and nothing is \
written.

Exit status:
  0  success; with --check, all files are up to date
  1  something cannot be converted; with --check, also if a file is out of date
  2  the command line or an unasync.toml is invalid, or there is nothing to convert
  3  a file cannot be read or written, or rustfmt cannot be started or takes too long";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Folder to search for `async_` folders and `async_.rs` files
    #[arg(short, long, value_name = "DIRECTORY", default_value = ".")]
    directory: PathBuf,
    /// Write nothing and show what would change
    #[arg(short, long)]
    check: bool,
    /// Do not list the written files; with --check, name the files but omit the diff
    #[arg(short, long)]
    quiet: bool,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, Stop> {
    let mut output = String::new();
    let outcome = convert_all(options, &mut output);
    print(output.as_bytes())?;
    outcome.map(|is_up_to_date| if is_up_to_date { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Converts all modules. Returns whether everything is up to date.
fn convert_all(options: &Options, output: &mut String) -> Result<bool, Stop> {
    format::kill_on_signals().map_err(|error| Stop::io(format!("cannot wait for signals: {error}")))?;
    let folders = find::folders(&options.directory)?;
    if folders.is_empty() {
        return Err(Stop::usage(format!(
            "no async_ folder or async_.rs found in {}",
            options.directory.display()
        )));
    }
    let mut plans = Vec::new();
    let mut rejected = Vec::new();
    for folder in &folders {
        match plan::plan(folder, &options.directory) {
            Ok(plan) => plans.push(plan),
            Err(Failure::Rejected(places)) => rejected.extend(places),
            Err(Failure::Stop(stop)) => return Err(stop),
        }
    }
    if !rejected.is_empty() {
        rejected.iter().for_each(|place| eprintln!("{place}"));
        let (count, plural) = (rejected.len(), if rejected.len() == 1 { "" } else { "s" });
        return Err(Stop::failed(format!("{count} place{plural} cannot be converted; nothing was written")));
    }
    if !options.quiet {
        for other in folders.iter().flat_map(|folder| &folder.others) {
            eprintln!("note: skipped {}, which is not a Rust file", find::display_path(other).display());
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
            let _ = writeln!(output, "{verb} {}", find::display_path(&path).display());
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

/// Describes how the files differ from the plan. Returns whether any do.
fn drift(plan: &Plan, quiet: bool, output: &mut String) -> bool {
    let stale = plan.stale.iter().map(|(path, text)| (path, Some(text.as_str()), None));
    let files = plan.files.iter().map(|file| (&file.path, file.current.as_deref(), Some(file.text.as_str())));
    let mut has_drift = false;
    for (path, before, after) in files.chain(stale).filter(|(_, before, after)| before != after) {
        has_drift = true;
        let path = find::display_path(path).display().to_string();
        if quiet {
            let _ = writeln!(output, "{path} is out of date");
            continue;
        }
        let name = |side: Option<&str>| if side.is_some() { path.as_str() } else { "/dev/null" };
        let diff = TextDiff::from_lines(before.unwrap_or_default(), after.unwrap_or_default());
        let _ = write!(output, "{}", diff.unified_diff().header(name(before), name(after)));
    }
    has_drift
}
