//! The request to create an account in the openapi format, which has the account's fields next to the entitlements.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::capability as cap;
use crate::model;

/// The account to create. All of its fields are optional, because each connector decides which it requires.
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
    #[schemars(extend("x-entitlement-type" = true))]
    entitlement_type: String,
}

/// The wire type of the request.
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
