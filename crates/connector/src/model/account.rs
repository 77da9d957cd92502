//! Accounts, as listed and as created.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constructor::constructor;
use super::{CustomAttributes, ExtraData};

/// The state of an account in the upstream.
///
/// `Inactive` and `Deleted` exist only in the openapi format. The classic format writes the closest equivalents,
/// `SUSPENDED` and `DEPROVISIONED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum AccountStatus {
    /// The account can be used.
    Active,
    /// The account isn't in use.
    Inactive,
    /// The account exists but is temporarily blocked.
    Suspended,
    /// The account has been taken out of service.
    Deprovisioned,
    /// The account is waiting for something, for example for an invitation to be accepted.
    Pending,
    /// The account has been deleted but is still listed.
    Deleted,
}

/// Whether a person or a program uses the account. Openapi format only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum AccountType {
    /// A program.
    Service,
    /// A person.
    User,
}

/// An account in a listing.
///
/// ```
/// use connector::model::{AccountStatus, FoundAccountData};
///
/// let account = FoundAccountData {
///     email: Some("ada@example.com".to_owned()),
///     user_status: Some(AccountStatus::Active),
///     ..FoundAccountData::new("42")
/// };
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-unique-hash" = ["integration_specific_id"]))]
pub struct FoundAccountData {
    /// The upstream's id of the account, unique within a listing.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub integration_specific_id: String,
    /// Email address.
    pub email: Option<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub family_name: Option<String>,
    /// The name that the user signs in with.
    pub username: Option<String>,
    /// State in the upstream, or `None` if unknown.
    pub user_status: Option<AccountStatus>,
    /// Any additional data.
    pub extra_data: Option<ExtraData>,
    /// Values of the requested custom attributes.
    pub custom_attributes: Option<CustomAttributes>,
    /// Person or program. Openapi format only; classic omits it.
    pub account_type: Option<AccountType>,
    /// The resource that the account belongs to. Openapi format only; classic omits it.
    #[schemars(extend("x-semantic" = "resource-id"))]
    pub resource_id: Option<String>,
}

constructor!(
    FoundAccountData(integration_specific_id: String),
    email, given_name, family_name, username, user_status, extra_data, custom_attributes, account_type, resource_id
);

/// The account to create. The connector decides which fields it requires.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateAccount {
    /// Email address.
    pub email: Option<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub family_name: Option<String>,
    /// The name that the user signs in with.
    pub username: Option<String>,
    /// The state to create the account in, in the upstream's words.
    pub user_status: Option<String>,
    /// Any additional data that the connector accepts.
    pub extra_data: Option<ExtraData>,
}

/// An entitlement that a new account gets right away.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateAccountEntitlement {
    /// The upstream's id of the entitlement.
    pub integration_specific_id: String,
    /// The upstream's id of the resource that the entitlement is on.
    pub integration_specific_resource_id: Option<String>,
    /// The kind of entitlement.
    pub entitlement_type: String,
    /// Whether it can be assigned.
    pub is_assignable: Option<bool>,
    /// The display name.
    pub label: Option<String>,
    /// Any additional data.
    pub extra_data: Option<ExtraData>,
}

constructor!(
    CreateAccountEntitlement(integration_specific_id: String, entitlement_type: String),
    integration_specific_resource_id, is_assignable, label, extra_data
);
