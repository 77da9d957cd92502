//! Capabilities that read applications, and the access to them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;
use crate::model::{
    ActivityRecordActor, Application, ApplicationAccount, ApplicationActivityRecord,
    ApplicationEntitlementAssociation, ApplicationEntitlementData, ApplicationResourceData,
};

/// Requests all applications.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListApplicationsRequest {}

constructor!(ListApplicationsRequest());

/// One page of applications.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ListApplicationsResponse {
    /// The applications.
    pub applications: Vec<Application>,
}

constructor!(ListApplicationsResponse(applications: Vec<Application>));

/// Requests one application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GetApplicationRequest {
    /// The upstream's ID of the application.
    #[schemars(extend("x-semantic" = "application-instance-id"))]
    pub application_instance_id: String,
}

constructor!(GetApplicationRequest(application_instance_id: String));

/// One application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct GetApplicationResponse {
    /// The application.
    pub application: Application,
}

constructor!(GetApplicationResponse(application: Application));

/// Requests one account's access to one application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GetApplicationAccountRequest {
    /// The upstream's ID of the application.
    #[schemars(extend("x-semantic" = "application-instance-id"))]
    pub application_instance_id: String,
    /// The upstream's ID of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_id: String,
}

constructor!(GetApplicationAccountRequest(application_instance_id: String, account_id: String));

/// An account's access to an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct GetApplicationAccountResponse {
    /// The access.
    pub account: ApplicationAccount,
}

constructor!(GetApplicationAccountResponse(account: ApplicationAccount));

/// Requests which accounts have access to which applications.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListApplicationsAccountsRequest {}

constructor!(ListApplicationsAccountsRequest());

/// One page of accounts of all applications.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ListApplicationsAccountsResponse {
    /// The accounts. An account with access to two applications is listed twice.
    pub accounts: Vec<ApplicationAccount>,
}

constructor!(ListApplicationsAccountsResponse(accounts: Vec<ApplicationAccount>));

/// Requests the resources in all applications.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListApplicationsResourcesRequest {}

constructor!(ListApplicationsResourcesRequest());

/// One page of resources of all applications.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ListApplicationsResourcesResponse {
    /// The resources.
    pub resources: Vec<ApplicationResourceData>,
}

constructor!(ListApplicationsResourcesResponse(resources: Vec<ApplicationResourceData>));

/// Requests the entitlements in all applications.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListApplicationsEntitlementsRequest {
    /// The names of the custom attributes to return with each entitlement.
    pub custom_attributes: Option<Vec<String>>,
}

constructor!(ListApplicationsEntitlementsRequest(), custom_attributes);

/// One page of entitlements of all applications.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ListApplicationsEntitlementsResponse {
    /// The entitlements.
    pub entitlements: Vec<ApplicationEntitlementData>,
}

constructor!(ListApplicationsEntitlementsResponse(entitlements: Vec<ApplicationEntitlementData>));

/// Requests which account holds which entitlement in which application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListApplicationsEntitlementAssociationsRequest {}

constructor!(ListApplicationsEntitlementAssociationsRequest());

/// One page of associations of all applications.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ListApplicationsEntitlementAssociationsResponse {
    /// The associations.
    pub associations: Vec<ApplicationEntitlementAssociation>,
}

constructor!(ListApplicationsEntitlementAssociationsResponse(associations: Vec<ApplicationEntitlementAssociation>));

/// Requests what some accounts have done in all applications since a date.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListApplicationsActivityRecordsRequest {
    /// Return only activities since this date, in ISO 8601: `2024-05-31`, or with a time and an offset.
    pub since_date: String,
    /// Return only what these accounts have done.
    pub actors: Vec<ActivityRecordActor>,
}

constructor!(ListApplicationsActivityRecordsRequest(since_date: String, actors: Vec<ActivityRecordActor>));

/// One page of activities in all applications.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ListApplicationsActivityRecordsResponse {
    /// The activities.
    pub records: Vec<ApplicationActivityRecord>,
}

constructor!(ListApplicationsActivityRecordsResponse(records: Vec<ApplicationActivityRecord>));
