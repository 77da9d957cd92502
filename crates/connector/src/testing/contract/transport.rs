//! [`Transport`]: how a connector is called.

use std::fmt;
use std::io;

use crate::integration::Integration;

/// Calls a connector: its integration, program or server.
///
/// [`Integration`] implements it. `connector check` has implementations for programs and servers.
pub trait Transport {
    /// Calls `capability`, which is written as in the connector's `info`, with the bytes of a request. The request to
    /// `info` is empty.
    ///
    /// # Errors
    /// If the connector can't be reached at all, which ends the run. A connector that crashes or returns nonsense was
    /// reached.
    fn call(&self, capability: &str, request: &[u8]) -> io::Result<CallOutput>;
}

/// What a call returned.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallOutput {
    /// The response: stdout or the body.
    pub response: Vec<u8>,
    /// Everything else: stderr or the headers.
    pub other_output: Vec<u8>,
    /// How the call ended, if that is unusual: `exit status 1`, `no response within 30 s`.
    pub ended: Option<String>,
}

impl CallOutput {
    /// A response and nothing else.
    #[must_use]
    pub fn new(response: impl Into<Vec<u8>>) -> Self {
        Self { response: response.into(), ..Self::default() }
    }

    /// Adds other output.
    #[must_use]
    pub fn other_output(mut self, other_output: impl Into<Vec<u8>>) -> Self {
        self.other_output = other_output.into();
        self
    }

    /// Adds how the call ended.
    #[must_use]
    pub fn ended(mut self, how: impl Into<String>) -> Self {
        self.ended = Some(how.into());
        self
    }

    /// Describes a response that isn't a JSON document, without quoting it.
    pub(super) fn describe(&self) -> String {
        let mut description =
            if self.response.trim_ascii().is_empty() { "nothing" } else { "something other than JSON" }
                .to_owned();
        let mut more: Vec<String> = self.ended.iter().cloned().collect();
        if let Some(exception) = exception(&String::from_utf8_lossy(&self.other_output)) {
            more.push(format!("a traceback that ends with {exception}"));
        }
        if !more.is_empty() {
            description = format!("{description} ({})", more.join(", "));
        }
        description
    }
}

/// Responses may contain secrets.
impl fmt::Debug for CallOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOutput").field("ended", &self.ended).finish_non_exhaustive()
    }
}

/// The type of the exception at the end of a Python traceback, without its message, which may quote the request.
fn exception(stderr: &str) -> Option<String> {
    let (_, traceback) = stderr.rsplit_once("Traceback (most recent call last):\n")?;
    let line = traceback.lines().find(|line| !line.starts_with(' '))?;
    let path = line.split(':').next()?.trim();
    let is_path = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '_');
    (!path.is_empty() && path.chars().all(is_path)).then(|| path.to_owned())
}

impl Transport for Integration {
    fn call(&self, capability: &str, request: &[u8]) -> io::Result<CallOutput> {
        Ok(CallOutput::new(self.dispatch_blocking(capability, request)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn responses_that_are_not_json_are_described_without_quoting_them() {
        let stderr =
            "Traceback (most recent call last):\n  File \"a\"\njson.decoder.JSONDecodeError: secret\n";
        let output = CallOutput::new("").other_output(stderr).ended("exit status 1");
        let description = "nothing (exit status 1, a traceback that ends with json.decoder.JSONDecodeError)";
        assert_eq!(output.describe(), description);
        assert_eq!(
            CallOutput::new("secret").other_output("secret: x").describe(),
            "something other than JSON"
        );
    }
}
