//! [`Transport`]: the way to a connector.

use std::fmt;
use std::io;

use crate::integration::Integration;

/// The way to a connector: its integration, its program, its server.
///
/// Implemented for [`Integration`]; `connector check` has one for programs and one for servers.
pub trait Transport {
    /// Asks `capability`, in the spelling that the connector's own `info` has, with the bytes of a request. `info` is
    /// asked with none.
    ///
    /// # Errors
    /// If the connector cannot be reached at all: the run ends. A connector that breaks down or answers nonsense has
    /// been reached.
    fn call(&self, capability: &str, request: &[u8]) -> io::Result<Came>;
}

/// What came back of a call.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Came {
    /// What stands where the answer belongs: stdout, the body.
    pub answer: Vec<u8>,
    /// Whatever else came: stderr, the headers.
    pub besides: Vec<u8>,
    /// How the call ended, if that is worth telling: `exit status 1`, `no answer within 30 s`.
    pub ended: Option<String>,
}

impl Came {
    /// An answer and nothing else.
    #[must_use]
    pub fn new(answer: impl Into<Vec<u8>>) -> Self {
        Self { answer: answer.into(), ..Self::default() }
    }

    /// The same, with what else came.
    #[must_use]
    pub fn besides(mut self, besides: impl Into<Vec<u8>>) -> Self {
        self.besides = besides.into();
        self
    }

    /// The same, with how the call ended.
    #[must_use]
    pub fn ended(mut self, how: impl Into<String>) -> Self {
        self.ended = Some(how.into());
        self
    }

    /// What is to be said of it where it is no JSON document. Nothing of the answer is quoted.
    pub(super) fn told(&self) -> String {
        let mut told =
            if self.answer.trim_ascii().is_empty() { "nothing" } else { "no JSON document" }.to_owned();
        let mut more: Vec<String> = self.ended.iter().cloned().collect();
        if let Some(exception) = exception(&String::from_utf8_lossy(&self.besides)) {
            more.push(format!("a traceback that ends with {exception}"));
        }
        if !more.is_empty() {
            told = format!("{told} ({})", more.join(", "));
        }
        told
    }
}

/// What a caller and a connector say to each other may be secret.
impl fmt::Debug for Came {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Came").field("ended", &self.ended).finish_non_exhaustive()
    }
}

/// The type of the exception that Python's traceback ends with, without its text, which may quote the request.
fn exception(stderr: &str) -> Option<String> {
    let (_, traceback) = stderr.rsplit_once("Traceback (most recent call last):\n")?;
    let line = traceback.lines().find(|line| !line.starts_with(' '))?;
    let path = line.split(':').next()?.trim();
    let is_path = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '_');
    (!path.is_empty() && path.chars().all(is_path)).then(|| path.to_owned())
}

impl Transport for Integration {
    fn call(&self, capability: &str, request: &[u8]) -> io::Result<Came> {
        Ok(Came::new(self.dispatch_blocking(capability, request)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_answer_is_told_without_quoting_it() {
        let stderr =
            "Traceback (most recent call last):\n  File \"a\"\njson.decoder.JSONDecodeError: secret\n";
        let came = Came::new("").besides(stderr).ended("exit status 1");
        let told = "nothing (exit status 1, a traceback that ends with json.decoder.JSONDecodeError)";
        assert_eq!(came.told(), told);
        assert_eq!(Came::new("secret").besides("secret: x").told(), "no JSON document");
    }
}
