//! A connector to a tenant that does not exist: every capability, over made-up data that is the same each time.
//!
//! | what | where |
//! |---|---|
//! | the connector as a whole | [`integration()`] |
//! | how large the tenant is, and how it fails | [`Settings`] |
//! | its users, groups and who holds what | `tenant` |
//! | what stands in for the network | `upstream` |
//! | the handlers, a family each | `accounts`, `entitlements`, `resources`, `activity`, `attributes`, `credentials`, `authorization` |

mod accounts;
mod activity;
mod attributes;
mod authorization;
mod credentials;
mod entitlements;
mod error;
mod integration;
mod pagination;
mod resources;
mod settings;
mod tenant;
mod upstream;

pub use integration::integration;
pub use settings::Settings;

/// What every handler gets.
type Request<P> = connector::Request<P, Settings, connector::model::BasicCredentials>;
