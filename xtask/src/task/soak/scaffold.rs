//! Every connector that can be scaffolded, by the system test that builds some of them.

use crate::libtest::Tally;
use crate::outcome::Outcome;
use crate::stream::stream;
use crate::workspace::Workspace;

/// The test. It is told by the variable which combinations are wanted.
const TEST: &str = "builds::a_matrix_of_connectors_builds_and_passes_its_own_checks";
const VARIABLE: &str = "SCAFFOLD_MATRIX";

pub(super) fn run(workspace: &Workspace, words: &[String]) -> anyhow::Result<Outcome> {
    let mut test = workspace.cargo(["test", "--package", "lumos-connector-cli", "--test", "scaffold"]);
    test.args(["--", "--ignored", "--nocapture", "--exact", TEST]);
    test.env(VARIABLE, format!("all {}", words.join(" ")));
    let mut tally = Tally::default();
    let streamed = stream(test, &mut std::io::stdout(), |line| tally.line(line))?;
    // A test of another name is none, and libtest is content with none.
    Ok(Outcome::passed_if(streamed.status.success() && tally.passed == 1))
}
