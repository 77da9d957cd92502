//! A connector to a fictional tenant. It supports nearly every capability and always returns the same data.
//!
//! | what | where |
//! |---|---|
//! | the integration | [`integration()`] |
//! | size of the tenant and simulated failures | [`Settings`] |
//! | users, groups, applications and associations | `tenant` |
//! | simulated calls to the upstream | `upstream` |
//! | handlers, by family | `accounts`, `account_changes`, `entitlements`, `entitlement_assignments`, `resources`, `access_graph`, `applications`, `application_assignments`, `activity`, `non_human_accounts`, `issued_credentials`, `expenses`, `offboarding`, `connected_info`, `arbitrary_endpoint`, `attributes`, `credentials`, `authorization` |

mod access_graph;
mod account_changes;
mod accounts;
mod activity;
mod application_assignments;
mod applications;
mod arbitrary_endpoint;
mod attributes;
mod authorization;
mod connected_info;
mod credentials;
mod date;
mod entitlement_assignments;
mod entitlements;
mod error;
mod expenses;
mod integration;
mod issued_credentials;
mod non_human_accounts;
mod offboarding;
mod pagination;
mod resources;
mod settings;
mod tenant;
mod upstream;

pub use integration::integration;
pub use settings::Settings;

/// The request type of every handler. `A` is `NoAuth` if requests for the capability carry no credentials.
type Request<P, A = connector::model::BasicCredentials> = connector::Request<P, Settings, A>;
