//! Capabilities on the connector's own credentials.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;
use crate::model::required_in_wire;

/// Requests a check of the credentials in the request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ValidateCredentialsRequest {}

/// Whether the upstream accepts the credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ValidateCredentialsResponse {
    /// Whether the credentials are accepted.
    pub valid: bool,
    /// Identifies the tenant in the upstream, for example by a domain or an organization id. The openapi format
    /// requires it; classic omits it.
    #[serde(with = "required_in_wire::unique_tenant_id")]
    #[schemars(with = "String")]
    pub unique_tenant_id: Option<String>,
}

constructor!(ValidateCredentialsResponse(valid: bool), unique_tenant_id);

constructor!(ValidateCredentialsRequest());
