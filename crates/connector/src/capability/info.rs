//! Capabilities that describe the connector and how current its data is.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;
use crate::model::{ExtraData, Timestamp};

/// Requests how current the upstream's data is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GetDataRecencyRequest {}

constructor!(GetDataRecencyRequest());

/// How current the upstream's data is, by capability.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GetDataRecencyResponse {
    /// When the data that a capability returns was last updated, by the capability's name: `list_accounts`. `None` if that
    /// could not be found out this time. Omit capabilities for which it is never known.
    pub data: BTreeMap<String, Option<Timestamp>>,
}

constructor!(GetDataRecencyResponse(data: BTreeMap<String, Option<Timestamp>>));

/// Requests the API description of the connector.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppInfoRequest {}

constructor!(AppInfoRequest());

/// The API description of the connector.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AppInfoResponse {
    /// The connector's app ID.
    pub app_id: String,
    /// The connector's OpenAPI document.
    pub app_schema: ExtraData,
}

constructor!(AppInfoResponse(app_id: String, app_schema: ExtraData));
