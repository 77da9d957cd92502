//! Capabilities on the credentials that exist in the upstream, other than those that the connector itself uses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;
use crate::model::{Credential, CredentialLastActivity};

/// Requests the credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListCredentialsRequest {
    /// The custom attributes to return with each credential.
    pub custom_attributes: Option<Vec<String>>,
}

constructor!(ListCredentialsRequest(), custom_attributes);

/// One page of credentials.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ListCredentialsResponse {
    /// The credentials.
    pub credentials: Vec<Credential>,
}

constructor!(ListCredentialsResponse(credentials: Vec<Credential>));

/// Requests the last activity of all credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GetCredentialLastActivityRequest {}

constructor!(GetCredentialLastActivityRequest());

/// One page of activities. Credentials without known activity are omitted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct GetCredentialLastActivityResponse {
    /// The activities.
    pub activities: Vec<CredentialLastActivity>,
}

constructor!(GetCredentialLastActivityResponse(activities: Vec<CredentialLastActivity>));
