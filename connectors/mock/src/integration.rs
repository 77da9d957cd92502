//! Puts the connector together.

use connector::Integration;
use connector::capability::{
    ActivateAccount, AssignEntitlement, CreateAccount, DeactivateAccount, DeleteAccount,
    FindEntitlementAssociations, GetAccount, GetAuthorizationUrl, GetLastActivity,
    HandleAuthorizationCallback, ListAccounts, ListCustomAttributesSchema, ListEntitlements, ListResources,
    RefreshAccessToken, UnassignEntitlement, ValidateCredentials,
};
use connector::error::{HttpHandler, HttpStatusError};
use connector::model::{AppCategory, BasicCredentials};

use crate::error::MockError;
use crate::{Settings, accounts, activity, attributes, authorization, credentials, entitlements, resources};

/// The mock connector, in the classic wire format.
#[must_use]
pub fn integration() -> Integration {
    Integration::builder("mock-connector")
        .version(env!("CARGO_PKG_VERSION"))
        .user_friendly_name("Mock Connector")
        .description("Supports every capability with a fictional tenant, and fails on request")
        .categories([AppCategory::Developers])
        .auth::<BasicCredentials>()
        .settings::<Settings>()
        .page_size(100, 10_000)
        .on_error::<HttpStatusError>(HttpHandler)
        .error_codes::<MockError>()
        .register(ListAccounts, accounts::list_accounts)
        .register(GetAccount, accounts::get_account)
        .register(CreateAccount, accounts::create_account)
        .register(ActivateAccount, accounts::activate_account)
        .register(DeactivateAccount, accounts::deactivate_account)
        .register(DeleteAccount, accounts::delete_account)
        .register(ListResources, resources::list_resources)
        .register(ListEntitlements, entitlements::list_entitlements)
        .register(FindEntitlementAssociations, entitlements::find_entitlement_associations)
        .register(AssignEntitlement, entitlements::assign_entitlement)
        .register(UnassignEntitlement, entitlements::unassign_entitlement)
        .register(GetLastActivity, activity::get_last_activity)
        .register(ListCustomAttributesSchema, attributes::list_custom_attributes_schema)
        .register(ValidateCredentials, credentials::validate_credentials)
        .register(GetAuthorizationUrl, authorization::get_authorization_url)
        .register(HandleAuthorizationCallback, authorization::handle_authorization_callback)
        .register(RefreshAccessToken, authorization::refresh_access_token)
        .build()
}
