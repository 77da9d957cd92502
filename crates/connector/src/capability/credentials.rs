//! Capabilities on the credentials that the connector itself uses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;
use crate::model::demanded;

/// Asks whether the credentials of the request are accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ValidateCredentialsRequest {}

/// Whether the credentials are accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ValidateCredentialsResponse {
    /// Whether they are.
    pub valid: bool,
    /// What tells the upstream's tenant from all others, the domain or the id of an organization say. The openapi format
    /// requires it; it is not written in classic.
    #[serde(with = "demanded::unique_tenant_id")]
    #[schemars(with = "String")]
    pub unique_tenant_id: Option<String>,
}

constructor!(ValidateCredentialsResponse(valid: bool), unique_tenant_id);

constructor!(ValidateCredentialsRequest());
