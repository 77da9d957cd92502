//! [`Report`]: the verdict on each check.

use std::fmt::{self, Write as _};

use serde_json::{Value, json};

use super::checks::Check;

/// The verdict on a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The connector meets the requirement.
    Passed,
    /// The connector doesn't. Each text describes one violation, without secrets of the fixture.
    Failed(Vec<String>),
    /// The check lacked something, as this text describes.
    NotRun(String),
}

/// A check and its verdict.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// The check.
    pub check: &'static Check,
    /// The verdict.
    pub verdict: Verdict,
}

/// The verdict on each check. Its `Display` is for people.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub(super) app_id: String,
    pub(super) findings: Vec<Finding>,
}

impl Report {
    /// The app's ID, from the connector's `info`; empty if it has none.
    #[must_use]
    pub fn app_id(&self) -> &str {
        &self.app_id
    }

    /// The checks, in the order in which they ran.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The verdict on the check with this ID.
    #[must_use]
    pub fn verdict(&self, id: &str) -> Option<&Verdict> {
        self.findings.iter().find(|finding| finding.check.id() == id).map(|finding| &finding.verdict)
    }

    /// Whether a check failed.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.findings.iter().any(|finding| matches!(finding.verdict, Verdict::Failed(_)))
    }

    /// The number of checks that passed, failed and were not run.
    fn counts(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        for finding in &self.findings {
            counts[match finding.verdict {
                Verdict::Passed => 0,
                Verdict::Failed(_) => 1,
                Verdict::NotRun(_) => 2,
            }] += 1;
        }
        counts
    }

    /// The report as JSON: `{"app_id", "passed", "failed", "not_run", "checks": [{"id", "requirement", "verdict",
    /// "failures" or "reason"}]}`, with the verdicts `passed`, `failed` and `not_run`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let [passed, failed, not_run] = self.counts();
        let checks = self.findings.iter().map(|Finding { check, verdict }| {
            let mut entry = json!({ "id": check.id(), "requirement": check.requirement() });
            match verdict {
                Verdict::Passed => entry["verdict"] = "passed".into(),
                Verdict::Failed(failures) => {
                    entry["verdict"] = "failed".into();
                    entry["failures"] = failures.as_slice().into();
                }
                Verdict::NotRun(reason) => {
                    entry["verdict"] = "not_run".into();
                    entry["reason"] = reason.as_str().into();
                }
            }
            entry
        });
        json!({
            "app_id": self.app_id,
            "passed": passed,
            "failed": failed,
            "not_run": not_run,
            "checks": checks.collect::<Vec<_>>(),
        })
    }

    /// The report as JUnit XML. A check that was not run is skipped.
    #[must_use]
    pub fn to_junit(&self) -> String {
        let [_, failed, not_run] = self.counts();
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        // Writing to a string cannot fail.
        let _ = writeln!(
            xml,
            "<testsuite name=\"contract of {}\" tests=\"{}\" failures=\"{failed}\" errors=\"0\" skipped=\"{not_run}\">",
            escaped(&self.app_id),
            self.findings.len(),
        );
        for Finding { check, verdict } in &self.findings {
            let _ = write!(xml, "  <testcase classname=\"contract\" name=\"{}\"", check.id());
            let _ = match verdict {
                Verdict::Passed => writeln!(xml, "/>"),
                Verdict::Failed(failures) => writeln!(
                    xml,
                    ">\n    <failure message=\"{}\">{}</failure>\n  </testcase>",
                    escaped(check.requirement()),
                    escaped(&failures.join("\n")),
                ),
                Verdict::NotRun(reason) => {
                    writeln!(xml, ">\n    <skipped message=\"{}\"/>\n  </testcase>", escaped(reason))
                }
            };
        }
        xml.push_str("</testsuite>\n");
        xml
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Finding { check, verdict } in &self.findings {
            match verdict {
                Verdict::Passed => writeln!(f, "passed   {}", check.id())?,
                Verdict::NotRun(reason) => writeln!(f, "not run  {}: {reason}", check.id())?,
                Verdict::Failed(failures) => {
                    writeln!(f, "FAILED   {}: {}", check.id(), check.requirement())?;
                    for line in failures.iter().flat_map(|failure| failure.lines()) {
                        writeln!(f, "           {line}")?;
                    }
                }
            }
        }
        let [passed, failed, not_run] = self.counts();
        write!(f, "{passed} passed, {failed} failed, {not_run} not run")
    }
}

/// `text` for an attribute or an element. Characters that XML 1.0 can't represent are omitted.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\u{fffe}' | '\u{ffff}' => {}
            char if char.is_control() && char != '\t' => {}
            char => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_the_same_findings() {
        let finding = |at: usize, verdict| Finding { check: &Check::all()[at], verdict };
        let report = Report {
            app_id: "a&b".to_owned(),
            findings: vec![
                finding(0, Verdict::Passed),
                finding(1, Verdict::Failed(vec!["<x>\u{1b}\ny".to_owned()])),
                finding(2, Verdict::NotRun("no \"auth\"".to_owned())),
            ],
        };
        let text = report.to_string();
        assert!(text.starts_with("passed   info-complete\nFAILED   schemas-valid: every"), "{text}");
        assert!(
            text.ends_with("not run  app-info-agrees: no \"auth\"\n1 passed, 1 failed, 1 not run"),
            "{text}"
        );
        let json = report.to_json();
        assert_eq!((&json["passed"], &json["checks"][1]["failures"][0]), (&json!(1), &json!("<x>\u{1b}\ny")));
        assert_eq!((&json["not_run"], &json["checks"][2]["reason"]), (&json!(1), &json!("no \"auth\"")));
        let xml = report.to_junit();
        assert!(xml.contains("name=\"contract of a&amp;b\" tests=\"3\" failures=\"1\""), "{xml}");
        assert!(xml.contains(">&lt;x&gt;&#10;y</failure>"), "{xml}");
        assert!(xml.contains("<skipped message=\"no &quot;auth&quot;\"/>"), "{xml}");
    }
}
