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

    /// The method of the builder that adds the SDK's own implementation, if there is one.
    pub(super) fn built_in(&self) -> Option<&'static str> {
        BUILT_IN.iter().find(|(_, marker)| *marker == self.marker).map(|(method, _)| *method)
    }
}

/// The methods of the builder that add the SDK's own implementation of a capability, with its marker type.
pub(super) const BUILT_IN: [(&str, &str); 2] =
    [("arbitrary_endpoint", "FulfillArbitraryEndpoint"), ("probe", "ProbeIntegration")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_capabilities_have_a_method() {
        assert_eq!(Capability::named("probe-integration").unwrap().built_in(), Some("probe"));
        assert_eq!(Capability::named("list-accounts").unwrap().built_in(), None);
        for (_, marker) in BUILT_IN {
            assert!(standard_capabilities().iter().any(|standard| standard.marker == marker), "{marker}");
        }
    }

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
