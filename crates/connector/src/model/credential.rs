//! Credentials that exist in the upstream. Those that a connector signs in with are in `credentials`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constructor::constructor;
use super::{ActivityTime, ExtraData, LastActivityType};

/// What kind of credential it is. Openapi format only.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CredentialType {
    /// The kind is not known.
    Unspecified,
    /// An API key or access key.
    ApiKey,
    /// Access that was granted through OAuth.
    #[serde(rename = "oauth_grant")]
    OAuthGrant,
    /// A certificate.
    Certificate,
    /// A policy that trusts the tokens of an OpenID Connect provider.
    OidcTrustPolicy,
    /// Another kind, in the upstream's words.
    #[serde(untagged)]
    Other(String),
}

/// The state of a credential. Openapi format only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum CredentialStatus {
    /// It can be used.
    Active,
    /// It is disabled.
    Inactive,
    /// It has not been used for a long time.
    Stale,
    /// It has expired.
    Expired,
    /// It has been revoked.
    Revoked,
}

/// A credential that gives access to the upstream: an access key, an OAuth grant, a certificate. Openapi format only.
///
/// It describes the credential and never contains the secret itself. At most one of the two `grants_access_to` fields
/// is set; with neither, the credential stands for itself. What it has access to is listed by
/// [`FindEntitlementAssignments`](crate::capability::FindEntitlementAssignments), under its `resource_id`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-unique-hash" = ["resource_id"]))]
pub struct Credential {
    /// The ID of the credential as a resource; unique among all resources of the app.
    #[schemars(extend("x-semantic" = "resource-id"))]
    pub resource_id: String,
    /// The upstream's ID of the credential, such as that of an access key. Never the secret.
    #[schemars(extend("x-semantic" = "credential-id"))]
    pub external_id: String,
    /// Its name for people.
    pub label: String,
    /// What kind of credential it is.
    pub credential_type: CredentialType,
    /// Its state; `None` if that is not known.
    pub status: Option<CredentialStatus>,
    /// The upstream's ID of the account that the credential signs in as.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub grants_access_to_account_id: Option<String>,
    /// The ID of the non-human account that the credential signs in as.
    #[schemars(extend("x-semantic" = "non-human-account-id"))]
    pub grants_access_to_non_human_account_id: Option<String>,
    /// When it was created in the upstream.
    pub created_at: Option<ActivityTime>,
    /// When it was last changed in the upstream.
    pub updated_at: Option<ActivityTime>,
    /// When it was last used.
    pub last_used_at: Option<ActivityTime>,
    /// When it expires.
    pub expires_at: Option<ActivityTime>,
    /// When its secret was last replaced.
    pub last_rotated_at: Option<ActivityTime>,
    /// When it was last active, if the listing already knows.
    pub last_activity: Option<ActivityTime>,
    /// Values of the custom attributes that the request named. A value has the JSON type that
    /// [`ListCustomAttributesSchema`](crate::capability::ListCustomAttributesSchema) declares for it.
    pub custom_attributes: Option<ExtraData>,
    /// Any other data about the credential.
    pub extra_data: Option<ExtraData>,
}

constructor!(
    Credential(resource_id: String, external_id: String, label: String, credential_type: CredentialType),
    status, grants_access_to_account_id, grants_access_to_non_human_account_id, created_at, updated_at, last_used_at,
    expires_at, last_rotated_at, last_activity, custom_attributes, extra_data
);

/// The last time that a credential was active. Openapi format only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CredentialLastActivity {
    /// The ID of the credential, as [`Credential::external_id`] has it.
    #[schemars(extend("x-semantic" = "credential-id"))]
    pub credential_id: String,
    /// What it was used for.
    pub event_type: LastActivityType,
    /// When it was used.
    pub happened_at: ActivityTime,
}

constructor!(CredentialLastActivity(
    credential_id: String, event_type: LastActivityType, happened_at: ActivityTime
));
