//! [`Family`]: groups of standard capabilities that belong together.

macro_rules! families {
    ($($family:ident, $name:literal, $description:literal;)*) => {
        /// What a standard capability is about. Documents and menus are grouped by it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Family {
            $(#[doc = $description] $family),*
        }

        impl Family {
            /// All families, in the order in which they are listed.
            pub const ALL: &[Self] = &[$(Self::$family),*];

            /// The display name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$family => $name),*
                }
            }

            /// A one-line description.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self {
                    $(Self::$family => $description),*
                }
            }
        }
    };
}

families! {
    Accounts, "Accounts", "Accounts and their attributes.";
    NonHumanAccounts, "Non-human accounts", "Service accounts, roles and app installations.";
    Credentials, "Credentials", "Credentials that exist in the app.";
    Entitlements, "Entitlements", "Entitlements and who holds them.";
    Resources, "Resources", "Resources of the app.";
    Applications, "Applications", "The applications of an app that has several, and the access to them.";
    Activity, "Activity", "What accounts have done, and when.";
    AccessGraph, "Access graph", "How entitlements and resources are related.";
    Expenses, "Expenses", "Expenses and card transactions.";
    Offboarding, "Offboarding", "What happens to the data and licenses of someone who leaves.";
    Authorization, "Authorization", "How the connector gets access to the app.";
    Connector, "Connector", "The connector itself.";
}
