//! A capability, with the names that it has in code.

use connector::capability::{STANDARD_NAMES, same_name};
use connector::{StandardCapability, standard_capabilities};

use crate::stop::Stop;

/// A capability, with the names that it has in code.
#[derive(Debug)]
pub(super) struct Capability {
    pub(super) standard: StandardCapability,
    /// `create_account`: of the function, its module and its file.
    pub(super) name: String,
    /// `CreateAccount`: of the marker type.
    pub(super) marker: String,
}

impl Capability {
    /// # Errors
    /// If there is none of this name: the message lists those that there are.
    pub(super) fn named(name: &str) -> Result<Self, Stop> {
        let standard = standard_capabilities().into_iter().find(|standard| same_name(standard.name, name));
        let standard = standard.ok_or_else(|| {
            let names = STANDARD_NAMES.join(", ");
            Stop::usage(format!("there is no capability {name}; there are {names}"))
        })?;
        let (name, marker) = (standard.name.to_owned(), standard.marker.to_owned());
        Ok(Self { standard, name, marker })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capability_may_be_written_with_hyphens_and_has_its_name_in_code() {
        for name in ["get-authorization-url", "get_authorization_url"] {
            let capability = Capability::named(name).unwrap();
            assert_eq!(capability.name, "get_authorization_url");
            assert_eq!(capability.marker, "GetAuthorizationUrl");
        }
        let message = Capability::named("fly").unwrap_err().message;
        assert!(
            message.contains("no capability fly; there are") && message.contains("list_accounts"),
            "{message}"
        );
    }
}
