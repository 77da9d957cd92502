//! A capability and its names in code.

use connector::capability::{STANDARD_NAMES, same_name};
use connector::{StandardCapability, standard_capabilities};

use crate::stop::Stop;

/// A capability and its names in code.
#[derive(Debug)]
pub(super) struct Capability {
    pub(super) standard: StandardCapability,
    /// `create_account`: the name of the function, its module and its file.
    pub(super) name: String,
    /// `CreateAccount`: the marker type.
    pub(super) marker: String,
}

impl Capability {
    /// Finds the standard capability `name`.
    ///
    /// # Errors
    /// If it doesn't exist. The message lists the existing ones.
    pub(super) fn named(name: &str) -> Result<Self, Stop> {
        let standard = standard_capabilities().into_iter().find(|standard| same_name(standard.name, name));
        let standard = standard.ok_or_else(|| {
            let names = STANDARD_NAMES.join(", ");
            Stop::usage(format!("unknown capability {name:?}, expected one of {names}"))
        })?;
        let (name, marker) = (standard.name.to_owned(), standard.marker.to_owned());
        Ok(Self { standard, name, marker })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_have_hyphens() {
        for name in ["get-authorization-url", "get_authorization_url"] {
            let capability = Capability::named(name).unwrap();
            assert_eq!(capability.name, "get_authorization_url");
            assert_eq!(capability.marker, "GetAuthorizationUrl");
        }
        let message = Capability::named("fly").unwrap_err().message;
        assert!(
            message.contains("unknown capability \"fly\", expected one of")
                && message.contains("list_accounts"),
            "{message}"
        );
    }
}
