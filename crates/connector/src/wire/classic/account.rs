//! Accounts as classic spells them: without what only openapi has.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Classic;
use crate::capability as cap;
use crate::model::{self, CustomAttributes, ExtraData};
use crate::wire::Spelled;
use crate::wire::each::Each;

/// The states that classic has.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum AccountStatus {
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

/// `T` is text, `E` extra data, `C` custom attributes: borrowed on the way out, owned on the way in.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FoundAccountData")]
pub(crate) struct Account<T, E, C> {
    integration_specific_id: T,
    email: Option<T>,
    given_name: Option<T>,
    family_name: Option<T>,
    username: Option<T>,
    user_status: Option<AccountStatus>,
    extra_data: Option<E>,
    custom_attributes: Option<C>,
}

type Borrowed<'a> = Account<&'a str, &'a ExtraData, &'a CustomAttributes>;
type Owned = Account<String, ExtraData, CustomAttributes>;

impl<'a> From<&'a model::FoundAccountData> for Borrowed<'a> {
    fn from(account: &'a model::FoundAccountData) -> Self {
        Self {
            integration_specific_id: &account.integration_specific_id,
            email: account.email.as_deref(),
            given_name: account.given_name.as_deref(),
            family_name: account.family_name.as_deref(),
            username: account.username.as_deref(),
            user_status: account.user_status.map(Into::into),
            extra_data: account.extra_data.as_ref(),
            custom_attributes: account.custom_attributes.as_ref(),
        }
    }
}

impl From<Owned> for model::FoundAccountData {
    fn from(account: Owned) -> Self {
        Self {
            integration_specific_id: account.integration_specific_id,
            email: account.email,
            given_name: account.given_name,
            family_name: account.family_name,
            username: account.username,
            user_status: account.user_status.map(Into::into),
            extra_data: account.extra_data,
            custom_attributes: account.custom_attributes,
            account_type: None,
            resource_id: None,
        }
    }
}

/// `L` is a list of accounts.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ListAccountsResponse")]
pub(crate) struct ListAccountsResponse<L> {
    accounts: L,
}

impl Spelled<Classic> for cap::ListAccountsResponse {
    type Read = ListAccountsResponse<Vec<Owned>>;
    type Write<'a> = ListAccountsResponse<Each<'a, model::FoundAccountData, Borrowed<'a>>>;
}

impl<'a> From<&'a cap::ListAccountsResponse>
    for ListAccountsResponse<Each<'a, model::FoundAccountData, Borrowed<'a>>>
{
    fn from(response: &'a cap::ListAccountsResponse) -> Self {
        Self { accounts: response.accounts.as_slice().into() }
    }
}

impl From<ListAccountsResponse<Vec<Owned>>> for cap::ListAccountsResponse {
    fn from(response: ListAccountsResponse<Vec<Owned>>) -> Self {
        Self { accounts: response.accounts.into_iter().map(Into::into).collect() }
    }
}

/// `A` is an account.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FoundEntitlementAssociation")]
pub(crate) struct Association<T, A> {
    integration_specific_entitlement_id: T,
    account: A,
    integration_specific_resource_id: T,
}

impl<'a> From<&'a model::FoundEntitlementAssociation> for Association<&'a str, Borrowed<'a>> {
    fn from(association: &'a model::FoundEntitlementAssociation) -> Self {
        Self {
            integration_specific_entitlement_id: &association.integration_specific_entitlement_id,
            account: (&association.account).into(),
            integration_specific_resource_id: &association.integration_specific_resource_id,
        }
    }
}

impl From<Association<String, Owned>> for model::FoundEntitlementAssociation {
    fn from(association: Association<String, Owned>) -> Self {
        Self {
            integration_specific_entitlement_id: association.integration_specific_entitlement_id,
            account: association.account.into(),
            integration_specific_resource_id: association.integration_specific_resource_id,
        }
    }
}

/// `L` is a list of associations.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FindEntitlementAssociationsResponse")]
pub(crate) struct FindEntitlementAssociationsResponse<L> {
    associations: L,
}

type EachAssociation<'a> = Each<'a, model::FoundEntitlementAssociation, Association<&'a str, Borrowed<'a>>>;

impl Spelled<Classic> for cap::FindEntitlementAssociationsResponse {
    type Read = FindEntitlementAssociationsResponse<Vec<Association<String, Owned>>>;
    type Write<'a> = FindEntitlementAssociationsResponse<EachAssociation<'a>>;
}

impl<'a> From<&'a cap::FindEntitlementAssociationsResponse>
    for FindEntitlementAssociationsResponse<EachAssociation<'a>>
{
    fn from(response: &'a cap::FindEntitlementAssociationsResponse) -> Self {
        Self { associations: response.associations.as_slice().into() }
    }
}

impl From<FindEntitlementAssociationsResponse<Vec<Association<String, Owned>>>>
    for cap::FindEntitlementAssociationsResponse
{
    fn from(response: FindEntitlementAssociationsResponse<Vec<Association<String, Owned>>>) -> Self {
        Self { associations: response.associations.into_iter().map(Into::into).collect() }
    }
}

/// The answers of writes on accounts: a state and a flag each.
macro_rules! outcome {
    ($($name:ident, $flag:ident $(, $more:ident)?;)*) => {$(
        #[derive(Serialize, Deserialize, JsonSchema)]
        pub(crate) struct $name {
            status: AccountStatus,
            #[schemars(extend("deprecated" = true))]
            $flag: bool,
        }

        impl Spelled<Classic> for cap::$name {
            type Read = $name;
            type Write<'a> = $name;
        }

        impl From<&cap::$name> for $name {
            fn from(response: &cap::$name) -> Self {
                Self { status: response.status.into(), $flag: response.$flag }
            }
        }

        impl From<$name> for cap::$name {
            fn from(response: $name) -> Self {
                Self { status: response.status.into(), $flag: response.$flag $(, $more: None)? }
            }
        }
    )*};
}

outcome! {
    ActivateAccountResponse, activated;
    CreateAccountResponse, created, id;
    DeactivateAccountResponse, deactivated;
    DeleteAccountResponse, deleted;
}
