//! Puts the connector together.

use connector::capability::{
    ActivateAccount, AssignApplication, AssignApplicationEntitlement, AssignEntitlement, ConnectedInfo,
    CreateAccount, DeactivateAccount, DeleteAccount, DowngradeLicense, FindEntitlementAssignments,
    FindEntitlementAssociations, FindEntitlementGraph, FindResourceGraph, FulfillArbitraryEndpoint,
    GetAccount, GetAccountEntitlementAssociations, GetApplication, GetApplicationAccount,
    GetAuthorizationUrl, GetCredentialLastActivity, GetDataRecency, GetLastActivity,
    GetNonHumanAccountLastActivity, HandleAuthorizationCallback, ListAccounts, ListActivityRecords,
    ListApplications, ListApplicationsAccounts, ListApplicationsActivityRecords,
    ListApplicationsEntitlementAssociations, ListApplicationsEntitlements, ListApplicationsResources,
    ListCredentials, ListCustomAttributesSchema, ListEntitlements, ListExpenses, ListNonHumanAccounts,
    ListResources, ListUpdatedAccounts, RefreshAccessToken, ReleaseResources, TransferData,
    UnassignApplication, UnassignApplicationEntitlement, UnassignEntitlement, UpdateAccount,
    ValidateCredentials,
};
use connector::error::{HttpHandler, HttpStatusError};
use connector::model::{
    AccessGraphEntitlementType, AppCategory, BasicCredentials, EntitlementType, ResourceType,
};
use connector::{Integration, Probe};

use crate::error::MockError;
use crate::tenant::{ENTITLEMENT_TYPE, RESOURCE_TYPE};
use crate::{
    Settings, access_graph, account_changes, accounts, activity, application_assignments, applications,
    arbitrary_endpoint, attributes, authorization, connected_info, credentials, entitlement_assignments,
    entitlements, expenses, issued_credentials, non_human_accounts, offboarding, resources,
};

/// The mock connector, in the classic wire format.
#[must_use]
pub fn integration() -> Integration {
    Integration::builder("mock-connector")
        .version(env!("CARGO_PKG_VERSION"))
        .user_friendly_name("Mock Connector")
        .description("Returns the data of a fictional tenant, and fails on request")
        .logo_url("https://mock.example/logo.svg")
        .categories([AppCategory::Developers])
        .app_vendor_domain("mock.example.com")
        .resource_types([ResourceType::new(RESOURCE_TYPE, "Group")])
        .entitlement_types([EntitlementType::new(ENTITLEMENT_TYPE, "Membership", RESOURCE_TYPE, 0_u32)])
        .access_graph_entitlement_types([AccessGraphEntitlementType::new(
            ENTITLEMENT_TYPE,
            "Membership",
            RESOURCE_TYPE,
        )])
        .auth::<BasicCredentials>()
        .settings::<Settings>()
        .page_size(100, 10_000)
        .on_error::<HttpStatusError>(HttpHandler)
        .error_codes::<MockError>()
        .register(ListAccounts, accounts::list_accounts)
        .register(GetAccount, accounts::get_account)
        .register(CreateAccount, accounts::create_account)
        .register(UpdateAccount, account_changes::update_account)
        .register(ListUpdatedAccounts, account_changes::list_updated_accounts)
        .register(ActivateAccount, accounts::activate_account)
        .register(DeactivateAccount, accounts::deactivate_account)
        .register(DeleteAccount, accounts::delete_account)
        .register(TransferData, offboarding::transfer_data)
        .register(ReleaseResources, offboarding::release_resources)
        .register(DowngradeLicense, offboarding::downgrade_license)
        .register(ListResources, resources::list_resources)
        .register(ListEntitlements, entitlements::list_entitlements)
        .register(FindEntitlementAssociations, entitlements::find_entitlement_associations)
        .register(AssignEntitlement, entitlements::assign_entitlement)
        .register(UnassignEntitlement, entitlements::unassign_entitlement)
        .register(
            GetAccountEntitlementAssociations,
            entitlement_assignments::get_account_entitlement_associations,
        )
        .register(FindEntitlementAssignments, entitlement_assignments::find_entitlement_assignments)
        .register(FindEntitlementGraph, access_graph::find_entitlement_graph)
        .register(FindResourceGraph, access_graph::find_resource_graph)
        .register(ListApplications, applications::list_applications)
        .register(GetApplication, applications::get_application)
        .register(ListApplicationsAccounts, applications::list_applications_accounts)
        .register(GetApplicationAccount, applications::get_application_account)
        .register(ListApplicationsResources, applications::list_applications_resources)
        .register(ListApplicationsEntitlements, applications::list_applications_entitlements)
        .register(
            ListApplicationsEntitlementAssociations,
            applications::list_applications_entitlement_associations,
        )
        .register(ListApplicationsActivityRecords, activity::list_applications_activity_records)
        .register(ListActivityRecords, activity::list_activity_records)
        .register(AssignApplication, application_assignments::assign_application)
        .register(UnassignApplication, application_assignments::unassign_application)
        .register(AssignApplicationEntitlement, application_assignments::assign_application_entitlement)
        .register(UnassignApplicationEntitlement, application_assignments::unassign_application_entitlement)
        .register(GetLastActivity, activity::get_last_activity)
        .register(ListNonHumanAccounts, non_human_accounts::list_non_human_accounts)
        .register(GetNonHumanAccountLastActivity, non_human_accounts::get_non_human_account_last_activity)
        .register(ListCredentials, issued_credentials::list_credentials)
        .register(GetCredentialLastActivity, issued_credentials::get_credential_last_activity)
        .register(ListExpenses, expenses::list_expenses)
        .register(ListCustomAttributesSchema, attributes::list_custom_attributes_schema)
        .register(ValidateCredentials, credentials::validate_credentials)
        .register(ConnectedInfo, connected_info::connected_info)
        .register(GetDataRecency, connected_info::get_data_recency)
        .register(GetAuthorizationUrl, authorization::get_authorization_url)
        .register(HandleAuthorizationCallback, authorization::handle_authorization_callback)
        .register(RefreshAccessToken, authorization::refresh_access_token)
        .register(FulfillArbitraryEndpoint, arbitrary_endpoint::fulfill_arbitrary_endpoint)
        .probe(Probe::new().entitlement_types([ENTITLEMENT_TYPE]))
        .build()
}
