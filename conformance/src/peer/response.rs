//! [`Response`]: how a call ended.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::Output;

use anyhow::{Context as _, Result};
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use test_support::Reply;

use super::place::{CONTENT_TYPE, EXIT, STATUS, STDOUT};

/// The outcome of a call.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Response {
    /// What surrounds the body, by the names in [`place`](super::place).
    pub(super) facts: Vec<(&'static str, Value)>,
    pub(super) body: Body,
}

/// What a connector printed, or sent.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Body {
    /// Exactly one JSON document.
    Document(Value),
    /// Nothing. If Python ended with a traceback, this is the exception's name.
    Empty(Option<String>),
    /// Anything else.
    Other(String),
}

impl Response {
    /// The response on the stdout of a program.
    pub(super) fn from_output(output: &Output) -> Self {
        Self { facts: vec![exit(output)], body: Body::parse(&output.stdout, &output.stderr) }
    }

    /// The response in the gzip file that a program has written. It should print nothing.
    ///
    /// # Errors
    /// If the file exists, but isn't gzip.
    pub(super) fn from_file(output: &Output, file: &Path) -> Result<Self> {
        let mut content = Vec::new();
        if let Ok(compressed) = fs::read(file) {
            GzDecoder::new(compressed.as_slice())
                .read_to_end(&mut content)
                .with_context(|| format!("{} is not gzip", file.display()))?;
        }
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let facts = vec![exit(output), (STDOUT, stdout.into())];
        Ok(Self { facts, body: Body::parse(&content, &output.stderr) })
    }

    pub(super) fn from_http(reply: &Reply) -> Self {
        // Parameters, such as the encoding, may be omitted.
        let kind = reply.header("content-type").and_then(|value| value.split(';').next());
        let facts = vec![(STATUS, reply.status.into()), (CONTENT_TYPE, kind.into())];
        Self { facts, body: Body::parse(&reply.bytes, b"") }
    }

    /// The JSON document, if the body is one.
    pub(super) fn document(&self) -> Option<&Value> {
        match &self.body {
            Body::Document(document) => Some(document),
            _ => None,
        }
    }

    /// The body as JSON: the document, or a description of the other content.
    pub(super) fn as_value(&self) -> Value {
        match &self.body {
            Body::Document(document) => document.clone(),
            Body::Empty(exception) => json!({ "exception": exception }),
            Body::Other(text) => json!({ "text": text }),
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

/// The exit status; `null` if the program was ended by a signal.
fn exit(output: &Output) -> (&'static str, Value) {
    (EXIT, output.status.code().into())
}

impl Body {
    fn parse(bytes: &[u8], stderr: &[u8]) -> Self {
        match serde_json::from_slice(bytes) {
            Ok(document) => Self::Document(document),
            Err(_) if bytes.is_empty() => Self::Empty(exception(&String::from_utf8_lossy(stderr))),
            Err(_) => Self::Other(String::from_utf8_lossy(bytes).into_owned()),
        }
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
    use std::process::Command;

    use super::*;

    fn output(script: &str) -> Output {
        Command::new("/bin/sh").args(["-c", script]).output().unwrap()
    }

    fn run(script: &str) -> Response {
        Response::from_output(&output(script))
    }

    #[test]
    fn stdout_is_a_document_only_if_it_is_exactly_one() {
        assert_eq!(run("echo ' {\"a\":1} '").document(), Some(&json!({ "a": 1 })));
        assert_eq!(run("echo '{}{}'").body, Body::Other("{}{}\n".to_owned()));
        assert_eq!(run("echo log; echo '{}'").document(), None);
        let failed = Response { facts: vec![(EXIT, 3.into())], body: Body::Empty(None) };
        assert_eq!(run("echo '{}' >&2; exit 3"), failed);
    }

    #[test]
    fn response_in_a_file_is_decompressed() {
        let file = std::env::temp_dir().join(format!("conformance-result-{}.gz", std::process::id()));
        let script = format!("echo '{{\"a\":1}}' | gzip > {}; echo noise", file.display());
        let response = Response::from_file(&output(&script), &file).unwrap();
        assert_eq!(response.document(), Some(&json!({ "a": 1 })));
        assert_eq!(response.facts, [(EXIT, json!(0)), (STDOUT, json!("noise\n"))]);
        fs::write(&file, "{}").unwrap();
        assert!(Response::from_file(&output(""), &file).is_err());
        fs::remove_file(&file).unwrap();
        assert_eq!(Response::from_file(&output(""), &file).unwrap().body, Body::Empty(None));
    }

    #[test]
    fn http_responses_have_a_status_and_a_type() {
        let reply = Reply::parse(
            b"HTTP/1.1 422 Unprocessable\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{}",
        );
        let response = Response::from_http(&reply);
        assert_eq!(response.facts, [(STATUS, json!(422)), (CONTENT_TYPE, json!("application/json"))]);
        assert_eq!(response.document(), Some(&json!({})));
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
