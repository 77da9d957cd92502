//! What flows through a connector: accounts, resources, entitlements, activity, credentials, pages.
//!
//! The serde of these types is their common spelling. Where a wire format spells a value differently it has a type of
//! its own under `wire/<format>/`.

mod account;
mod activity;
mod app_category;
mod attribute;
mod credentials;
mod entitlement;
mod page;
mod resource;
mod timestamp;

pub use account::{AccountStatus, AccountType, CreateAccount, CreateAccountEntitlement, FoundAccountData};
pub use activity::{ActivityEventType, LastActivityData};
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
pub use resource::FoundResourceData;
pub use timestamp::{InvalidTimestamp, Timestamp};

/// Free-form data of one value, as a JSON object.
pub type ExtraData = serde_json::Map<String, serde_json::Value>;

/// The values of an account's custom attributes by the attribute's name.
pub type CustomAttributes = std::collections::BTreeMap<String, String>;
