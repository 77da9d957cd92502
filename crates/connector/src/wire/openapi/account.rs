//! Accounts and associations as openapi spells them: bare lists, an account's id instead of the account, and a
//! creation whose account stands flat beside its entitlements.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::OpenApi;
use crate::capability as cap;
use crate::model::{self, FoundAccountData};
use crate::wire::each::Each;
use crate::wire::{Readable, Spelled};

/// The model spells an account as openapi does, so that a list of them is the model's own.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "ListAccountsResponse")]
pub(crate) struct Accounts<L>(L);

impl Spelled<OpenApi> for cap::ListAccountsResponse {
    type Read = Accounts<Vec<FoundAccountData>>;
    type Write<'a> = Accounts<&'a [FoundAccountData]>;
}

impl<'a> From<&'a cap::ListAccountsResponse> for Accounts<&'a [FoundAccountData]> {
    fn from(response: &'a cap::ListAccountsResponse) -> Self {
        Self(&response.accounts)
    }
}

impl From<Accounts<Vec<FoundAccountData>>> for cap::ListAccountsResponse {
    fn from(accounts: Accounts<Vec<FoundAccountData>>) -> Self {
        Self { accounts: accounts.0 }
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FoundEntitlementAssociation")]
pub(crate) struct Association<T> {
    account_id: T,
    integration_specific_entitlement_id: T,
    integration_specific_resource_id: T,
}

impl<'a> From<&'a model::FoundEntitlementAssociation> for Association<&'a str> {
    fn from(association: &'a model::FoundEntitlementAssociation) -> Self {
        Self {
            account_id: &association.account.integration_specific_id,
            integration_specific_entitlement_id: &association.integration_specific_entitlement_id,
            integration_specific_resource_id: &association.integration_specific_resource_id,
        }
    }
}

impl From<Association<String>> for model::FoundEntitlementAssociation {
    fn from(association: Association<String>) -> Self {
        Self {
            account: FoundAccountData::new(association.account_id),
            integration_specific_entitlement_id: association.integration_specific_entitlement_id,
            integration_specific_resource_id: association.integration_specific_resource_id,
        }
    }
}

/// `L` is a list of associations.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "FindEntitlementAssociationsResponse")]
pub(crate) struct Associations<L>(L);

type EachAssociation<'a> = Each<'a, model::FoundEntitlementAssociation, Association<&'a str>>;

impl Spelled<OpenApi> for cap::FindEntitlementAssociationsResponse {
    type Read = Associations<Vec<Association<String>>>;
    type Write<'a> = Associations<EachAssociation<'a>>;
}

impl<'a> From<&'a cap::FindEntitlementAssociationsResponse> for Associations<EachAssociation<'a>> {
    fn from(response: &'a cap::FindEntitlementAssociationsResponse) -> Self {
        Self(response.associations.as_slice().into())
    }
}

impl From<Associations<Vec<Association<String>>>> for cap::FindEntitlementAssociationsResponse {
    fn from(associations: Associations<Vec<Association<String>>>) -> Self {
        Self { associations: associations.0.into_iter().map(Into::into).collect() }
    }
}

/// A creation. The account's fields are optional here as each connector decides which it needs.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CreateAccount")]
pub(crate) struct CreatableAccount {
    #[serde(default)]
    entitlements: Vec<CreatableEntitlement>,
    email: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    username: Option<String>,
    user_status: Option<String>,
    extra_data: Option<model::ExtraData>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CreateAccountEntitlement")]
struct CreatableEntitlement {
    integration_specific_id: String,
    integration_specific_resource_id: Option<String>,
    entitlement_type: String,
}

impl Readable<OpenApi> for cap::CreateAccountRequest {
    type Read = CreatableAccount;
}

impl From<CreatableAccount> for cap::CreateAccountRequest {
    fn from(creation: CreatableAccount) -> Self {
        Self {
            account: model::CreateAccount {
                email: creation.email,
                given_name: creation.given_name,
                family_name: creation.family_name,
                username: creation.username,
                user_status: creation.user_status,
                extra_data: creation.extra_data,
            },
            entitlements: creation.entitlements.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<CreatableEntitlement> for model::CreateAccountEntitlement {
    fn from(entitlement: CreatableEntitlement) -> Self {
        Self {
            integration_specific_id: entitlement.integration_specific_id,
            integration_specific_resource_id: entitlement.integration_specific_resource_id,
            entitlement_type: entitlement.entitlement_type,
            ..Self::default()
        }
    }
}

impl Spelled<OpenApi> for cap::CreateAccountResponse {
    type Read = Self;
    type Write<'a> = &'a Self;
}
