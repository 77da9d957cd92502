//! `connector scaffold`: a connector to begin with.

mod answers;
mod ask;
mod capability;
mod choices;
mod manifest;
mod options;
mod place;
mod refusal;
mod render;
mod sdk;
mod workspace;

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::process::ExitCode;

use answers::{Answers, Flags};
use capability::LeftOut;
use clap::Args;
use options::Credentials;
use place::{Change, Plan};
use refusal::Refusal;
use serde_json::{Value, json};
use workspace::Workspace;

use crate::output::print;
use crate::stop::Stop;

pub(crate) const HELP: &str = "\
What is not said by a flag or in the file of --values is asked on a terminal, and has its default elsewhere.
Nothing is created unless all of it is in order, and nothing is ever deleted.";

#[derive(Args)]
pub(crate) struct Scaffold {
    /// The connector's name: small letters and digits, in words joined by - or _
    name: String,
    /// The folder to make it in
    directory: PathBuf,
    /// Write into a folder that is not empty; of the files there only those that were generated and not changed since
    #[arg(short, long)]
    force_overwrite: bool,
    #[command(flatten)]
    flags: Flags,
    /// A file with values for the flags, by their names: TOML if it is called so, otherwise JSON
    #[arg(long, value_name = "FILE")]
    values: Option<PathBuf>,
    /// Only list the files
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
            Err(Refusal::Problems(problems, status)) if json => {
                print(format!("{:#}\n", json!({ "problems": problems })).as_bytes())?;
                Ok(ExitCode::from(status))
            }
            Err(Refusal::Problems(problems, status)) => {
                Err(Stop { status, message: problems.join("\nerror: ") })
            }
            Err(Refusal::Stop(stop)) => Err(stop),
        }
    }

    fn scaffold(self) -> Result<String, Refusal> {
        let mut answers = Answers::from(self.flags);
        let mut problems = choices::problems_of_name(&self.name);
        if let Some(file) = &self.values {
            problems.extend(answers.add_file(file)?);
        }
        problems.extend(choices::problems(&answers));
        if !problems.is_empty() {
            return Err(Refusal::Problems(problems, 2));
        }
        if io::stdin().is_terminal() && io::stderr().is_terminal() {
            ask::ask_for_the_rest(&mut answers, &mut io::stdin().lock(), &mut io::stderr().lock())?;
        }
        let choices = choices::Choices::new(&self.name, &answers)?;
        let workspace = Workspace::around(&self.directory);
        let files = render::files(&choices, &workspace)?;
        let plan = Plan::new(&self.directory, files, &choices, self.force_overwrite)?;
        if !self.dry_run {
            plan.carry_out()?;
        }
        let made = Made { plan, choices, workspace, dry_run: self.dry_run };
        Ok(if self.json { made.to_json() } else { made.to_text() })
    }
}

/// What was made, or would be.
struct Made {
    plan: Plan,
    choices: choices::Choices,
    workspace: Workspace,
    dry_run: bool,
}

impl Made {
    fn to_json(&self) -> String {
        let changes = self.plan.changes();
        let files: Vec<_> =
            changes.map(|(path, change)| json!({ "path": path, "change": change.as_str() })).collect();
        let left_out: Vec<_> = self.choices.left_out.iter().map(LeftOut::to_json).collect();
        let workspace = match &self.workspace {
            Workspace::None => Value::Null,
            Workspace::Outside(root) => json!({ "root": root.folder, "is_member": false }),
            Workspace::Member(root) => json!({ "root": root.folder, "is_member": true }),
        };
        let report = json!({
            "directory": self.plan.directory().to_string_lossy(),
            "dry_run": self.dry_run,
            "files": files,
            "no_longer_generated": self.plan.left(),
            "left_out": left_out,
            "workspace": workspace,
        });
        format!("{report:#}\n")
    }

    fn to_text(&self) -> String {
        let plan = &self.plan;
        if self.dry_run {
            return plan.changes().map(|(path, _)| format!("{path}\n")).collect();
        }
        let written = plan.changes().filter(|(_, change)| *change != Change::Unchanged).count();
        let directory = plan.directory().display();
        let mut text = format!("{written} files written to {directory}\n");
        for path in plan.left() {
            text.push_str(&format!("no longer generated, and left as it is: {path}\n"));
        }
        if self.choices.auth == Credentials::Token {
            text.push_str("It speaks the openapi wire format, the only one that has token credentials.\n");
        }
        for left_out in &self.choices.left_out {
            text.push_str(&format!("Left out: {left_out}.\n"));
        }
        if let Some(advice) = self.workspace.advice() {
            text.push_str(&format!("{advice}\n"));
        }
        text.push_str(&format!(
            "\n    cd {directory}\n    cargo test\n    cargo run -- info\n\nREADME.md says how to go on.\n"
        ));
        text
    }
}
