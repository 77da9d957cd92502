//! Accounts in the classic format, without the fields that exist only in openapi.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::{As, FromInto};

use crate::capability as cap;
use crate::model::{self, CustomAttributes, ExtraData};
use crate::wire::codec::wire_type;

/// The account states of the classic format.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
enum AccountStatus {
    Active,
    Suspended,
    Deprovisioned,
    Pending,
}

impl From<model::AccountStatus> for AccountStatus {
    fn from(status: model::AccountStatus) -> Self {
        match status {
            model::AccountStatus::Active => Self::Active,
            model::AccountStatus::Inactive | model::AccountStatus::Suspended => Self::Suspended,
            model::AccountStatus::Deprovisioned | model::AccountStatus::Deleted => Self::Deprovisioned,
            model::AccountStatus::Pending => Self::Pending,
        }
    }
}

impl From<AccountStatus> for model::AccountStatus {
    fn from(status: AccountStatus) -> Self {
        match status {
            AccountStatus::Active => Self::Active,
            AccountStatus::Suspended => Self::Suspended,
            AccountStatus::Deprovisioned => Self::Deprovisioned,
            AccountStatus::Pending => Self::Pending,
        }
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "model::FoundAccountData")]
pub(super) struct FoundAccountData {
    integration_specific_id: String,
    email: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    username: Option<String>,
    #[serde(default, with = "As::<Option<FromInto<AccountStatus>>>")]
    #[schemars(with = "Option<AccountStatus>")]
    user_status: Option<model::AccountStatus>,
    extra_data: Option<ExtraData>,
    custom_attributes: Option<CustomAttributes>,
    #[serde(skip)]
    account_type: Option<model::AccountType>,
    #[serde(skip)]
    resource_id: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "cap::ListAccountsResponse")]
pub(crate) struct ListAccountsResponse {
    #[serde(with = "As::<Vec<FoundAccountData>>")]
    #[schemars(with = "Vec<FoundAccountData>")]
    accounts: Vec<model::FoundAccountData>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "cap::ActivateAccountResponse")]
pub(crate) struct ActivateAccountResponse {
    #[serde(with = "As::<FromInto<AccountStatus>>")]
    #[schemars(with = "AccountStatus")]
    status: model::AccountStatus,
    #[schemars(extend("deprecated" = true))]
    activated: bool,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "cap::CreateAccountResponse")]
pub(crate) struct CreateAccountResponse {
    #[serde(with = "As::<FromInto<AccountStatus>>")]
    #[schemars(with = "AccountStatus")]
    status: model::AccountStatus,
    #[schemars(extend("deprecated" = true))]
    created: bool,
    #[serde(skip)]
    id: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "cap::DeactivateAccountResponse")]
pub(crate) struct DeactivateAccountResponse {
    #[serde(with = "As::<FromInto<AccountStatus>>")]
    #[schemars(with = "AccountStatus")]
    status: model::AccountStatus,
    #[schemars(extend("deprecated" = true))]
    deactivated: bool,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "cap::DeleteAccountResponse")]
pub(crate) struct DeleteAccountResponse {
    #[serde(with = "As::<FromInto<AccountStatus>>")]
    #[schemars(with = "AccountStatus")]
    status: model::AccountStatus,
    #[schemars(extend("deprecated" = true))]
    deleted: bool,
}

wire_type! {
    FoundAccountData: model::FoundAccountData;
    ListAccountsResponse: cap::ListAccountsResponse;
    ActivateAccountResponse: cap::ActivateAccountResponse;
    CreateAccountResponse: cap::CreateAccountResponse;
    DeactivateAccountResponse: cap::DeactivateAccountResponse;
    DeleteAccountResponse: cap::DeleteAccountResponse;
}
