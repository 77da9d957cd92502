//! `validate_credential_config` for credentials that are declared by ID.

mod basic;

use std::future::Future;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;

use super::built_in::RAISED_IN;
use super::handler::{
    CallMetadata, Definition, Encoded, Erased, HandlerFuture, Registered, encode, supported_codec,
};
use super::{BuildError, Integration, IntegrationBuilder};
use crate::auth::{Auth, ById, DeclaredCredential, Kinds, NoAuth, Settings};
use crate::capability::{Capability as _, ValidateCredentialConfig, ValidateCredentialConfigResponse};
use crate::error::Result;
use crate::read::{Place, Problem, Section, part, section};
use crate::request::Request;
use crate::response::Response;
use crate::wire::{Call, Wire, WireCapability as _};
use basic::Checked;

/// A future of the response to a check.
type CheckFuture =
    std::pin::Pin<Box<dyn Future<Output = Result<Response<ValidateCredentialConfigResponse>>> + Send>>;

/// Reads a credential and starts a check of it.
type StartCheck =
    dyn for<'c> Fn(Place, &str, Call<'c>, CallMetadata) -> Result<CheckFuture, Problem> + Send + Sync;

/// How the author validates the credentials of an integration.
#[derive(Default)]
pub(super) struct Validation {
    checks: Vec<Check>,
}

impl Validation {
    pub(super) const fn is_empty(&self) -> bool {
        self.checks.is_empty()
    }
}

/// An author's check of one credential.
struct Check {
    id: String,
    /// Why the credential can't be passed to the check.
    mismatch: fn(&DeclaredCredential) -> Option<String>,
    run: Box<StartCheck>,
}

impl<S: Settings, A: Auth, State: Send + Sync + 'static> IntegrationBuilder<S, A, State> {
    /// Validates one of several [`Credentials`](crate::Credentials) when a user has entered it, before the connector
    /// uses it. `T` is the type of its field, without the `Option`, and the payload of the request.
    ///
    /// An integration that declares credentials by ID has the capability
    /// [`ValidateCredentialConfig`](crate::capability::ValidateCredentialConfig) without any registration. It reports
    /// missing fields, empty values and white space around values. It calls `check` only if it finds nothing.
    ///
    /// ```
    /// use connector::capability::ValidateCredentialConfigResponse;
    /// use connector::model::TokenCredentials;
    /// use connector::{Credentials, Integration, Request, Response, Result, Wire};
    ///
    /// #[derive(Credentials)]
    /// struct Auth {
    ///     /// Calls the API.
    ///     api: TokenCredentials,
    /// }
    ///
    /// async fn check_api(request: Request<TokenCredentials>) -> Result<Response<ValidateCredentialConfigResponse>> {
    ///     let valid = request.request.token.expose().starts_with("acme_");
    ///     let errors = (!valid).then(|| vec!["API tokens start with acme_".to_owned()]);
    ///     Ok(ValidateCredentialConfigResponse { validation_errors: errors, ..ValidateCredentialConfigResponse::new(valid) }.into())
    /// }
    ///
    /// let integration =
    ///     Integration::builder("acme").wire(Wire::OpenApi).auth::<Auth>().validate_credential("api", check_api).build();
    /// # drop(integration);
    /// ```
    ///
    /// [`build`](Self::build) reports an ID that isn't declared, or is declared with another type.
    pub fn validate_credential<T, F, Fut>(mut self, id: impl Into<String>, check: F) -> Self
    where
        T: DeserializeOwned + JsonSchema + 'static,
        F: Fn(Request<T, S, NoAuth, State>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Response<ValidateCredentialConfigResponse>>> + Send + 'static,
    {
        let state = Arc::clone(&self.state);
        let run = move |place: Place, text: &str, call: Call<'_>, metadata: CallMetadata| {
            let cancel_on_drop = metadata.cancellation.guard();
            let request = part::<T>(place, text)?;
            let running = check(metadata.request(call, request, NoAuth, Arc::clone(&state))?);
            Ok(Box::pin(async move {
                let _cancel_on_drop = cancel_on_drop;
                running.await
            }) as CheckFuture)
        };
        self.validation.checks.push(Check {
            id: id.into(),
            mismatch: DeclaredCredential::mismatch::<T>,
            run: Box::new(run),
        });
        self
    }

    /// Adds the capability if the credentials are declared by ID.
    pub(super) fn add_validation(mut self) -> std::result::Result<Self, BuildError> {
        let validation = std::mem::take(&mut self.validation);
        // Known when compiled, so that connectors without such credentials don't contain the capability.
        let Some(by_id) = Kinds::of::<A>().by_id() else {
            let why = "no credential is declared by ID";
            validation.checks.first().map_or(Ok(()), |check| Err(check.mistake(why)))?;
            return Ok(self);
        };
        let name = ValidateCredentialConfig::NAME;
        let is_off = self.omitted.contains(&name) || self.integration.find(name).is_some();
        let check_settings = |call: &Call<'_>| section::<S>(Section::Settings, call.settings).map(drop);
        self.built_in.extend(validation.capability(by_id, check_settings, is_off)?);
        Ok(self)
    }
}

