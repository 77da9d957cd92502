//! A connector's command line: what it is asked, and what it says.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// A connector that can be run.
#[derive(Debug)]
pub(super) struct Program {
    path: PathBuf,
    args: Vec<OsString>,
    folder: PathBuf,
    variables: Vec<(&'static str, OsString)>,
}

/// What a run ends with.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    /// The exit status; `None` if a signal ended the run.
    pub(super) exit: Option<i32>,
    pub(super) said: Said,
}

/// What stands on stdout.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said {
    /// Exactly one JSON document.
    Document(Value),
    /// Nothing at all. If Python ended with a traceback, the exception's name.
    Nothing(Option<String>),
    /// Anything else.
    Other(String),
}

impl Program {
    /// A connector in Rust.
    pub(super) fn rust(path: PathBuf) -> Self {
        Self { path, args: Vec::new(), folder: PathBuf::from("/"), variables: Vec::new() }
    }

    /// The twin in `data`, run by `python`. What Python compiles is kept in `home`.
    pub(super) fn python(python: PathBuf, data: &Path, home: &Path) -> Self {
        Self {
            path: python,
            args: vec!["-m".into(), "mock_connector".into()],
            folder: data.to_owned(),
            variables: vec![("PYTHONPYCACHEPREFIX", home.join("pycache").into()), ("PYTHONUTF8", "1".into())],
        }
    }

    /// Asks a capability; `json` is the argument of `--json`, which is left out without it.
    pub(super) fn ask(&self, capability: &str, json: Option<&str>) -> Result<Answer> {
        let mut command = Command::new(&self.path);
        command.args(&self.args).arg(capability).current_dir(&self.folder).stdin(Stdio::null());
        if let Some(json) = json {
            command.args(["--json", json]);
        }
        // The caller's own set-up must not change what is compared.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CONNECTOR_") || text.starts_with("PYTHON") {
                command.env_remove(&name);
            }
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        let output = command.output().with_context(|| format!("cannot start {}", self.path.display()))?;
        Ok(Answer::of(&output))
    }
}

impl Answer {
    fn of(output: &Output) -> Self {
        let said = match serde_json::from_slice(&output.stdout) {
            Ok(document) => Said::Document(document),
            Err(_) if output.stdout.is_empty() => {
                Said::Nothing(exception(&String::from_utf8_lossy(&output.stderr)))
            }
            Err(_) => Said::Other(String::from_utf8_lossy(&output.stdout).into_owned()),
        };
        Self { exit: output.status.code(), said }
    }

    /// The JSON document, if that is what was said.
    pub(super) fn document(&self) -> Option<&Value> {
        match &self.said {
            Said::Document(document) => Some(document),
            _ => None,
        }
    }

    /// What was said, as JSON: the document, or what is there in its place.
    pub(super) fn as_value(&self) -> Value {
        match &self.said {
            Said::Document(document) => document.clone(),
            Said::Nothing(exception) => json!({ "exception": exception }),
            Said::Other(text) => json!({ "text": text }),
        }
    }

    /// Whether it is an answer to a capability that failed.
    pub(super) fn is_error(&self) -> bool {
        let has_code =
            |section| self.document().is_some_and(|document| document[section].get("error_code").is_some());
        // Where the error is depends on the release.
        has_code("error") || has_code("response")
    }
}

/// The name of the exception that a traceback ends with, without its module.
fn exception(stderr: &str) -> Option<String> {
    let (_, traceback) = stderr.rsplit_once("Traceback (most recent call last):\n")?;
    let line = traceback.lines().find(|line| !line.starts_with(' '))?;
    let path = line.split(':').next()?;
    path.rsplit('.').next().map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(script: &str) -> Answer {
        Answer::of(&Command::new("/bin/sh").args(["-c", script]).output().unwrap())
    }

    #[test]
    fn stdout_is_a_document_only_if_it_is_exactly_one() {
        assert_eq!(said("echo ' {\"a\":1} '").document(), Some(&json!({ "a": 1 })));
        assert_eq!(said("echo '{}{}'").said, Said::Other("{}{}\n".to_owned()));
        assert_eq!(said("echo log; echo '{}'").document(), None);
        assert_eq!(said("echo '{}' >&2; exit 3"), Answer { exit: Some(3), said: Said::Nothing(None) });
    }

    #[test]
    fn the_last_traceback_names_the_exception() {
        let chained = "Traceback (most recent call last):\n  File \"a\"\nKeyError: 1\n\nDuring handling:\n\n\
                       Traceback (most recent call last):\n  File \"b\", line 1\n    f()\n\
                       pydantic_core._pydantic_core.ValidationError: 1 error\nrequest\n  Field required\n";
        assert_eq!(exception(chained).as_deref(), Some("ValidationError"));
        assert_eq!(exception("usage: mock_connector [-h]\n"), None);
    }

    #[test]
    fn an_error_is_one_wherever_the_release_puts_it() {
        for document in
            [r#"{"error":{"error_code":"a"},"response":null}"#, r#"{"response":{"error_code":"a"}}"#]
        {
            assert!(said(&format!("echo '{document}'")).is_error(), "{document}");
        }
        assert!(!said(r#"echo '{"response":{"valid":true},"error":null}'"#).is_error());
        assert!(!said("exit 1").is_error());
    }
}
