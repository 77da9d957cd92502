//! Methods that are capabilities by their name.

use connector::capability::*;
use connector::{ConnectorError, ErrorCode, Request, Response, Result};

macro_rules! all {
    ($($method:ident $request:ident $response:ident;)*) => {
        struct All;

        #[connector::capabilities]
        impl All {
            $(async fn $method(&self, _: Request<$request>) -> Result<Response<$response>> {
                Err(ConnectorError::new("", ErrorCode::UnsupportedOperation))?
            })*
        }
    };
}

all! {
    activate_account ActivateAccountRequest ActivateAccountResponse;
    app_info AppInfoRequest AppInfoResponse;
    assign_application AssignApplicationRequest AssignApplicationResponse;
    assign_application_entitlement AssignApplicationEntitlementRequest AssignApplicationEntitlementResponse;
    assign_entitlement AssignEntitlementRequest AssignEntitlementResponse;
    connected_info ConnectedInfoRequest ConnectedInfoResponse;
    create_account CreateAccountRequest CreateAccountResponse;
    deactivate_account DeactivateAccountRequest DeactivateAccountResponse;
    delete_account DeleteAccountRequest DeleteAccountResponse;
    downgrade_license DowngradeLicenseRequest DowngradeLicenseResponse;
    find_entitlement_assignments FindEntitlementAssignmentsRequest FindEntitlementAssignmentsResponse;
    find_entitlement_associations FindEntitlementAssociationsRequest FindEntitlementAssociationsResponse;
    find_entitlement_graph FindEntitlementGraphRequest FindEntitlementGraphResponse;
    find_resource_graph FindResourceGraphRequest FindResourceGraphResponse;
    fulfill_arbitrary_endpoint FulfillArbitraryEndpointRequest FulfillArbitraryEndpointResponse;
    get_account GetAccountRequest GetAccountResponse;
    get_account_entitlement_associations GetAccountEntitlementAssociationsRequest GetAccountEntitlementAssociationsResponse;
    get_application GetApplicationRequest GetApplicationResponse;
    get_application_account GetApplicationAccountRequest GetApplicationAccountResponse;
    get_authorization_url GetAuthorizationUrlRequest GetAuthorizationUrlResponse;
    get_credential_last_activity GetCredentialLastActivityRequest GetCredentialLastActivityResponse;
    get_data_recency GetDataRecencyRequest GetDataRecencyResponse;
    get_last_activity GetLastActivityRequest GetLastActivityResponse;
    get_non_human_account_last_activity GetNonHumanAccountLastActivityRequest GetNonHumanAccountLastActivityResponse;
    handle_authorization_callback HandleAuthorizationCallbackRequest HandleAuthorizationCallbackResponse;
    handle_client_credentials_request HandleClientCredentialsRequestRequest HandleClientCredentialsRequestResponse;
    list_accounts ListAccountsRequest ListAccountsResponse;
    list_activity_records ListActivityRecordsRequest ListActivityRecordsResponse;
    list_applications ListApplicationsRequest ListApplicationsResponse;
    list_applications_accounts ListApplicationsAccountsRequest ListApplicationsAccountsResponse;
    list_applications_activity_records ListApplicationsActivityRecordsRequest ListApplicationsActivityRecordsResponse;
    list_applications_entitlement_associations ListApplicationsEntitlementAssociationsRequest ListApplicationsEntitlementAssociationsResponse;
    list_applications_entitlements ListApplicationsEntitlementsRequest ListApplicationsEntitlementsResponse;
    list_applications_resources ListApplicationsResourcesRequest ListApplicationsResourcesResponse;
    list_credentials ListCredentialsRequest ListCredentialsResponse;
    list_custom_attributes_schema ListCustomAttributesSchemaRequest ListCustomAttributesSchemaResponse;
    list_entitlements ListEntitlementsRequest ListEntitlementsResponse;
    list_expenses ListExpensesRequest ListExpensesResponse;
    list_non_human_accounts ListNonHumanAccountsRequest ListNonHumanAccountsResponse;
    list_resources ListResourcesRequest ListResourcesResponse;
    list_updated_accounts ListUpdatedAccountsRequest ListUpdatedAccountsResponse;
    probe_integration ProbeIntegrationRequest ProbeIntegrationResponse;
    refresh_access_token RefreshAccessTokenRequest RefreshAccessTokenResponse;
    release_resources ReleaseResourcesRequest ReleaseResourcesResponse;
    transfer_data TransferDataRequest TransferDataResponse;
    unassign_application UnassignApplicationRequest UnassignApplicationResponse;
    unassign_application_entitlement UnassignApplicationEntitlementRequest UnassignApplicationEntitlementResponse;
    unassign_entitlement UnassignEntitlementRequest UnassignEntitlementResponse;
    update_account UpdateAccountRequest UpdateAccountResponse;
    validate_credential_config ValidateCredentialConfigRequest ValidateCredentialConfigResponse;
    validate_credentials ValidateCredentialsRequest ValidateCredentialsResponse;
}

#[test]
fn every_standard_capability_is_recognized_by_name() {
    let integration = All.into_builder("all").wire(connector::Wire::OpenApi).build();
    let mut names: Vec<&str> = integration.capabilities().map(|capability| capability.name).collect();
    let mut standard = STANDARD_NAMES.to_vec();
    names.sort_unstable();
    standard.sort_unstable();
    assert_eq!(names, standard);
}
