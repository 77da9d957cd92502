//! What the code says of an integration.

use connector::Wire;
use syn::{ExprMethodCall, Type};

/// What is known of an integration.
#[derive(Default)]
pub(super) struct About {
    pub(super) settings: Option<Type>,
    pub(super) auth: Option<Type>,
    /// The call of `.state(…)`.
    pub(super) state: Option<ExprMethodCall>,
    pub(super) wire: Wire,
    /// The path of the function that gives the integration, if it can be called without more ado.
    pub(super) function: Option<String>,
}
