//! Every connector that can be scaffolded. A system test builds a selection of them; this builds them all.

use std::process::Command;

use crate::libtest::Tally;
use crate::outcome::Outcome;
use crate::stream::stream;
use crate::workspace::Workspace;

/// The test, and the variable that selects the combinations it builds.
pub(crate) const TEST: &str = "builds::generated_connectors_build_and_pass_their_own_checks";
const VARIABLE: &str = "SCAFFOLD_MATRIX";

/// Where the test builds. Many dependencies are already compiled in the folder of the workspace.
const TARGET: &str = "SCAFFOLD_TARGET_DIR";

pub(super) fn run(workspace: &Workspace, words: &[String]) -> anyhow::Result<Outcome> {
    let mut test = command(workspace, &["--package", "lumos-connector-cli"])?;
    test.env(VARIABLE, format!("all {}", words.join(" ")));
    let mut tally = Tally::default();
    let streamed = stream(test, &mut std::io::stdout(), |line| tally.line(line))?;
    // libtest succeeds even if no test has this name.
    Ok(Outcome::passed_if(streamed.status.success() && tally.passed == 1))
}

/// Runs the test alone. `packages` are the arguments for `cargo test` that select packages and features.
///
/// # Errors
/// If cargo can't report its target folder.
pub(crate) fn command(workspace: &Workspace, packages: &[&str]) -> anyhow::Result<Command> {
    let mut test = workspace.cargo(["test"]);
    test.args(packages).args(["--test", "scaffold", "--", "--ignored", "--nocapture", "--exact", TEST]);
    test.env(TARGET, workspace.metadata()?.target_directory);
    Ok(test)
}
