//! The last activity of accounts.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Timestamp;
use super::constructor::constructor;

/// The kind of activity.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub enum ActivityEventType {
    /// The account signed in.
    LastLogin,
    /// The account did anything at all.
    LastActivity,
    /// Something else, as named by the upstream. Openapi format only; the classic format can't represent it.
    #[serde(untagged)]
    Other(String),
}

/// What a non-human account or a credential was last seen doing. Openapi format only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LastActivityType {
    /// It signed in.
    LastLogin,
    /// It was active in any way.
    LastActivity,
}

/// The time of an activity.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ActivityTime {
    /// A known point in time.
    At(Timestamp),
    /// The upstream's own text, if it isn't an RFC 3339 timestamp. Openapi format only; the classic format can't
    /// represent it.
    Verbatim(String),
}

impl From<Timestamp> for ActivityTime {
    fn from(at: Timestamp) -> Self {
        Self::At(at)
    }
}

impl Serialize for ActivityTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::At(at) => at.serialize(serializer),
            Self::Verbatim(text) => text.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for ActivityTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let at = text.parse::<Timestamp>().ok().filter(|at| at.to_string() == text);
        Ok(at.map_or(Self::Verbatim(text), Self::At))
    }
}

impl JsonSchema for ActivityTime {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ActivityTime".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

/// The last activity of an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LastActivityData {
    /// The upstream's id of the account.
    pub account_id: String,
    /// The kind of activity.
    pub event_type: ActivityEventType,
    /// When it happened.
    pub happened_at: ActivityTime,
}

constructor!(LastActivityData(account_id: String, event_type: ActivityEventType, happened_at: ActivityTime));
