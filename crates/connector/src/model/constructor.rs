//! `constructor!`: how payloads are made so that a field more breaks nobody.

/// Gives a type its `new`: an argument for each field that is always there, and `None` for the others, named behind.
macro_rules! constructor {
    ($type:ident($($field:ident: $of:ty),*) $(, $optional:ident)*) => {
        impl $type {
            /// Made of what is always there. What may be left out is `None`: say it as `..Self::new(…)` or afterwards.
            #[must_use]
            pub fn new($($field: impl Into<$of>),*) -> Self {
                Self { $($field: $field.into(),)* $($optional: None),* }
            }
        }
    };
}
pub(crate) use constructor;
