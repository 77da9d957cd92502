//! Capabilities on the connector's own credentials.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;
use crate::model::{AnyCredentials, required_in_wire};

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

/// Requests a check of credentials that a user has just entered, before the connector uses them.
///
/// The credentials to check are part of the payload. The request carries no others.
#[derive(Clone, Debug, Default)]
pub struct ValidateCredentialConfigRequest {
    /// Which of the connector's credentials the user entered.
    pub credential_id: Option<String>,
    /// The credentials to check. All fields are `None` if the user entered none.
    pub credential: AnyCredentials,
}

constructor!(ValidateCredentialConfigRequest(credential: AnyCredentials), credential_id);

/// Whether the credentials that the user entered can be used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ValidateCredentialConfigResponse {
    /// Whether they can be used.
    pub valid: bool,
    /// What is wrong with them, in words that a user can act on, such as a missing scope. At least one if they cannot be
    /// used.
    pub validation_errors: Option<Vec<String>>,
}

constructor!(ValidateCredentialConfigResponse(valid: bool), validation_errors);
