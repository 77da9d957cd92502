//! What flows through a connector: accounts, resources, entitlements, activity, credentials, pages.
//!
//! The serde of these types is that of the openapi format. Where classic spells a value differently, a type under
//! `wire/classic/` says how.
//!
//! Make them with `new` and name what else is known, as in `FoundAccountData { email, ..FoundAccountData::new("42") }`: then
//! a field that a later version adds does not concern you.

mod account;
mod activity;
mod app_category;
mod attribute;
pub(crate) mod constructor;
mod credentials;
pub(crate) mod demanded;
mod entitlement;
mod page;
mod rate_limit;
mod resource;
mod timestamp;

pub use account::{AccountStatus, AccountType, CreateAccount, CreateAccountEntitlement, FoundAccountData};
pub use activity::{ActivityEventType, ActivityTime, LastActivityData};
pub use app_category::AppCategory;
pub use attribute::{CustomAttributeCustomizedType, CustomAttributeSchema, CustomAttributeType};
pub(crate) use credentials::each_kind;
pub use credentials::{
    AnyCredentials, BasicCredentials, CredentialKind, JwtClaims, JwtCredentials, JwtHeaders,
    KeyPairCredentials, OAuth1Credentials, OAuthClientCredentials, OAuthCredentials, SecretObject,
    ServiceAccountCredentials, ServiceAccountKey, ServiceAccountType, TokenCredentials,
};
pub use entitlement::{FoundEntitlementAssociation, FoundEntitlementData};
pub use page::{Page, PaginationArgs};
pub use rate_limit::{
    RateLimitMode, RateLimitRequestInfo, RateLimitState, RateLimitStateSnapshot, RateLimitStateSnapshotSource,
};
pub use resource::FoundResourceData;
pub use timestamp::{InvalidTimestamp, Timestamp};

/// Free-form data of one value, as a JSON object.
pub type ExtraData = serde_json::Map<String, serde_json::Value>;

/// The values of an account's custom attributes by the attribute's name.
pub type CustomAttributes = std::collections::BTreeMap<String, String>;
