//! Applications that an identity provider gives its accounts access to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constructor::constructor;
use super::{AccountStatus, ActivityRecord};

/// Whether an application is in use. Openapi format only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum ApplicationStatus {
    /// Accounts can use the application.
    Active,
    /// The application is switched off in the upstream.
    Inactive,
}

/// How users sign in to an application. Openapi format only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum SignOnMode {
    /// Single sign-on through SAML.
    Saml,
    /// Single sign-on through OpenID Connect.
    Oidc,
    /// No single sign-on: the application is a link to its own login page.
    Bookmark,
    /// Another way, or one that the upstream doesn't report.
    Unknown,
}

/// What can be assigned in an application. Openapi format only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum AssignmentMode {
    /// The application itself can be assigned to an account.
    Account,
    /// Entitlements in the application can be assigned to an account.
    Entitlement,
}

/// An application that the upstream manages access to, such as one tenant of Slack.
///
/// ```
/// use connector::model::{Application, ApplicationStatus, AssignmentMode, SignOnMode};
///
/// let slack = Application {
///     display_name: Some("Slack".to_owned()),
///     ..Application::new(
///         "acme.slack.com",
///         "slack.com",
///         ApplicationStatus::Active,
///         SignOnMode::Saml,
///         [AssignmentMode::Account],
///     )
/// };
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-unique-hash" = ["id"]))]
pub struct Application {
    /// The upstream's ID of this instance of the application; unique within a listing. Two tenants of one product
    /// have different IDs.
    #[schemars(extend("x-semantic" = "application-instance-id"))]
    pub id: String,
    /// The name that identifies the product, such as its domain.
    pub name: String,
    /// The name to show to people.
    pub display_name: Option<String>,
    /// A description for people.
    pub description: Option<String>,
    /// Whether the application is in use.
    pub status: ApplicationStatus,
    /// The URL of the application's logo.
    pub logo: Option<String>,
    /// How users sign in.
    pub sign_on_mode: SignOnMode,
    /// The URL where users sign in.
    pub sso_login_url: Option<String>,
    /// What can be assigned. An empty list means that nothing can.
    pub assignment_modes: Vec<AssignmentMode>,
}

constructor!(
    Application(
        id: String, name: String, status: ApplicationStatus, sign_on_mode: SignOnMode,
        assignment_modes: Vec<AssignmentMode>
    ),
    display_name, description, logo, sso_login_url
);

/// An account's access to an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-unique-hash" = ["account_id", "application_instance_id"]))]
pub struct ApplicationAccount {
    /// The upstream's ID of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_id: String,
    /// The upstream's ID of the application.
    #[schemars(extend("x-semantic" = "application-instance-id"))]
    pub application_instance_id: String,
    /// The state of the account in the application, which can differ from its state in the upstream.
    pub status: AccountStatus,
}

constructor!(ApplicationAccount(account_id: String, application_instance_id: String, status: AccountStatus));

/// One activity in an application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-unique-hash" = ["id"]))]
pub struct ApplicationActivityRecord {
    /// The upstream's ID of the application.
    #[schemars(extend("x-semantic" = "application-instance-id"))]
    pub application_instance_id: String,
    /// The activity.
    #[serde(flatten)]
    pub record: ActivityRecord,
}

constructor!(ApplicationActivityRecord(application_instance_id: String, record: ActivityRecord));
