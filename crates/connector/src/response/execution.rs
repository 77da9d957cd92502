//! Execution summaries: what a call did to the upstream. Openapi format only.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::{EncounteredErrorResponse, Error};

/// What a call did to the upstream.
///
/// The SDK writes a summary for most writes without any help: see
/// [`execution_summary`](crate::Response::execution_summary). A handler creates one to say more.
///
/// ```
/// use connector::capability::{CreateAccountResponse, DeleteAccountResponse};
/// use connector::model::AccountStatus;
/// use connector::{Error, ExecutionEffect, ExecutionSummary, Response};
///
/// fn created(id: String, without_license: &Error) -> Response<CreateAccountResponse> {
///     let summary = ExecutionSummary::new(ExecutionEffect::Created).caught(without_license);
///     let payload =
///         CreateAccountResponse { id: Some(id), ..CreateAccountResponse::new(AccountStatus::Active, true) };
///     Response::new(payload).execution_summary(summary)
/// }
/// # let error = connector::ConnectorError::conflict("no licenses left").into();
/// # drop(created("7".to_owned(), &error));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExecutionSummary {
    /// The change.
    pub effect: ExecutionEffect,
    /// Identifies the request: calls that request the same thing have the same fingerprint. If it is `None`, the SDK
    /// computes it.
    pub request_fingerprint: Option<String>,
    /// Whether repeating the call leads to the same state. If it is `None`, this follows from the capability's
    /// [`Effect`](crate::capability::Effect).
    pub is_idempotent: Option<bool>,
    /// A description, for people.
    pub description: Option<String>,
    /// Errors that occurred but didn't make the call fail.
    pub caught_errors: Vec<EncounteredErrorResponse>,
}

impl ExecutionSummary {
    /// Creates a summary without a description and errors. The SDK adds the fingerprint, and whether the call is
    /// idempotent.
    #[must_use]
    pub const fn new(effect: ExecutionEffect) -> Self {
        Self {
            effect,
            request_fingerprint: None,
            is_idempotent: None,
            description: None,
            caught_errors: Vec::new(),
        }
    }

    /// Sets the fingerprint of the request, instead of the SDK's.
    #[must_use]
    pub fn request_fingerprint(mut self, fingerprint: impl Into<String>) -> Self {
        self.request_fingerprint = Some(fingerprint.into());
        self
    }

    /// Sets whether repeating the call leads to the same state, for example because the upstream recognizes the account
    /// to create by its email.
    #[must_use]
    pub const fn idempotent(mut self, is_idempotent: bool) -> Self {
        self.is_idempotent = Some(is_idempotent);
        self
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
        let own = [self.request_fingerprint.as_mut(), self.description.as_mut()];
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
