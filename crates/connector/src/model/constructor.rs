//! `constructor!`: how payloads are made so that a field more breaks nobody.

/// Gives a type its `new`: an argument for each field that is always there, and `None` for the others, named behind.
macro_rules! constructor {
    ($type:ident($($field:ident: $of:ty),*) $(, $optional:ident)*) => {
        impl $type {
            /// Creates a value from its required fields. Optional fields are `None`; set them with
            /// `X { field, ..X::new(…) }`.
            #[must_use]
            pub fn new($($field: impl Into<$of>),*) -> Self {
                Self { $($field: $field.into(),)* $($optional: None),* }
            }
        }
    };
}
pub(crate) use constructor;
