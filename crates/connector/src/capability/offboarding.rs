//! Capabilities on what an account leaves behind: its data, its resources, its license.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;

/// Requests that the data of one account becomes the data of another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TransferDataRequest {
    /// The upstream's ID of the account that has the data.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub source_account_id: String,
    /// The upstream's ID of the account that receives the data.
    #[schemars(extend("x-semantic" = "auxiliary-account-id"))]
    pub target_account_id: String,
}

constructor!(TransferDataRequest(source_account_id: String, target_account_id: String));

/// The result of a transfer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TransferDataResponse {
    /// Whether the data was transferred.
    pub success: bool,
    /// Details, for people. If the transfer failed, why.
    pub reason: Option<String>,
}

constructor!(TransferDataResponse(success: bool), reason);

/// Requests that an account gives up its resources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReleaseResourcesRequest {
    /// The upstream's ID of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_id: String,
}

constructor!(ReleaseResourcesRequest(account_id: String));

/// The result of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReleaseResourcesResponse {
    /// Whether the account has no resources any more.
    pub success: bool,
    /// Details, for people. If the release failed, why.
    pub reason: Option<String>,
}

constructor!(ReleaseResourcesResponse(success: bool), reason);

/// Requests a cheaper license for an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DowngradeLicenseRequest {
    /// The upstream's ID of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_id: String,
}

constructor!(DowngradeLicenseRequest(account_id: String));

/// The result of a downgrade.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DowngradeLicenseResponse {
    /// Whether the account has a cheaper license now.
    pub success: bool,
    /// Details, for people. If the downgrade failed, why.
    pub reason: Option<String>,
}

constructor!(DowngradeLicenseResponse(success: bool), reason);
