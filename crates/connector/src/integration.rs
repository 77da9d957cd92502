//! [`Integration`]: a connector, ready to handle calls.

mod answer;
mod app_info;
mod build_error;
mod builder;
mod built_in;
mod call;
mod declared;
mod dispatch;
#[cfg(feature = "client")]
mod endpoint;
mod failure;
mod guard;
mod handler;
pub(crate) mod info;
mod invoke;
mod names;
mod options;
mod probe;
#[cfg(feature = "cli")]
mod settings_log;
mod summary;
pub(crate) mod trace;
mod types;
mod unhandled;
mod validation;

use std::fmt;
use std::time::Duration;

pub use answer::{Answer, Outcome};
pub use build_error::BuildError;
pub use builder::IntegrationBuilder;
pub use built_in::Provided;
pub use declared::{CredentialsMismatch, SettingsMismatch, StateMismatch, Takes, TakesNoAuth};
pub(crate) use handler::Registered;
pub use probe::Probe;
#[cfg(feature = "cli")]
pub(crate) use settings_log::SettingsLog;
#[cfg(feature = "conformance")]
#[doc(hidden)]
pub use unhandled::standard_app_info;
pub use unhandled::standard_openapi_document;

use crate::auth::Kinds;
#[cfg(any(feature = "cli", feature = "server"))]
use crate::capability::Effect;
use crate::capability::same_name;
use crate::error::Classifier;
use crate::facts::{CapabilityInfo, Declarations, Description};
#[cfg(feature = "testing")]
use crate::model::CredentialKind;
use crate::model::RateLimitMode;
use crate::request::PageSizes;
use crate::wire::Wire;

/// A connector: its capabilities, credentials and settings, and its description.
///
/// Create it with [`Integration::builder`] and call it with [`dispatch`](Integration::dispatch). It is `Send + Sync`:
/// calls may run concurrently, and they share its [`state`](IntegrationBuilder::state).
pub struct Integration {
    app_id: String,
    version: String,
    wire: Wire,
    handle_errors: bool,
    deadline: Option<Duration>,
    page_sizes: PageSizes,
    rate_limit_mode: Option<RateLimitMode>,
    description: Description,
    declared: Declarations,
    /// Sorted by name.
    capabilities: Vec<Registered>,
    classifier: Classifier,
    kinds: Kinds,
    schemas: info::Schemas,
    error_codes: Vec<(&'static str, &'static str)>,
    /// How to log the settings of calls, if at all.
    #[cfg(feature = "cli")]
    settings_log: Option<SettingsLog>,
}

/// The target of a call, resolved from its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Info,
    /// The index of a registered capability.
    Capability(usize),
}

impl Integration {
    /// The app's id, such as `github`.
    #[must_use]
    pub fn app_id(&self) -> &str {
        &self.app_id
    }

    /// The connector's version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The wire format of requests and responses.
    #[must_use]
    pub const fn wire(&self) -> Wire {
        self.wire
    }

    /// Whether errors of handlers are turned into responses; see [`try_dispatch`](Self::try_dispatch).
    #[must_use]
    pub const fn handles_errors(&self) -> bool {
        self.handle_errors
    }

    /// How long a handler may take.
    #[must_use]
    pub const fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// The integration's description, for people.
    #[must_use]
    pub const fn description(&self) -> &Description {
        &self.description
    }

    /// The capabilities available in the integration's wire format, sorted by name.
    pub fn capabilities(&self) -> impl Iterator<Item = CapabilityInfo<'_>> {
        self.capabilities_in(self.wire)
    }

    /// The capabilities available in `wire`, sorted by name.
    pub(crate) fn capabilities_in(&self, wire: Wire) -> impl Iterator<Item = CapabilityInfo<'_>> {
        self.capabilities
            .iter()
            .filter(move |registered| registered.supports(wire))
            .map(move |registered| registered.info(wire))
    }

    /// Returns the same connector in another wire format.
    ///
    /// # Errors
    /// If the connector accepts only a kind of credentials that the format doesn't have.
    pub fn with_wire(mut self, wire: Wire) -> Result<Self, BuildError> {
        builder::check_kinds(self.kinds, wire)?;
        self.wire = wire;
        Ok(self)
    }

    /// Returns the same connector with another deadline.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Option<Duration>) -> Self {
        self.deadline = deadline;
        self
    }

    /// Returns the same connector, with or without a log of the settings of its calls.
    #[cfg(feature = "cli")]
    pub(crate) fn with_settings_log(mut self, log: Option<SettingsLog>) -> Self {
        self.settings_log = log;
        self
    }

    /// The accepted kinds of credentials.
    #[cfg(feature = "testing")]
    pub(crate) const fn credential_kinds(&self) -> &'static [CredentialKind] {
        self.kinds.all()
    }

    /// The credentials that are declared by ID.
    #[cfg(feature = "testing")]
    pub(crate) const fn credentials_by_id(&self) -> Option<crate::auth::ById> {
        self.kinds.by_id()
    }

    /// Resolves the name of a call, if it is available in the wire format.
    pub(crate) fn resolve(&self, name: &str) -> Option<Target> {
        if name == info::NAME {
            return Some(Target::Info);
        }
        let is_asked =
            |known: &Registered| same_name(known.definition.name, name) && known.supports(self.wire);
        self.capabilities.iter().position(is_asked).map(Target::Capability)
    }

    /// All targets available in the wire format, each with its name in snake case.
    #[cfg(feature = "server")]
    pub(crate) fn targets(&self) -> impl Iterator<Item = (&'static str, Target)> {
        let known = self.capabilities.iter().enumerate().filter(|(_, known)| known.supports(self.wire));
        let known = known.map(|(index, known)| (known.definition.name, Target::Capability(index)));
        std::iter::once((info::NAME, Target::Info)).chain(known)
    }

    /// Returns whether the capability with this name changes nothing.
    #[cfg(any(feature = "cli", feature = "server"))]
    pub(crate) fn only_reads(&self, name: &str) -> bool {
        name == info::NAME
            || self.find(name).is_some_and(|registered| registered.definition.effect == Effect::Read)
    }

    fn find(&self, name: &str) -> Option<&Registered> {
        self.capabilities.iter().find(|registered| same_name(registered.definition.name, name))
    }
}

impl fmt::Debug for Integration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Integration")
            .field("app_id", &self.app_id)
            .field("wire", &self.wire)
            .field(
                "capabilities",
                &self.capabilities.iter().map(|registered| registered.definition.name).collect::<Vec<_>>(),
            )
            .finish_non_exhaustive()
    }
}
