//! Execution summaries: what a call did to the upstream. Openapi format only.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::{EncounteredErrorResponse, Error};

/// What a call did to the upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExecutionSummary {
    /// The change.
    pub effect: ExecutionEffect,
    /// Identifies the request. Calls that request the same thing have the same fingerprint.
    pub request_fingerprint: String,
    /// Whether repeating the call leads to the same state.
    pub is_idempotent: bool,
    /// A description, for people.
    pub description: Option<String>,
    /// Errors that occurred but didn't make the call fail.
    pub caught_errors: Vec<EncounteredErrorResponse>,
}

impl ExecutionSummary {
    /// Creates a summary without a description and errors.
    pub fn new(effect: ExecutionEffect, request_fingerprint: impl Into<String>, is_idempotent: bool) -> Self {
        Self {
            effect,
            request_fingerprint: request_fingerprint.into(),
            is_idempotent,
            description: None,
            caught_errors: Vec::new(),
        }
    }

    /// Sets a description of what the call did, for people.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Adds an error that didn't make the call fail. Exception handlers don't see it.
    #[must_use]
    pub fn caught(mut self, error: &Error) -> Self {
        self.caught_errors.push(error.into());
        self
    }

    /// Returns all strings in the summary.
    pub(crate) fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let own = [Some(&mut self.request_fingerprint), self.description.as_mut()];
        let errors = self.caught_errors.iter_mut().flat_map(EncounteredErrorResponse::texts);
        own.into_iter().flatten().chain(errors)
    }
}

/// What a call changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[schemars(rename = "Effect")]
#[non_exhaustive]
pub enum ExecutionEffect {
    /// Something was created.
    Created,
    /// Something was changed.
    Updated,
    /// Something was deleted.
    Deleted,
    /// Nothing was changed.
    Noop {
        /// The reason.
        reason: NoopEffectReason,
    },
}

/// Why a call changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoopEffectReason {
    /// The state already matches the request.
    StateAlreadyMatches,
}

/// If `kind` is missing, an effect with a valid reason is a no-op and any other is a creation.
impl<'de> Deserialize<'de> for ExecutionEffect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Untagged {
            #[serde(default, deserialize_with = "crate::read::present")]
            kind: Option<Kind>,
            reason: Option<serde_json::Value>,
        }
        let read = Untagged::deserialize(deserializer)?;
        let reason = read.reason.and_then(|reason| NoopEffectReason::deserialize(reason).ok());
        match (read.kind, reason) {
            (None | Some(Kind::Noop), Some(reason)) => Ok(Self::Noop { reason }),
            (Some(Kind::Noop), None) => Err(serde::de::Error::missing_field("reason")),
            (None | Some(Kind::Created), _) => Ok(Self::Created),
            (Some(Kind::Updated), _) => Ok(Self::Updated),
            (Some(Kind::Deleted), _) => Ok(Self::Deleted),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Created,
    Updated,
    Deleted,
    Noop,
}
