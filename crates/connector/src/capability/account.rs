//! Capabilities on accounts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;
use crate::model::{self, AccountStatus, CreateAccountEntitlement, FoundAccountData};

/// Asks for the accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListAccountsRequest {
    /// The custom attributes to give with each account.
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

/// Asks for one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GetAccountRequest {
    /// The upstream's id of the account.
    pub account_id: String,
    /// The custom attributes to give with the account.
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

/// Asks for a new account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateAccountRequest {
    /// The account.
    pub account: model::CreateAccount,
    /// What it is to hold from the start.
    pub entitlements: Vec<CreateAccountEntitlement>,
}

constructor!(CreateAccountRequest(account: model::CreateAccount, entitlements: Vec<CreateAccountEntitlement>));

/// What became of a creation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CreateAccountResponse {
    /// The state of the account now.
    pub status: AccountStatus,
    /// Whether it was created.
    #[schemars(extend("deprecated" = true))]
    pub created: bool,
    /// The new account's id. Openapi format only: not written in classic.
    pub id: Option<String>,
}

constructor!(CreateAccountResponse(status: AccountStatus, created: bool), id);

/// Asks for the activation of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActivateAccountRequest {
    /// The upstream's id of the account.
    pub account_id: String,
}

constructor!(ActivateAccountRequest(account_id: String));

/// What became of an activation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActivateAccountResponse {
    /// The state of the account now.
    pub status: AccountStatus,
    /// Whether it is active.
    #[schemars(extend("deprecated" = true))]
    pub activated: bool,
}

constructor!(ActivateAccountResponse(status: AccountStatus, activated: bool));

/// Asks for the suspension of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeactivateAccountRequest {
    /// The upstream's id of the account.
    pub account_id: String,
}

constructor!(DeactivateAccountRequest(account_id: String));

/// What became of a suspension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeactivateAccountResponse {
    /// The state of the account now.
    pub status: AccountStatus,
    /// Whether it is suspended.
    #[schemars(extend("deprecated" = true))]
    pub deactivated: bool,
}

constructor!(DeactivateAccountResponse(status: AccountStatus, deactivated: bool));

/// Asks for the deletion of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeleteAccountRequest {
    /// The upstream's id of the account.
    pub account_id: String,
}

constructor!(DeleteAccountRequest(account_id: String));

/// What became of a deletion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeleteAccountResponse {
    /// The state of the account now.
    pub status: AccountStatus,
    /// Whether it is gone.
    #[schemars(extend("deprecated" = true))]
    pub deleted: bool,
}

constructor!(DeleteAccountResponse(status: AccountStatus, deleted: bool));