impl Validation {
    /// The capability, unless it is omitted or replaced by the author's handler.
    fn capability(
        self,
        by_id: ById,
        check_settings: fn(&Call<'_>) -> Result<(), Problem>,
        is_off: bool,
    ) -> std::result::Result<Option<Registered>, BuildError> {
        for (index, check) in self.checks.iter().enumerate() {
            if is_off {
                return Err(check.mistake("the capability for it is not built in"));
            }
            let Some((_, declared)) = by_id.find(&check.id) else {
                return Err(check.mistake("it is not the ID of a credential"));
            };
            if let Some(mismatch) = (check.mismatch)(declared) {
                return Err(check.mistake(&mismatch));
            }
            if self.checks.iter().take(index).any(|earlier| earlier.id == check.id) {
                return Err(check.mistake("there is another validation"));
            }
        }
        if is_off {
            return Ok(None);
        }
        let capability = ValidateConfig { by_id, checks: self.checks, check_settings };
        let definition = Definition::standard::<ValidateCredentialConfig>();
        Ok(Some(Registered::new(definition, RAISED_IN.to_owned(), Arc::new(capability))))
    }
}

impl Check {
    fn mistake(&self, why: &str) -> BuildError {
        BuildError::InvalidCredentials(format!("{:?} is validated, but {why}", self.id))
    }
}

/// The capability.
struct ValidateConfig {
    by_id: ById,
    checks: Vec<Check>,
    check_settings: fn(&Call<'_>) -> Result<(), Problem>,
}

impl Erased for ValidateConfig {
    fn start<'a>(
        &'a self,
        integration: &'a Integration,
        call: Call<'a>,
        metadata: CallMetadata,
    ) -> Result<HandlerFuture<'a>, Problem> {
        let codec = supported_codec(ValidateCredentialConfig::codec(integration.wire))?;
        (self.check_settings)(&call)?;
        metadata.sizes.resolve(call.page.size)?;
        let encoded = move |response| encode(codec, response, 0);
        let (declared, place, text) = match basic::check(self.by_id, call.request)? {
            Checked::Failed(error) => return Ok(Box::pin(async { Err(error.into()) })),
            Checked::Invalid(why) => {
                let response = ValidateCredentialConfigResponse {
                    validation_errors: Some(vec![why.to_owned()]),
                    ..ValidateCredentialConfigResponse::new(false)
                };
                return Ok(Box::pin(async move { encoded(response.into()) }));
            }
            Checked::Sound { declared, place, text } => (declared, place, text),
        };
        let check = self.checks.iter().find(|check| check.id == declared.id);
        let running = check.map(|check| (check.run)(place, text, call, metadata)).transpose()?;
        Ok(Box::pin(async move {
            let mut response = match running {
                Some(running) => running.await?,
                None => ValidateCredentialConfigResponse::new(true).into(),
            };
            complete(&mut response.response);
            encoded(response) as Result<Encoded>
        }))
    }

    fn check(&self, _: Wire, call: Call<'_>, metadata: CallMetadata) -> Result<(), Problem> {
        (self.check_settings)(&call)?;
        metadata.sizes.resolve(call.page.size)?;
        basic::check(self.by_id, call.request).map(drop)
    }

    fn reread(&self, wire: Wire, call: Call<'_>) {
        // The standard type finds the secrets of credentials that aren't the declared ones.
        if let Some(codec) = ValidateCredentialConfig::codec(wire) {
            let _ = (codec.decode)(call.request);
        }
        let _ = basic::check(self.by_id, call.request);
        let _ = (self.check_settings)(&call);
    }

    fn schemas(&self, wire: Wire, generator: &mut SchemaGenerator) -> Option<(Schema, Schema)> {
        let codec = ValidateCredentialConfig::codec(wire)?;
        let credential = wire.credential_schema(self.by_id, generator);
        let request = schemars::json_schema!({
            "type": "object",
            "properties": { "credential": credential },
            "required": ["credential"],
        });
        Some((request, (codec.response_schema)(generator)))
    }
}

/// Makes the parts of an author's response consistent.
fn complete(response: &mut ValidateCredentialConfigResponse) {
    let errors = response.validation_errors.get_or_insert_default();
    if !response.valid && errors.is_empty() {
        errors.push("Credential is invalid, unexpected error occurred".to_owned());
    }
    response.valid = errors.is_empty();
}
