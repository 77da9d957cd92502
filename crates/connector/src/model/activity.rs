//! When an account was last used.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// What the account did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub enum ActivityEventType {
    /// It signed in.
    LastLogin,
    /// It did anything at all.
    LastActivity,
}

/// The last time that an account did something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LastActivityData {
    /// The upstream's id of the account.
    pub account_id: String,
    /// What it did.
    pub event_type: ActivityEventType,
    /// When.
    pub happened_at: Timestamp,
}
