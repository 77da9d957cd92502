//! Capabilities on non-human accounts: service accounts, roles, app installations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;
use crate::model::{NonHumanAccount, NonHumanAccountLastActivity};

/// Requests the non-human accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListNonHumanAccountsRequest {
    /// The custom attributes to return with each account.
    pub custom_attributes: Option<Vec<String>>,
}

constructor!(ListNonHumanAccountsRequest(), custom_attributes);

/// One page of non-human accounts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ListNonHumanAccountsResponse {
    /// The accounts.
    pub accounts: Vec<NonHumanAccount>,
}

constructor!(ListNonHumanAccountsResponse(accounts: Vec<NonHumanAccount>));

/// Requests the last activity of all non-human accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GetNonHumanAccountLastActivityRequest {}

constructor!(GetNonHumanAccountLastActivityRequest());

/// One page of activities. Accounts without known activity are omitted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct GetNonHumanAccountLastActivityResponse {
    /// The activities.
    pub activities: Vec<NonHumanAccountLastActivity>,
}

constructor!(GetNonHumanAccountLastActivityResponse(activities: Vec<NonHumanAccountLastActivity>));
