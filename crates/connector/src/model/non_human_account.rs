//! Non-human accounts: what programs sign in with.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constructor::constructor;
use super::{AccountStatus, ActivityTime, ExtraData, LastActivityType};

/// A non-human account: an IAM role, a service principal, the installation of an app. Openapi format only.
///
/// It stands for a principal and the workload that uses it. What it has access to is listed by
/// [`FindEntitlementAssignments`](crate::capability::FindEntitlementAssignments), under its `resource_id`.
///
/// ```
/// use connector::model::{AccountStatus, NonHumanAccount, Timestamp};
///
/// let created: Timestamp = "2024-05-01T12:30:00Z".parse()?;
/// let account = NonHumanAccount {
///     created_at: Some(created.into()),
///     ..NonHumanAccount::new(
///         "iam:role/deploy", "deploy", "Deploy role", "CI pipeline", "pipeline-7", "iam_role", AccountStatus::Active
///     )
/// };
/// # assert_eq!(account.account_type, "iam_role");
/// # Ok::<(), connector::model::InvalidTimestamp>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-unique-hash" = ["resource_id"]))]
pub struct NonHumanAccount {
    /// The ID of the account as a resource; unique among all resources of the app.
    #[schemars(extend("x-semantic" = "resource-id"))]
    pub resource_id: String,
    /// The upstream's ID of the account.
    #[schemars(extend("x-semantic" = "non-human-account-id"))]
    pub id: String,
    /// The account's own name for people, without that of its workload.
    pub label: String,
    /// The name of the workload that uses the account, such as a service or a function. Same as the label if the
    /// account has no separate workload.
    pub workload_name: String,
    /// The upstream's ID of the workload. Same as `id` if the account has no separate workload.
    pub workload_id: String,
    /// The kind of account, in the upstream's words: `iam_role`, `github_app_installation`.
    #[serde(rename = "type")]
    pub account_type: String,
    /// The state of the account in the upstream.
    pub status: AccountStatus,
    /// When the account was created in the upstream.
    pub created_at: Option<ActivityTime>,
    /// When the account was last changed in the upstream.
    pub updated_at: Option<ActivityTime>,
    /// When the account last signed in, if the listing already knows.
    pub last_login: Option<ActivityTime>,
    /// When the account was last active, if the listing already knows.
    pub last_activity: Option<ActivityTime>,
    /// Values of the custom attributes that the request named. A value has the JSON type that
    /// [`ListCustomAttributesSchema`](crate::capability::ListCustomAttributesSchema) declares for it.
    pub custom_attributes: Option<ExtraData>,
    /// Any other data about the account.
    pub extra_data: Option<ExtraData>,
}

constructor!(
    NonHumanAccount(
        resource_id: String, id: String, label: String, workload_name: String, workload_id: String,
        account_type: String, status: AccountStatus
    ),
    created_at, updated_at, last_login, last_activity, custom_attributes, extra_data
);

/// The last time that a non-human account was active. Openapi format only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NonHumanAccountLastActivity {
    /// The ID of the account, as [`NonHumanAccount::id`] has it.
    #[schemars(extend("x-semantic" = "non-human-account-id"))]
    pub non_human_account_id: String,
    /// What the account did.
    pub event_type: LastActivityType,
    /// When it did so.
    pub happened_at: ActivityTime,
}

constructor!(NonHumanAccountLastActivity(
    non_human_account_id: String, event_type: LastActivityType, happened_at: ActivityTime
));
