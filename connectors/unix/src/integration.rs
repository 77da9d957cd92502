//! The connector as a whole.

use connector::Integration;
use connector::capability::{
    ActivateAccount, AssignEntitlement, CreateAccount, DeactivateAccount, DeleteAccount,
    FindEntitlementAssociations, GetLastActivity, ListAccounts, ListEntitlements, ListResources,
    UnassignEntitlement, ValidateCredentials,
};
use connector::model::AppCategory;

use crate::capabilities::{accounts, activity, associations, credentials, entitlements, resources};
use crate::error::{UnixError, WriteErrorHandler};
use crate::write::WriteError;
use crate::{Settings, WritableRoots};

/// A shell prompt, in white on black.
const LOGO: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Crect width='8' \
    height='8' rx='1'/%3E%3Cpath d='M1 2l2 2-2 2m3 0h3' fill='none' stroke='%23fff'/%3E%3C/svg%3E";

/// The connector for a Unix machine, in the classic wire format. It needs no credentials: it can do what the user who
/// runs it can do. It changes the running machine, and the images in `UNIX_CONNECTOR_WRITABLE_ROOTS`.
#[must_use]
pub fn integration() -> Integration {
    integration_with(&WritableRoots::from_environment())
}

/// Like [`integration()`], but changes the running machine and the images in `roots`. It ignores the environment.
#[must_use]
pub fn integration_with(roots: &WritableRoots) -> Integration {
    Integration::builder("unix")
        .version(env!("CARGO_PKG_VERSION"))
        .user_friendly_name("Unix")
        .description("Lists and changes the accounts, groups and sudo rights of a Unix machine")
        .logo_url(LOGO)
        .categories([AppCategory::ItAndSecurity])
        .settings::<Settings>()
        .resource_types(resources::types())
        .entitlement_types(entitlements::types())
        // Each page reads the files again, so a few large pages are cheaper than many small ones.
        .page_size(1_000, 10_000)
        .on_error::<WriteError>(WriteErrorHandler)
        .error_codes::<UnixError>()
        .register_blocking(ListAccounts, accounts::list_accounts)
        .register_blocking(CreateAccount, accounts::create_account(roots.clone()))
        .register_blocking(ActivateAccount, accounts::activate_account(roots.clone()))
        .register_blocking(DeactivateAccount, accounts::deactivate_account(roots.clone()))
        .register_blocking(DeleteAccount, accounts::delete_account(roots.clone()))
        .register_blocking(ListResources, resources::list_resources)
        .register_blocking(ListEntitlements, entitlements::list_entitlements)
        .register_blocking(FindEntitlementAssociations, associations::find_entitlement_associations)
        .register_blocking(AssignEntitlement, entitlements::assign_entitlement(roots.clone()))
        .register_blocking(UnassignEntitlement, entitlements::unassign_entitlement(roots.clone()))
        .register_blocking(GetLastActivity, activity::get_last_activity)
        .register_blocking(ValidateCredentials, credentials::validate_credentials)
        .describe("create_account", "Create Account", "Creates an account without a password")
        .describe(
            "deactivate_account",
            "Deactivate Account",
            "Locks an account's password and makes the account expire",
        )
        .describe("delete_account", "Delete Account", "Deletes an account; its files stay")
        .describe(
            "validate_credentials",
            "Validate Credentials",
            "Checks that the machine's accounts can be read",
        )
        .build()
}
