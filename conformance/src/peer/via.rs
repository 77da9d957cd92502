//! [`Via`]: the ways to send a request.

use std::fmt;

use serde::Deserialize;

/// How a request reaches a connector, and how the response comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Via {
    /// With `--json`; the response is on stdout.
    Json,
    /// With `--json-file`.
    JsonFile,
    /// With `--json`; the response is in the file of `--result-file-path`.
    ResultFile,
    /// In the body of a POST.
    Http,
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json => "json",
            Self::JsonFile => "json-file",
            Self::ResultFile => "result-file",
            Self::Http => "http",
        })
    }
}
