//! Capabilities on accounts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::standard;
use crate::model::{self, AccountStatus, CreateAccountEntitlement, FoundAccountData};

standard!(ListAccounts, "list-accounts", Read, ListAccountsRequest => ListAccountsResponse,
    "Lists the accounts of the app");

/// Asks for the accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListAccountsRequest {
    /// The custom attributes to give with each account.
    pub custom_attributes: Option<Vec<String>>,
}

/// One page of accounts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListAccountsResponse {
    /// The accounts.
    pub accounts: Vec<FoundAccountData>,
}

standard!(
    /// Never repeated on its own: a second call may make a second account.
    CreateAccount, "create_account", UnsafeWrite, CreateAccountRequest => CreateAccountResponse,
    "Creates an account");

/// Asks for a new account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateAccountRequest {
    /// The account.
    pub account: model::CreateAccount,
    /// What it is to hold from the start.
    pub entitlements: Vec<CreateAccountEntitlement>,
}

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

standard!(ActivateAccount, "activate_account", IdempotentWrite, ActivateAccountRequest => ActivateAccountResponse,
    "Activates a suspended account");

/// Asks for the activation of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActivateAccountRequest {
    /// The upstream's id of the account.
    pub account_id: String,
}

/// What became of an activation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActivateAccountResponse {
    /// The state of the account now.
    pub status: AccountStatus,
    /// Whether it is active.
    #[schemars(extend("deprecated" = true))]
    pub activated: bool,
}

standard!(DeactivateAccount, "deactivate_account", IdempotentWrite,
    DeactivateAccountRequest => DeactivateAccountResponse,
    "Suspends an account");

/// Asks for the suspension of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeactivateAccountRequest {
    /// The upstream's id of the account.
    pub account_id: String,
}

/// What became of a suspension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeactivateAccountResponse {
    /// The state of the account now.
    pub status: AccountStatus,
    /// Whether it is suspended.
    #[schemars(extend("deprecated" = true))]
    pub deactivated: bool,
}

standard!(DeleteAccount, "delete_account", IdempotentWrite, DeleteAccountRequest => DeleteAccountResponse,
    "Deletes an account");

/// Asks for the deletion of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeleteAccountRequest {
    /// The upstream's id of the account.
    pub account_id: String,
}

/// What became of a deletion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeleteAccountResponse {
    /// The state of the account now.
    pub status: AccountStatus,
    /// Whether it is gone.
    #[schemars(extend("deprecated" = true))]
    pub deleted: bool,
}
