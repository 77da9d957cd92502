//! Capabilities on the activity of accounts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::standard;
use crate::model::LastActivityData;

standard!(GetLastActivity, "get-last-activity", Read, GetLastActivityRequest => GetLastActivityResponse,
    "Tells when accounts were last used");

/// Asks when accounts were last used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GetLastActivityRequest {
    /// The upstream's ids of the accounts.
    pub account_ids: Vec<String>,
}

/// When the accounts were last used. An account without known activity is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetLastActivityResponse {
    /// The activities.
    pub activities: Vec<LastActivityData>,
}
