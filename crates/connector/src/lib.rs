#![doc = include_str!("../docs/lib.md")]
#![doc = include_str!("../docs/features.md")]

pub mod capability;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "client")]
pub mod endpoint;
pub mod error;
pub mod model;
pub mod pagination;
#[doc(hidden)]
pub mod redaction;
pub mod secret;

#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "testing")]
pub mod testing;

mod auth;
mod blocking;
mod cancellation;
mod document;
mod facts;
mod fingerprint;
mod http_error;
mod integration;
#[cfg(feature = "cli")]
mod log_writer;
mod read;
mod request;
mod response;
pub mod schema;
mod scrub;
mod wire;

pub use auth::{
    Auth, CarriedCredentials, CredentialType, Credentials, DeclaredCredential, FoundCredentials,
    InvalidCredentials, NoAuth, NoSettings, Settings, WithCredentials, WithoutCredentials,
};
pub use blocking::sync_to_async;
pub use cancellation::{Cancellation, Cancelled};
pub use error::{ConnectorError, Error, ErrorCode, Result};
pub use facts::{CapabilityInfo, Description};
#[cfg(feature = "conformance")]
#[doc(hidden)]
pub use integration::standard_app_info;
pub use integration::{
    Answer, BuildError, CredentialsMismatch, Integration, IntegrationBuilder, Outcome, Probe, Provided,
    SettingsMismatch, StateMismatch, Takes, TakesNoAuth, standard_openapi_document,
};
#[cfg(feature = "macros")]
pub use lumos_connector_macros::{Credentials, capabilities};
pub use request::Request;
pub use response::{ExecutionEffect, ExecutionSummary, NoopEffectReason, Partial, Response};
pub use scrub::{scrub, scrub_logs};
pub use secret::Secret;
#[cfg(feature = "conformance")]
#[doc(hidden)]
pub use wire::vectors;
pub use wire::{StandardCapability, UnknownWire, Wire, WireCapability, standard_capabilities};

// Re-exported for the derives on an author's types, so that the versions match.
pub use schemars;
pub use serde;
pub use serde_json;

/// Compiles and runs the examples in the README and the guide.
#[cfg(all(doctest, feature = "cli", feature = "macros"))]
mod pages {
    #[doc = include_str!("../../../README.md")]
    struct Readme;

    #[doc = include_str!("../../../docs/guide/first-connector.md")]
    struct FirstConnector;

    #[doc = include_str!("../../../docs/guide/capabilities.md")]
    struct Capabilities;

    #[doc = include_str!("../../../docs/guide/settings-and-credentials.md")]
    struct SettingsAndCredentials;

    #[doc = include_str!("../../../docs/guide/several-credentials.md")]
    struct SeveralCredentials;

    #[doc = include_str!("../../../docs/guide/pagination.md")]
    struct Pagination;

    #[doc = include_str!("../../../docs/guide/errors.md")]
    struct Errors;

    #[doc = include_str!("../../../docs/guide/arguments.md")]
    struct Arguments;

    #[doc = include_str!("../../../docs/guide/sync-only.md")]
    struct SyncOnly;

    #[doc = include_str!("../../../docs/guide/from-python.md")]
    struct FromPython;

    #[doc = include_str!("../../../docs/guide/from-connector-py-4.md")]
    struct FromConnectorPy4;

    #[doc = include_str!("../../../docs/guide/shipping.md")]
    struct Shipping;

    #[doc = include_str!("../../../docs/guide/converting.md")]
    struct Converting;

    #[cfg(all(feature = "client", feature = "testing"))]
    #[doc = include_str!("../../../docs/guide/http-upstream.md")]
    struct HttpUpstream;

    #[cfg(feature = "client")]
    #[doc = include_str!("../../../docs/guide/built-in.md")]
    struct BuiltIn;

    #[cfg(feature = "server")]
    #[doc = include_str!("../../../docs/guide/serving.md")]
    struct Serving;

    #[cfg(feature = "paused")]
    #[doc = include_str!("../../../docs/guide/testing.md")]
    struct Testing;

    #[cfg(feature = "contract")]
    #[doc = include_str!("../../../docs/guide/contract.md")]
    struct Contract;
}
