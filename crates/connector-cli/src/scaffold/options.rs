//! What can be chosen by a name: credentials, pagination, and where checks run.

/// Declares a choice between names.
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

choice!(/// The kind of credentials.
    Credentials, Basic, Basic = "basic", Token = "token", OAuth = "oauth", None = "none");
choice!(/// How the upstream's listings go on.
    Pagination, Cursor, Page = "page", Offset = "offset", Cursor = "cursor", Link = "link", None = "none");
choice!(/// Where checks run.
    Ci, GitHub, GitHub = "github", GitLab = "gitlab", None = "none");
