//! Calls a connector through its command line.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// A connector's program.
#[derive(Debug)]
pub(super) struct Program {
    path: PathBuf,
    args: Vec<OsString>,
    folder: PathBuf,
    variables: Vec<(&'static str, OsString)>,
}

/// The outcome of a call.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Response {
    /// The exit status; `None` if the program was ended by a signal.
    pub(super) exit: Option<i32>,
    pub(super) stdout: Stdout,
}

/// The content of stdout.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stdout {
    /// Exactly one JSON document.
    Document(Value),
    /// Empty. If Python ended with a traceback, this is the exception's name.
    Empty(Option<String>),
    /// Anything else.
    Other(String),
}

impl Program {
    /// A Rust connector.
    pub(super) fn rust(path: PathBuf) -> Self {
        Self { path, args: Vec::new(), folder: PathBuf::from("/"), variables: Vec::new() }
    }

    /// The Python twin in `data`. Compiled Python files are kept in `home`.
    pub(super) fn python(python: PathBuf, data: &Path, home: &Path) -> Self {
        Self {
            path: python,
            args: vec!["-m".into(), "mock_connector".into()],
            folder: data.to_owned(),
            variables: vec![
                ("PYTHONPATH", data.parent().unwrap_or(data).into()),
                ("PYTHONPYCACHEPREFIX", home.join("pycache").into()),
                ("PYTHONUTF8", "1".into()),
            ],
        }
    }

    /// Calls a capability. `json` is the argument of `--json`, if any.
    pub(super) fn call(&self, capability: &str, json: Option<&str>) -> Result<Response> {
        let mut command = Command::new(&self.path);
        command.args(&self.args).arg(capability).current_dir(&self.folder).stdin(Stdio::null());
        if let Some(json) = json {
            command.args(["--json", json]);
        }
        // The user's own environment must not affect the comparison.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CONNECTOR_") || text.starts_with("PYTHON") {
                command.env_remove(&name);
            }
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        let output = command.output().with_context(|| format!("cannot start {}", self.path.display()))?;
        Ok(Response::from_output(&output))
    }
}

impl Response {
    fn from_output(output: &Output) -> Self {
        let stdout = match serde_json::from_slice(&output.stdout) {
            Ok(document) => Stdout::Document(document),
            Err(_) if output.stdout.is_empty() => {
                Stdout::Empty(exception(&String::from_utf8_lossy(&output.stderr)))
            }
            Err(_) => Stdout::Other(String::from_utf8_lossy(&output.stdout).into_owned()),
        };
        Self { exit: output.status.code(), stdout }
    }

    /// The JSON document, if stdout is one.
    pub(super) fn document(&self) -> Option<&Value> {
        match &self.stdout {
            Stdout::Document(document) => Some(document),
            _ => None,
        }
    }

    /// Stdout as JSON: the document, or a description of the other content.
    pub(super) fn as_value(&self) -> Value {
        match &self.stdout {
            Stdout::Document(document) => document.clone(),
            Stdout::Empty(exception) => json!({ "exception": exception }),
            Stdout::Other(text) => json!({ "text": text }),
        }
    }

    /// Whether it is an error response.
    pub(super) fn is_error(&self) -> bool {
        let has_code =
            |section| self.document().is_some_and(|document| document[section].get("error_code").is_some());
        // The section with the error depends on the release.
        has_code("error") || has_code("response")
    }
}

/// The name of the exception at the end of a traceback, without its module.
fn exception(stderr: &str) -> Option<String> {
    let (_, traceback) = stderr.rsplit_once("Traceback (most recent call last):\n")?;
    let line = traceback.lines().find(|line| !line.starts_with(' '))?;
    let path = line.split(':').next()?;
    path.rsplit('.').next().map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str) -> Response {
        Response::from_output(&Command::new("/bin/sh").args(["-c", script]).output().unwrap())
    }

    #[test]
    fn stdout_is_a_document_only_if_it_is_exactly_one() {
        assert_eq!(run("echo ' {\"a\":1} '").document(), Some(&json!({ "a": 1 })));
        assert_eq!(run("echo '{}{}'").stdout, Stdout::Other("{}{}\n".to_owned()));
        assert_eq!(run("echo log; echo '{}'").document(), None);
        assert_eq!(run("echo '{}' >&2; exit 3"), Response { exit: Some(3), stdout: Stdout::Empty(None) });
    }

    #[test]
    fn last_traceback_names_the_exception() {
        let chained = "Traceback (most recent call last):\n  File \"a\"\nKeyError: 1\n\nDuring handling:\n\n\
                       Traceback (most recent call last):\n  File \"b\", line 1\n    f()\n\
                       pydantic_core._pydantic_core.ValidationError: 1 error\nrequest\n  Field required\n";
        assert_eq!(exception(chained).as_deref(), Some("ValidationError"));
        assert_eq!(exception("usage: mock_connector [-h]\n"), None);
    }

    #[test]
    fn errors_are_recognized_in_either_section() {
        for document in
            [r#"{"error":{"error_code":"a"},"response":null}"#, r#"{"response":{"error_code":"a"}}"#]
        {
            assert!(run(&format!("echo '{document}'")).is_error(), "{document}");
        }
        assert!(!run(r#"echo '{"response":{"valid":true},"error":null}'"#).is_error());
        assert!(!run("exit 1").is_error());
    }
}
