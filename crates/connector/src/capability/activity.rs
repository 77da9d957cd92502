//! Capabilities on the activity of accounts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::LastActivityData;
use crate::model::constructor::constructor;

/// Requests the times when accounts were last used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GetLastActivityRequest {
    /// The upstream's ids of the accounts.
    pub account_ids: Vec<String>,
}

constructor!(GetLastActivityRequest(account_ids: Vec<String>));

/// When the accounts were last used. Accounts without known activity are omitted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct GetLastActivityResponse {
    /// The activities.
    pub activities: Vec<LastActivityData>,
}

constructor!(GetLastActivityResponse(activities: Vec<LastActivityData>));
