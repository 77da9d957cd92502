//! What the code shows about an integration.

use connector::Wire;
use syn::{ExprMethodCall, Type};

/// What is known about an integration.
#[derive(Default)]
pub(super) struct About {
    pub(super) settings: Option<Type>,
    pub(super) auth: Option<Type>,
    /// The call of `.state(…)`.
    pub(super) state: Option<ExprMethodCall>,
    pub(super) wire: Wire,
    /// The path of the function that returns the integration, if it takes no arguments.
    pub(super) function: Option<String>,
}
