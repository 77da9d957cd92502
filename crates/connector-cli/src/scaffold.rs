//! `connector scaffold`: generates a new connector.

mod capability;
mod choices;
mod manifest;
mod options;
mod place;
mod prompt;
mod rejection;
mod render;
mod sdk;
mod values;
mod workspace;

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::process::ExitCode;

use capability::Omitted;
use clap::Args;
use options::Credentials;
use place::{Change, Plan};
use rejection::Rejection;
use serde_json::{Value, json};
use values::{Flags, Values};
use workspace::Workspace;

use crate::output::print;
use crate::stop::Stop;

pub(crate) const HELP: &str = "\
On a terminal you are prompted for values that neither a flag nor the file of --values provides; otherwise the defaults
apply. If any value is invalid, nothing is written. Nothing is ever deleted.

Exit status: 0 generated; 1 the folder has files that must not be overwritten; 2 invalid command line or values; \
3 a file cannot be read or written";

#[derive(Args)]
pub(crate) struct Scaffold {
    /// The connector's name: lowercase letters and digits, in words joined by - or _
    name: String,
    /// The folder to create
    directory: PathBuf,
    /// Write to a folder that is not empty; overwrites only generated files that you have not changed
    #[arg(short, long)]
    force_overwrite: bool,
    #[command(flatten)]
    flags: Flags,
    /// A file with values for flags, by their names: TOML if it ends in .toml, otherwise JSON
    #[arg(long, value_name = "FILE")]
    values: Option<PathBuf>,
    /// List the files without writing them
    #[arg(long)]
    dry_run: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Scaffold {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let json = self.json;
        let outcome = self.scaffold();
        match outcome {
            Ok(report) => print(report.as_bytes()),
            Err(Rejection::Problems(problems, status)) if json => {
                print(format!("{:#}\n", json!({ "problems": problems })).as_bytes())?;
                Ok(ExitCode::from(status))
            }
            Err(Rejection::Problems(problems, status)) => {
                Err(Stop { status, message: problems.join("\nerror: ") })
            }
            Err(Rejection::Stop(stop)) => Err(stop),
        }
    }

    fn scaffold(self) -> Result<String, Rejection> {
        let mut values = Values::from(self.flags);
        let mut problems = choices::problems_of_name(&self.name);
        if let Some(file) = &self.values {
            problems.extend(values.add_file(file)?);
        }
        problems.extend(choices::problems(&values));
        if !problems.is_empty() {
            return Err(Rejection::Problems(problems, 2));
        }
        if io::stdin().is_terminal() && io::stderr().is_terminal() {
            prompt::prompt_for_missing(&mut values, &mut io::stdin().lock(), &mut io::stderr().lock())?;
        }
        let choices = choices::Choices::new(&self.name, &values)?;
        let workspace = Workspace::around(&self.directory);
        let files = render::files(&choices, &workspace)?;
        let plan = Plan::new(&self.directory, files, &choices, self.force_overwrite)?;
        if !self.dry_run {
            plan.write()?;
        }
        let report = Report { plan, choices, workspace, dry_run: self.dry_run };
        Ok(if self.json { report.to_json() } else { report.to_text() })
    }
}

/// What was generated, or would be.
struct Report {
    plan: Plan,
    choices: choices::Choices,
    workspace: Workspace,
    dry_run: bool,
}

impl Report {
    fn to_json(&self) -> String {
        let changes = self.plan.changes();
        let files: Vec<_> =
            changes.map(|(path, change)| json!({ "path": path, "change": change.as_str() })).collect();
        let omitted: Vec<_> = self.omitted().map(Omitted::to_json).collect();
        let workspace = match &self.workspace {
            Workspace::None => Value::Null,
            Workspace::Outside(root) => json!({ "root": root.folder, "is_member": false }),
            Workspace::Member(root) => json!({ "root": root.folder, "is_member": true }),
        };
        let report = json!({
            "directory": self.plan.directory().to_string_lossy(),
            "dry_run": self.dry_run,
            "files": files,
            "no_longer_generated": self.plan.obsolete(),
            "omitted": omitted,
            "workspace": workspace,
        });
        format!("{report:#}\n")
    }

    fn omitted(&self) -> impl Iterator<Item = &Omitted> {
        self.choices.omitted.iter().chain(&self.choices.without_template)
    }

    fn to_text(&self) -> String {
        let plan = &self.plan;
        if self.dry_run {
            return plan.changes().map(|(path, _)| format!("{path}\n")).collect();
        }
        let written = plan.changes().filter(|(_, change)| *change != Change::Unchanged).count();
        let directory = plan.directory().display();
        let mut text = format!("{written} files written to {directory}\n");
        for path in plan.obsolete() {
            text.push_str(&format!("no longer generated, but not deleted: {path}\n"));
        }
        if self.choices.auth == Credentials::Token {
            text.push_str("It uses the openapi wire format, the only one with token credentials.\n");
        }
        for omitted in self.omitted() {
            text.push_str(&format!("Omitted: {omitted}.\n"));
        }
        if let Some(advice) = self.workspace.advice() {
            text.push_str(&format!("{advice}\n"));
        }
        text.push_str(&format!(
            "\n    cd {directory}\n    cargo test\n    cargo run -- info\n\nSee README.md for the next steps.\n"
        ));
        text
    }
}
