//! Calls of an integration, from the request bytes to the response bytes.

#[cfg(feature = "conformance")]
mod api;
mod app_info;
#[cfg(all(feature = "client", feature = "paused"))]
mod arbitrary_endpoint;
mod bad_input;
mod build;
#[cfg(feature = "paused")]
mod built_in_probe;
mod call_info;
mod cancellation;
mod credentials;
mod credentials_absent;
#[cfg(feature = "macros")]
mod credentials_by_id;
#[cfg(all(feature = "macros", feature = "testing"))]
mod credentials_hidden;
mod custom;
mod declared_types;
mod effects;
mod errors;
mod field_marks;
mod frame;
mod info;
mod logs;
mod paging;
mod payload_credentials;
mod places;
mod probe;
mod properties;
mod rate_limits;
mod secrets;
mod settings;
mod state;
mod summary;
mod support;
mod survival;
mod unusual_types;
#[cfg(feature = "macros")]
mod validation;
mod wires;
