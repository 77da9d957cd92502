//! Capabilities on the activity of accounts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;
use crate::model::{ActivityRecord, ActivityRecordActor, LastActivityData};

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

/// Requests what some accounts have done since a date.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListActivityRecordsRequest {
    /// Return only activities since this date, in ISO 8601: `2024-05-31`, or with a time and an offset.
    pub since_date: String,
    /// Return only what these accounts have done.
    pub actors: Vec<ActivityRecordActor>,
}

constructor!(ListActivityRecordsRequest(since_date: String, actors: Vec<ActivityRecordActor>));

/// One page of activities.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ListActivityRecordsResponse {
    /// The activities.
    pub records: Vec<ActivityRecord>,
}

constructor!(ListActivityRecordsResponse(records: Vec<ActivityRecord>));
