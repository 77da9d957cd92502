//! The options that are chosen by name: credentials, pagination and CI system.

/// Declares an enum of named options.
macro_rules! choice {
    ($(#[$doc:meta])* $type:ident, $default:ident, $($variant:ident = $name:literal),*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $type {
            $($variant),*
        }

        impl $type {
            pub(super) const NAMES: &'static [&'static str] = &[$($name),*];
            pub(super) const DEFAULT: Self = Self::$default;

            pub(super) fn parse(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }

            pub(super) const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),*
                }
            }
        }
    };
}

choice!(/// The type of credentials.
    Credentials, Basic, Basic = "basic", Token = "token", OAuth = "oauth", None = "none");
choice!(/// The upstream's pagination.
    Pagination, Cursor, Page = "page", Offset = "offset", Cursor = "cursor", Link = "link", None = "none");
choice!(/// The CI system.
    Ci, GitHub, GitHub = "github", GitLab = "gitlab", None = "none");
