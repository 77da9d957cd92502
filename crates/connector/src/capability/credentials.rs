//! Capabilities on the credentials that the connector itself uses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::standard;

standard!(ValidateCredentials, "validate-credentials", Read,
    ValidateCredentialsRequest => ValidateCredentialsResponse,
    "Tells whether the upstream accepts the credentials");

/// Asks whether the credentials of the request are accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ValidateCredentialsRequest {}

/// Whether the credentials are accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ValidateCredentialsResponse {
    /// Whether they are.
    pub valid: bool,
}
