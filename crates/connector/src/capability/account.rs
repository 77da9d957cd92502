//! Capabilities on accounts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;
use crate::model::{self, AccountStatus, CreateAccountEntitlement, FoundAccountData, Timestamp};

/// Requests the accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListAccountsRequest {
    /// The custom attributes to return with each account.
    pub custom_attributes: Option<Vec<String>>,
}

constructor!(ListAccountsRequest(), custom_attributes);

/// One page of accounts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ListAccountsResponse {
    /// The accounts.
    pub accounts: Vec<FoundAccountData>,
}

constructor!(ListAccountsResponse(accounts: Vec<FoundAccountData>));

/// Requests one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GetAccountRequest {
    /// The upstream's id of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_id: String,
    /// The custom attributes to return with the account.
    pub custom_attributes: Option<Vec<String>>,
}

constructor!(GetAccountRequest(account_id: String), custom_attributes);

/// One account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct GetAccountResponse {
    /// The account.
    pub account: FoundAccountData,
}

constructor!(GetAccountResponse(account: FoundAccountData));

/// Requests the accounts that have changed, either since a time or since the previous call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListUpdatedAccountsRequest {
    /// Return only accounts that have changed since this time. Ignore it if there is a cursor.
    pub since: Option<Timestamp>,
    /// The cursor from the previous response: return only what has changed since then. Without a cursor and a time,
    /// return all accounts.
    pub cursor: Option<String>,
    /// The custom attributes to return with each account.
    pub custom_attributes: Option<Vec<String>>,
}

constructor!(ListUpdatedAccountsRequest(), since, cursor, custom_attributes);

/// One page of the accounts that have changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListUpdatedAccountsResponse {
    /// The accounts. Empty if none have changed.
    pub accounts: Vec<FoundAccountData>,
    /// The cursor for the next call, which then returns only later changes. Its format is up to the connector. Unlike a
    /// page token, it outlives the listing.
    pub cursor: Option<String>,
}

constructor!(ListUpdatedAccountsResponse(accounts: Vec<FoundAccountData>), cursor);

/// Requests a new account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateAccountRequest {
    /// The account.
    pub account: model::CreateAccount,
    /// The entitlements that it gets right away.
    pub entitlements: Vec<CreateAccountEntitlement>,
}

constructor!(CreateAccountRequest(account: model::CreateAccount, entitlements: Vec<CreateAccountEntitlement>));

/// The result of creating an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CreateAccountResponse {
    /// The account's status afterwards.
    pub status: AccountStatus,
    /// Whether the account was created.
    #[schemars(extend("deprecated" = true))]
    pub created: bool,
    /// The new account's id. Openapi format only; classic omits it.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub id: Option<String>,
}

constructor!(CreateAccountResponse(status: AccountStatus, created: bool), id);

/// Requests changes to an account.
///
/// The format has no fields for the changes themselves. A connector defines its own as
/// [`WithArgs<UpdateAccountRequest, YourArgs>`](super::WithArgs).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateAccountRequest {
    /// The upstream's id of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub id: String,
}

constructor!(UpdateAccountRequest(id: String));

/// The account that was changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateAccountResponse {
    /// The upstream's id of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub id: String,
}

constructor!(UpdateAccountResponse(id: String));

/// Requests that an account be activated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActivateAccountRequest {
    /// The upstream's id of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_id: String,
}

constructor!(ActivateAccountRequest(account_id: String));

/// The result of activating an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActivateAccountResponse {
    /// The account's status afterwards.
    pub status: AccountStatus,
    /// Whether the account is active.
    #[schemars(extend("deprecated" = true))]
    pub activated: bool,
}

constructor!(ActivateAccountResponse(status: AccountStatus, activated: bool));

/// Requests that an account be suspended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeactivateAccountRequest {
    /// The upstream's id of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_id: String,
}

constructor!(DeactivateAccountRequest(account_id: String));

/// The result of suspending an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeactivateAccountResponse {
    /// The account's status afterwards.
    pub status: AccountStatus,
    /// Whether the account is suspended.
    #[schemars(extend("deprecated" = true))]
    pub deactivated: bool,
}

constructor!(DeactivateAccountResponse(status: AccountStatus, deactivated: bool));

/// Requests that an account be deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeleteAccountRequest {
    /// The upstream's id of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_id: String,
}

constructor!(DeleteAccountRequest(account_id: String));

/// The result of deleting an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeleteAccountResponse {
    /// The account's status afterwards.
    pub status: AccountStatus,
    /// Whether the account is deleted.
    #[schemars(extend("deprecated" = true))]
    pub deleted: bool,
}

constructor!(DeleteAccountResponse(status: AccountStatus, deleted: bool));
