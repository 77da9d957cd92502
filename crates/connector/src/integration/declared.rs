//! Checks that a handler takes the settings, credentials and state that its integration declares.
//!
//! If `register` named those types in its bound on the handler, the compiler would only report that two function
//! signatures differ. Instead, `register` lets the handler's own types be inferred, and [`Takes`] compares them.

use std::sync::Arc;

use crate::auth::{NoAuth, WithCredentials, WithoutCredentials};

/// A handler that takes the types its integration declares.
///
/// Implemented for every handler where `Declared` and `Taken` are the same type, and likewise the pairs in `Rest` and
/// the two states. If `Part` is [`WithoutCredentials`], the handler takes [`NoAuth`] instead of the declared credentials.
///
/// `Request` is the type that the integration calls the handler with. A closure's parameter types are inferred from it.
#[diagnostic::on_unimplemented(
    message = "{Part}: the integration declares `{Declared}`, but this handler takes `{Taken}`",
    label = "takes `{Taken}`",
    note = "`.settings`, `.auth` and `.state` declare the types that handlers take; call them before registering capabilities"
)]
pub trait Takes<Part, Declared, Taken, Rest, State, TakenState, Request, Out>: Fn(Request) -> Out {
    /// Converts the state, which is the same type.
    #[doc(hidden)]
    fn state(declared: &Arc<State>) -> Arc<TakenState>;
}

/// The handler takes settings other than those given to `.settings`.
#[derive(Debug)]
pub enum SettingsMismatch {}
/// The handler takes credentials other than those given to `.auth`.
#[derive(Debug)]
pub enum CredentialsMismatch {}
/// The handler takes a state other than that given to `.state`.
#[derive(Debug)]
pub enum StateMismatch {}

/// The credentials that a handler takes if its requests carry none. Only implemented for [`NoAuth`].
#[diagnostic::on_unimplemented(
    message = "requests for this capability carry no credentials, but this handler takes `{Self}`",
    label = "takes `{Self}`",
    note = "take `NoAuth`, even if the integration declares credentials"
)]
pub trait TakesNoAuth {}

impl TakesNoAuth for NoAuth {}

// A separate step: after it, the compiler looks at the handler's own signature and infers the types it takes.
impl<F, S, S2, A, A2, T, T2, Request, Out> Takes<WithCredentials, (S, A), (S2, A2), (), T, T2, Request, Out>
    for F
where
    F: Takes<SettingsMismatch, S, S2, (A, A2), T, T2, Request, Out>,
{
    fn state(declared: &Arc<T>) -> Arc<T2> {
        <F as Takes<SettingsMismatch, S, S2, (A, A2), T, T2, Request, Out>>::state(declared)
    }
}

impl<F, S, S2, A, A2, T, T2, Request, Out>
    Takes<WithoutCredentials, (S, A), (S2, A2), (), T, T2, Request, Out> for F
where
    A2: TakesNoAuth,
    F: Takes<SettingsMismatch, S, S2, (A2, A2), T, T2, Request, Out>,
{
    fn state(declared: &Arc<T>) -> Arc<T2> {
        <F as Takes<SettingsMismatch, S, S2, (A2, A2), T, T2, Request, Out>>::state(declared)
    }
}

impl<F, S, A, A2, T, T2, Request, Out> Takes<SettingsMismatch, S, S, (A, A2), T, T2, Request, Out> for F
where
    F: Takes<CredentialsMismatch, A, A2, (), T, T2, Request, Out>,
{
    fn state(declared: &Arc<T>) -> Arc<T2> {
        <F as Takes<CredentialsMismatch, A, A2, (), T, T2, Request, Out>>::state(declared)
    }
}

impl<F, A, T, T2, Request, Out> Takes<CredentialsMismatch, A, A, (), T, T2, Request, Out> for F
where
    F: Takes<StateMismatch, T, T2, (), T, T2, Request, Out>,
{
    fn state(declared: &Arc<T>) -> Arc<T2> {
        <F as Takes<StateMismatch, T, T2, (), T, T2, Request, Out>>::state(declared)
    }
}

impl<F, T, Request, Out> Takes<StateMismatch, T, T, (), T, T, Request, Out> for F
where
    F: Fn(Request) -> Out,
{
    fn state(declared: &Arc<T>) -> Arc<T> {
        Arc::clone(declared)
    }
}
