//! Records of single activities, as an audit log has them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ActivityTime;
use super::constructor::constructor;

/// What kind of activity a record describes. Openapi format only.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ActivityType {
    /// An account signed in.
    AccountLogin,
    /// Another kind, in the upstream's words.
    #[serde(untagged)]
    Other(String),
}

/// Who did something. Openapi format only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct ActivityRecordActor {
    /// The upstream's ID of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_id: String,
}

constructor!(ActivityRecordActor(account_id: String));

/// What an activity was about: an account, an entitlement, or both. Openapi format only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct ActivityRecordTarget {
    /// The upstream's ID of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_id: Option<String>,
    /// The entitlement.
    pub entitlement: Option<ActivityRecordEntitlement>,
}

constructor!(ActivityRecordTarget(), account_id, entitlement);

/// The entitlement that an activity was about. Openapi format only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct ActivityRecordEntitlement {
    /// The upstream's ID of the entitlement.
    #[schemars(extend("x-semantic" = "entitlement-id"))]
    pub id: String,
    /// The kind of entitlement.
    #[serde(rename = "type")]
    pub entitlement_type: String,
    /// The upstream's ID of the resource that the entitlement is on.
    #[schemars(extend("x-semantic" = "resource-id"))]
    pub resource_id: Option<String>,
    /// The kind of that resource.
    pub resource_type: Option<String>,
}

constructor!(ActivityRecordEntitlement(id: String, entitlement_type: String), resource_id, resource_type);

/// One activity. Openapi format only.
///
/// ```
/// use connector::model::{ActivityRecord, ActivityRecordActor, ActivityType, Timestamp};
///
/// let at = Timestamp::from_unix_seconds(1_714_566_600)?;
/// let record = ActivityRecord::new("log-7", ActivityType::AccountLogin, at, ActivityRecordActor::new("42"), []);
/// # assert_eq!(record.metadata, None);
/// # Ok::<(), connector::model::InvalidTimestamp>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-unique-hash" = ["id"]))]
pub struct ActivityRecord {
    /// The upstream's ID of the record, unique among all records.
    pub id: String,
    /// What kind of activity it was.
    pub activity_type: ActivityType,
    /// When it happened.
    pub timestamp: ActivityTime,
    /// Who did it.
    pub actor: ActivityRecordActor,
    /// What it was about. May be empty.
    pub targets: Vec<ActivityRecordTarget>,
    /// Any other data about it, such as an IP address or a user agent.
    pub metadata: Option<BTreeMap<String, String>>,
}

constructor!(
    ActivityRecord(
        id: String, activity_type: ActivityType, timestamp: ActivityTime, actor: ActivityRecordActor,
        targets: Vec<ActivityRecordTarget>
    ),
    metadata
);
