//! `constructor!`: generates `new` functions, so that adding an optional field isn't a breaking change.

/// Implements `new` with one argument per required field. The fields listed after them get their default.
macro_rules! constructor {
    ($type:ident($($field:ident: $of:ty),*) $(, $optional:ident)*) => {
        impl $type {
            /// Creates a value from its required fields. Optional fields are `None` or empty; set them with
            /// `X { field, ..X::new(…) }`.
            #[must_use]
            #[allow(clippy::too_many_arguments, reason = "as many as the format requires")]
            pub fn new($($field: impl Into<$of>),*) -> Self {
                Self { $($field: $field.into(),)* $($optional: Default::default()),* }
            }
        }
    };
}
pub(crate) use constructor;
