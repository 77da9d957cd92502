//! Activities and custom attributes in the classic format, which has fewer kinds of events, date-times and attributes.

use schemars::JsonSchema;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_with::{As, DeserializeAs, SerializeAs};

use crate::capability as cap;
use crate::model::{self, ActivityTime, CustomAttributeCustomizedType as Carrier, Timestamp};
use crate::wire::codec::wire_type;

#[derive(Serialize, Deserialize, JsonSchema)]
enum ActivityEventType {
    LastLogin,
    LastActivity,
}

impl SerializeAs<model::ActivityEventType> for ActivityEventType {
    fn serialize_as<S: Serializer>(
        event: &model::ActivityEventType,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match event {
            model::ActivityEventType::LastLogin => Self::LastLogin.serialize(serializer),
            model::ActivityEventType::LastActivity => Self::LastActivity.serialize(serializer),
            model::ActivityEventType::Other(_) => {
                Err(S::Error::custom("this `event_type` does not exist in this wire format"))
            }
        }
    }
}

impl<'de> DeserializeAs<'de, model::ActivityEventType> for ActivityEventType {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<model::ActivityEventType, D::Error> {
        Ok(match Self::deserialize(deserializer)? {
            Self::LastLogin => model::ActivityEventType::LastLogin,
            Self::LastActivity => model::ActivityEventType::LastActivity,
        })
    }
}

impl SerializeAs<ActivityTime> for Timestamp {
    fn serialize_as<S: Serializer>(time: &ActivityTime, serializer: S) -> Result<S::Ok, S::Error> {
        match time {
            ActivityTime::At(at) => at.serialize(serializer),
            ActivityTime::Verbatim(_) => {
                Err(S::Error::custom("`happened_at` must be an RFC 3339 date-time in this wire format"))
            }
        }
    }
}

impl<'de> DeserializeAs<'de, ActivityTime> for Timestamp {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<ActivityTime, D::Error> {
        Self::deserialize(deserializer).map(ActivityTime::At)
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "model::LastActivityData")]
struct LastActivityData {
    account_id: String,
    #[serde(with = "As::<ActivityEventType>")]
    #[schemars(with = "ActivityEventType")]
    event_type: model::ActivityEventType,
    #[serde(with = "As::<Timestamp>")]
    #[schemars(with = "Timestamp")]
    happened_at: ActivityTime,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "cap::GetLastActivityResponse")]
pub(crate) struct GetLastActivityResponse {
    #[serde(with = "As::<Vec<LastActivityData>>")]
    #[schemars(with = "Vec<LastActivityData>")]
    activities: Vec<model::LastActivityData>,
}

#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
enum CustomAttributeCustomizedType {
    Account,
    Entitlement,
    Resource,
}

/// Values of other types are strings in the openapi format too, so `String` describes them correctly.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
enum CustomAttributeType {
    String,
    User,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct CustomAttributeSchema {
    customized_type: CustomAttributeCustomizedType,
    name: String,
    attribute_type: CustomAttributeType,
}

impl CustomAttributeSchema {
    /// Returns `None` if the attribute belongs to something that the classic format doesn't have.
    fn of(attribute: &model::CustomAttributeSchema) -> Option<Self> {
        Some(Self {
            customized_type: match attribute.customized_type {
                Carrier::Account => CustomAttributeCustomizedType::Account,
                Carrier::Entitlement => CustomAttributeCustomizedType::Entitlement,
                Carrier::Resource => CustomAttributeCustomizedType::Resource,
                Carrier::Credential | Carrier::NonHumanAccount => return None,
            },
            name: attribute.name.clone(),
            attribute_type: match attribute.attribute_type {
                model::CustomAttributeType::User => CustomAttributeType::User,
                _ => CustomAttributeType::String,
            },
        })
    }
}

impl From<CustomAttributeSchema> for model::CustomAttributeSchema {
    fn from(attribute: CustomAttributeSchema) -> Self {
        let carrier = match attribute.customized_type {
            CustomAttributeCustomizedType::Account => Carrier::Account,
            CustomAttributeCustomizedType::Entitlement => Carrier::Entitlement,
            CustomAttributeCustomizedType::Resource => Carrier::Resource,
        };
        let kind = match attribute.attribute_type {
            CustomAttributeType::String => model::CustomAttributeType::String,
            CustomAttributeType::User => model::CustomAttributeType::User,
        };
        Self::new(carrier, attribute.name, kind)
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "cap::ListCustomAttributesSchemaResponse")]
pub(crate) struct ListCustomAttributesSchemaResponse {
    #[serde(with = "supported_only")]
    #[schemars(with = "Vec<CustomAttributeSchema>")]
    schemas: Vec<model::CustomAttributeSchema>,
}

/// Omits custom attributes that the classic format can't represent.
mod supported_only {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::{CustomAttributeSchema, model};

    pub(super) fn serialize<S: Serializer>(
        attributes: &[model::CustomAttributeSchema],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(attributes.iter().filter_map(CustomAttributeSchema::of))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<model::CustomAttributeSchema>, D::Error> {
        let read = Vec::<CustomAttributeSchema>::deserialize(deserializer)?;
        Ok(read.into_iter().map(Into::into).collect())
    }
}

wire_type! {
    LastActivityData: model::LastActivityData;
    GetLastActivityResponse: cap::GetLastActivityResponse;
    ListCustomAttributesSchemaResponse: cap::ListCustomAttributesSchemaResponse;
}
