//! What a call did to the upstream. Openapi format only.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::{EncounteredErrorResponse, Error};

/// What a call did to the upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExecutionSummary {
    /// What it changed.
    pub effect: ExecutionEffect,
    /// Identifies the request: the same for calls that ask for the same.
    pub request_fingerprint: String,
    /// Whether repeating the call leads to the same state.
    pub is_idempotent: bool,
    /// What it did, for people.
    pub description: Option<String>,
    /// The errors that the call met and went on after.
    pub caught_errors: Vec<EncounteredErrorResponse>,
}

impl ExecutionSummary {
    /// A summary without description and errors.
    pub fn new(effect: ExecutionEffect, request_fingerprint: impl Into<String>, is_idempotent: bool) -> Self {
        Self {
            effect,
            request_fingerprint: request_fingerprint.into(),
            is_idempotent,
            description: None,
            caught_errors: Vec::new(),
        }
    }

    /// Describes what the call did, for people.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Adds an error that the call went on after. Exception handlers do not see it.
    #[must_use]
    pub fn caught(mut self, error: &Error) -> Self {
        self.caught_errors.push(error.into());
        self
    }

    /// All its texts.
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
        /// Why not.
        reason: NoopEffectReason,
    },
}

/// Why a call changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoopEffectReason {
    /// Everything is already as the request wants it.
    StateAlreadyMatches,
}

/// `kind` may be left out: an effect with a valid reason is then a noop, any other a creation.
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
