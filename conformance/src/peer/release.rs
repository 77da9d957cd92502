//! The releases that the mock connector has twins for, and what differs between them.

use anyhow::{Context as _, Result};

use super::via::Via;

/// A release of connector-py. Its twin, the requests and the intended differences are in the folder with its name.
#[derive(Debug)]
pub(super) struct Release {
    pub(super) name: &'static str,
    /// The wire format of its requests and responses.
    pub(super) wire: &'static str,
    /// The sections that each request has, unless it replaces them. A JSON object.
    pub(super) envelope: &'static str,
    /// How a request is sent, unless it says otherwise.
    pub(super) via: Via,
    pub(super) locations: Locations,
    /// What the comparison omits on purpose.
    pub(super) not_compared: &'static str,
}

/// Where values are in requests and responses, as JSON pointers (RFC 6901).
#[derive(Clone, Copy, Debug)]
pub(super) struct Locations {
    /// The description of the connector, in the response to `info`.
    pub(super) info: &'static str,
    /// What the schema of arguments describes, in a request.
    pub(super) argument: &'static str,
    /// What the schema of outputs describes, in a response.
    pub(super) output: &'static str,
    /// What the schema of credentials describes, in a request.
    pub(super) authentication: &'static str,
}

/// All releases.
pub(super) static RELEASES: [Release; 2] = [
    Release {
        name: "3.2.0",
        wire: "classic",
        envelope: r#"{"auth": {"model": "basic", "username": "u", "password": "p"}}"#,
        via: Via::Json,
        locations: Locations { info: "", argument: "", output: "", authentication: "/auth" },
        not_compared: "\
not compared: hacking http-server
not compared: completions, --json-file, --result-file-path, --pretty, --exit-status, --wire, --deadline (not supported by the release)
not compared: stderr; the text of JSON Schemas, which are compared by the values they accept",
    },
    Release {
        name: "4.280.0",
        wire: "openapi",
        // The release requires settings if the connector has any.
        envelope: r#"{"auth": {"basic": {"username": "u", "password": "p"}}, "settings": {}}"#,
        // A process of the release takes seconds to start.
        via: Via::Http,
        locations: Locations {
            info: "/response",
            argument: "/request",
            output: "/response",
            authentication: "/auth/basic",
        },
        not_compared: "\
not compared: completions, --pretty, --exit-status, --wire, --deadline, GET /info (not supported by the release)
not compared: /docs and /openapi.json; headers other than content-type
not compared: stderr; the text of JSON Schemas, which are compared by the values they accept",
    },
];

impl Release {
    /// The release with this name.
    pub(super) fn find(name: &str) -> Result<&'static Self> {
        RELEASES.iter().find(|release| release.name == name).with_context(|| {
            let known: Vec<&str> = RELEASES.iter().map(|release| release.name).collect();
            format!("the mock connector has no twin for release {name}, only for {}", known.join(", "))
        })
    }
}
