//! When an account was last used.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Timestamp;
use super::constructor::constructor;

/// What the account did.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub enum ActivityEventType {
    /// It signed in.
    LastLogin,
    /// It did anything at all.
    LastActivity,
    /// Something else, in the upstream's words. Openapi format only: classic has no way to write it.
    #[serde(untagged)]
    Other(String),
}

/// When an account did something.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ActivityTime {
    /// At this time.
    At(Timestamp),
    /// In the upstream's words, which are not those of RFC 3339. Openapi format only: classic has no way to write it.
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

/// The last time that an account did something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LastActivityData {
    /// The upstream's id of the account.
    pub account_id: String,
    /// What it did.
    pub event_type: ActivityEventType,
    /// When.
    pub happened_at: ActivityTime,
}

constructor!(LastActivityData(account_id: String, event_type: ActivityEventType, happened_at: ActivityTime));
