//! Data types: accounts, resources, entitlements, activity, credentials and pages.
//!
//! These types serialize to the openapi format. Where the classic format differs, a type under `wire/classic/` converts
//! them.
//!
//! Create values with `new` and set optional fields with struct update syntax, for example `FoundAccountData { email,
//! ..FoundAccountData::new("42") }`. That way, fields added in later versions don't break your code.

mod access_graph;
mod account;
mod activity;
mod activity_record;
mod app_category;
mod application;
mod application_access;
mod attribute;
pub(crate) mod constructor;
mod credential;
mod credentials;
mod declared_type;
mod entitlement;
mod expense;
mod non_human_account;
mod page;
mod rate_limit;
pub(crate) mod required_in_wire;
mod resource;
mod timestamp;

pub use access_graph::{
    AccessGraphEntitlement, AccessGraphEntitlementIdentifier, AccessGraphEntitlementRule,
    AccessGraphImpliedAccess, AccessGraphImpliedAccessRule, AccessGraphResource,
    AccessGraphResourceRelationship, Reference, ReferenceType,
};
pub use account::{AccountStatus, AccountType, CreateAccount, CreateAccountEntitlement, FoundAccountData};
pub use activity::{ActivityEventType, ActivityTime, LastActivityData, LastActivityType};
pub use activity_record::{
    ActivityRecord, ActivityRecordActor, ActivityRecordEntitlement, ActivityRecordTarget, ActivityType,
};
pub use app_category::AppCategory;
pub use application::{
    Application, ApplicationAccount, ApplicationActivityRecord, ApplicationStatus, AssignmentMode, SignOnMode,
};
pub use application_access::{
    ApplicationEntitlementAssociation, ApplicationEntitlementData, ApplicationResourceData,
};
pub use attribute::{
    CustomAttribute, CustomAttributeCustomizedType, CustomAttributeParameter, CustomAttributeSchema,
    CustomAttributeType,
};
pub use credential::{Credential, CredentialLastActivity, CredentialStatus, CredentialType};
pub(crate) use credentials::each_kind;
pub use credentials::{
    AnyCredentials, BasicCredentials, CredentialKind, EmptyCredentials, JwtClaims, JwtCredentials,
    JwtHeaders, KeyPairCredentials, OAuth1Credentials, OAuthClientCredentials, OAuthCredentials,
    SecretObject, ServiceAccountCredentials, ServiceAccountKey, ServiceAccountType, TokenCredentials,
};
pub use declared_type::{AccessGraphEntitlementType, EntitlementRequirement, EntitlementType, ResourceType};
pub use entitlement::{AccessGraphEntitlementAssignment, FoundEntitlementAssociation, FoundEntitlementData};
pub use expense::{
    Amount, Expense, ExpenseApprovalStatus, ExpensePaymentStatus, ExpenseType,
    NormalizedExpenseApprovalStatus, NormalizedExpensePaymentStatus, SpendUser, Vendor,
};
pub use non_human_account::{NonHumanAccount, NonHumanAccountLastActivity};
pub use page::{Page, PaginationArgs};
pub use rate_limit::{
    RateLimitMode, RateLimitRequestInfo, RateLimitState, RateLimitStateSnapshot, RateLimitStateSnapshotSource,
};
pub use resource::FoundResourceData;
pub use timestamp::{InvalidTimestamp, Timestamp};

/// Free-form data, as a JSON object.
pub type ExtraData = serde_json::Map<String, serde_json::Value>;

/// The values of an account's custom attributes, by attribute name.
pub type CustomAttributes = std::collections::BTreeMap<String, String>;
