//! A creation as openapi spells it: the account stands flat beside its entitlements.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::capability as cap;
use crate::model;

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

/// How a creation is spelled.
pub(crate) type CreateAccountRequest = serde_with::FromInto<CreatableAccount>;

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
            integration_specific_resource_id: entitlement.integration_specific_resource_id,
            ..Self::new(entitlement.integration_specific_id, entitlement.entitlement_type)
        }
    }
}
