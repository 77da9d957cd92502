//! Accounts: what a listing finds and what a creation asks for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constructor::constructor;
use super::{CustomAttributes, ExtraData};

/// The state of an account in the upstream.
///
/// `Inactive` and `Deleted` exist in the openapi format only; in classic they are written as their nearest
/// neighbours, `SUSPENDED` and `DEPROVISIONED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum AccountStatus {
    /// The account can be used.
    Active,
    /// The account is not in use.
    Inactive,
    /// The account exists but is blocked for now.
    Suspended,
    /// The account has been taken out of service.
    Deprovisioned,
    /// The account waits for something, an accepted invitation say.
    Pending,
    /// The account has been deleted and is still listed.
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

/// An account as a listing found it.
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
pub struct FoundAccountData {
    /// The upstream's id of the account; unique within a listing.
    pub integration_specific_id: String,
    /// E-mail address.
    pub email: Option<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub family_name: Option<String>,
    /// The name that the user signs in with.
    pub username: Option<String>,
    /// State in the upstream; `None` when it is not known.
    pub user_status: Option<AccountStatus>,
    /// Whatever else is worth knowing.
    pub extra_data: Option<ExtraData>,
    /// Values of the custom attributes that the request named.
    pub custom_attributes: Option<CustomAttributes>,
    /// Person or program. Openapi format only: not written in classic.
    pub account_type: Option<AccountType>,
    /// The resource that the account belongs to. Openapi format only: not written in classic.
    pub resource_id: Option<String>,
}

constructor!(
    FoundAccountData(integration_specific_id: String),
    email, given_name, family_name, username, user_status, extra_data, custom_attributes, account_type, resource_id
);

/// The account that a creation asks for. Which fields it needs is the connector's business.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateAccount {
    /// E-mail address.
    pub email: Option<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub family_name: Option<String>,
    /// The name that the user signs in with.
    pub username: Option<String>,
    /// The state to create the account in, in the upstream's words.
    pub user_status: Option<String>,
    /// Whatever else the connector takes.
    pub extra_data: Option<ExtraData>,
}

/// An entitlement that a created account gets at once.
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
    /// Its name for people.
    pub label: Option<String>,
    /// Whatever else is worth knowing.
    pub extra_data: Option<ExtraData>,
}

constructor!(
    CreateAccountEntitlement(integration_specific_id: String, entitlement_type: String),
    integration_specific_resource_id, is_assignable, label, extra_data
);
