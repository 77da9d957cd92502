//! The table of standard capabilities. Everything that concerns all of them is generated from it.

/// Passes all standard capabilities, sorted by name, to the macro `$then`. The format of a row:
///
/// ```text
/// /// More documentation for the marker type (optional).
/// Marker, "name", Effect, paged or whole, Request => Response, "What it does, in one line",
///     classic("name in classic": Request => Response), openapi(Request => Response);
/// ```
///
/// `paged` capabilities return a listing page by page. `classic(…)` is present if the classic format has the
/// capability. A format's `Request => Response` names the types under `wire/<format>/` that define the payloads, or
/// `Same` if the model's own serde does. Omit `openapi(…)` if both are `Same`: that format has every capability, and
/// the model's types match it.
macro_rules! each_capability {
    ($then:ident) => {
        $then! {
            ActivateAccount, "activate_account", IdempotentWrite, whole,
                ActivateAccountRequest => ActivateAccountResponse,
                "Activates a suspended account",
                classic("activate_account": Same => ActivateAccountResponse);
            AppInfo, "app_info", Read, whole,
                AppInfoRequest => AppInfoResponse,
                "Returns the connector's OpenAPI document";
            /// Safe to repeat: an application is assigned to an account at most once.
            AssignApplication, "assign_application", IdempotentWrite, whole,
                AssignApplicationRequest => AssignApplicationResponse,
                "Assigns an application to an account";
            AssignApplicationEntitlement, "assign_application_entitlement", IdempotentWrite, whole,
                AssignApplicationEntitlementRequest => AssignApplicationEntitlementResponse,
                "Assigns an entitlement in an application to an account";
            AssignEntitlement, "assign_entitlement", IdempotentWrite, whole,
                AssignEntitlementRequest => AssignEntitlementResponse,
                "Assigns an entitlement to an account",
                classic("assign-entitlement": Same => Same);
            ConnectedInfo, "connected_info", Read, whole,
                ConnectedInfoRequest => ConnectedInfoResponse,
                "Describes the connector for a specific tenant";
            /// It is never retried automatically: a second call may create a second account.
            CreateAccount, "create_account", UnsafeWrite, whole,
                CreateAccountRequest => CreateAccountResponse,
                "Creates an account",
                classic("create_account": Same => CreateAccountResponse),
                openapi(CreateAccountRequest => Same);
            DeactivateAccount, "deactivate_account", IdempotentWrite, whole,
                DeactivateAccountRequest => DeactivateAccountResponse,
                "Suspends an account",
                classic("deactivate_account": Same => DeactivateAccountResponse);
            DeleteAccount, "delete_account", IdempotentWrite, whole,
                DeleteAccountRequest => DeleteAccountResponse,
                "Deletes an account",
                classic("delete_account": Same => DeleteAccountResponse);
            /// It is never retried automatically: a second call may go down another step.
            DowngradeLicense, "downgrade_license", UnsafeWrite, whole,
                DowngradeLicenseRequest => DowngradeLicenseResponse,
                "Moves an account to a cheaper license";
            FindEntitlementAssignments, "find_entitlement_assignments", Read, paged,
                FindEntitlementAssignmentsRequest => FindEntitlementAssignmentsResponse,
                "Lists which resource holds which entitlement on which other resource";
            FindEntitlementAssociations, "find_entitlement_associations", Read, paged,
                FindEntitlementAssociationsRequest => FindEntitlementAssociationsResponse,
                "Lists which account holds which entitlement",
                classic("find-entitlement-associations": Same => FindEntitlementAssociationsResponse);
            /// The graph of a large app can come in several pages: each has a part of every list.
            FindEntitlementGraph, "find_entitlement_graph", Read, paged,
                FindEntitlementGraphRequest => FindEntitlementGraphResponse,
                "Returns the graph of the entitlements, with what each one includes";
            /// The graph of a large app can come in several pages: each has a part of every list.
            FindResourceGraph, "find_resource_graph", Read, paged,
                FindResourceGraphRequest => FindResourceGraphResponse,
                "Returns the graph of the resources, with how they are related";
            /// A read even with `POST`: the handler must allow that only for paths that change nothing.
            FulfillArbitraryEndpoint, "fulfill_arbitrary_endpoint", Read, whole,
                FulfillArbitraryEndpointRequest => FulfillArbitraryEndpointResponse,
                "Passes a read on to the app's own API";
            GetAccount, "get_account", Read, whole,
                GetAccountRequest => GetAccountResponse,
                "Finds an account by its id";
            GetAccountEntitlementAssociations, "get_account_entitlement_associations", Read, paged,
                GetAccountEntitlementAssociationsRequest => GetAccountEntitlementAssociationsResponse,
                "Lists the entitlements that one account holds";
            GetApplication, "get_application", Read, whole,
                GetApplicationRequest => GetApplicationResponse,
                "Returns one application, by its ID";
            GetApplicationAccount, "get_application_account", Read, whole,
                GetApplicationAccountRequest => GetApplicationAccountResponse,
                "Returns the access of one account to one application";
            GetAuthorizationUrl, "get_authorization_url", Read, whole,
                GetAuthorizationUrlRequest => GetAuthorizationUrlResponse,
                "Returns the URL where a user authorizes the connector",
                classic("get_authorization_url": GetAuthorizationUrlRequest => GetAuthorizationUrlResponse);
            GetCredentialLastActivity, "get_credential_last_activity", Read, paged,
                GetCredentialLastActivityRequest => GetCredentialLastActivityResponse,
                "Lists when credentials were last active";
            GetDataRecency, "get_data_recency", Read, whole,
                GetDataRecencyRequest => GetDataRecencyResponse,
                "Returns how current the app's data is";
            GetLastActivity, "get_last_activity", Read, whole,
                GetLastActivityRequest => GetLastActivityResponse,
                "Reports when accounts were last used",
                classic("get-last-activity": Same => GetLastActivityResponse);
            GetNonHumanAccountLastActivity, "get_non_human_account_last_activity", Read, paged,
                GetNonHumanAccountLastActivityRequest => GetNonHumanAccountLastActivityResponse,
                "Lists when non-human accounts were last active";
            /// It is never retried automatically: an authorization code can be used only once.
            HandleAuthorizationCallback, "handle_authorization_callback", UnsafeWrite, whole,
                HandleAuthorizationCallbackRequest => HandleAuthorizationCallbackResponse,
                "Exchanges an authorization code for tokens",
                classic("handle_authorization_callback":
                    HandleAuthorizationCallbackRequest => HandleAuthorizationCallbackResponse);
            /// Safe to repeat: the credentials can be used any number of times, and the last tokens are the ones to keep.
            HandleClientCredentialsRequest, "handle_client_credentials_request", IdempotentWrite, whole,
                HandleClientCredentialsRequestRequest => HandleClientCredentialsRequestResponse,
                "Exchanges a client's credentials for tokens";
            ListAccounts, "list_accounts", Read, paged,
                ListAccountsRequest => ListAccountsResponse,
                "Lists the accounts of the app",
                classic("list-accounts": Same => ListAccountsResponse);
            ListActivityRecords, "list_activity_records", Read, paged,
                ListActivityRecordsRequest => ListActivityRecordsResponse,
                "Lists what accounts have done";
            ListApplications, "list_applications", Read, paged,
                ListApplicationsRequest => ListApplicationsResponse,
                "Lists the applications that accounts can have access to";
            ListApplicationsAccounts, "list_applications_accounts", Read, paged,
                ListApplicationsAccountsRequest => ListApplicationsAccountsResponse,
                "Lists which accounts have access to which applications";
            ListApplicationsActivityRecords, "list_applications_activity_records", Read, paged,
                ListApplicationsActivityRecordsRequest => ListApplicationsActivityRecordsResponse,
                "Lists what accounts have done in which application since a date";
            ListApplicationsEntitlementAssociations, "list_applications_entitlement_associations", Read, paged,
                ListApplicationsEntitlementAssociationsRequest => ListApplicationsEntitlementAssociationsResponse,
                "Lists which account holds which entitlement in which application";
            ListApplicationsEntitlements, "list_applications_entitlements", Read, paged,
                ListApplicationsEntitlementsRequest => ListApplicationsEntitlementsResponse,
                "Lists the entitlements in all applications";
            ListApplicationsResources, "list_applications_resources", Read, paged,
                ListApplicationsResourcesRequest => ListApplicationsResourcesResponse,
                "Lists the resources in all applications";
            ListCredentials, "list_credentials", Read, paged,
                ListCredentialsRequest => ListCredentialsResponse,
                "Lists the credentials that exist in the app, without their secrets";
            ListCustomAttributesSchema, "list_custom_attributes_schema", Read, paged,
                ListCustomAttributesSchemaRequest => ListCustomAttributesSchemaResponse,
                "Lists the custom attributes that the app has",
                classic("list-custom-attributes-schema": Same => ListCustomAttributesSchemaResponse);
            ListEntitlements, "list_entitlements", Read, paged,
                ListEntitlementsRequest => ListEntitlementsResponse,
                "Lists the entitlements on a resource",
                classic("list-entitlements": ListEntitlementsRequest => ListEntitlementsResponse);
            ListExpenses, "list_expenses", Read, paged,
                ListExpensesRequest => ListExpensesResponse,
                "Lists expenses and card transactions";
            ListNonHumanAccounts, "list_non_human_accounts", Read, paged,
                ListNonHumanAccountsRequest => ListNonHumanAccountsResponse,
                "Lists the accounts that programs use";
            ListResources, "list_resources", Read, paged,
                ListResourcesRequest => ListResourcesResponse,
                "Lists the resources of a type",
                classic("list-resources": ListResourcesRequest => ListResourcesResponse);
            ListUpdatedAccounts, "list_updated_accounts", Read, paged,
                ListUpdatedAccountsRequest => ListUpdatedAccountsResponse,
                "Lists the accounts that have changed since a time or the previous call";
            ProbeIntegration, "probe_integration", Read, whole,
                ProbeIntegrationRequest => ProbeIntegrationResponse,
                "Checks whether a first sync would work, on a few records";
            /// It is never retried automatically: many upstreams accept a refresh token only once.
            RefreshAccessToken, "refresh_access_token", UnsafeWrite, whole,
                RefreshAccessTokenRequest => RefreshAccessTokenResponse,
                "Exchanges a refresh token for new tokens",
                classic("refresh_access_token": RefreshAccessTokenRequest => RefreshAccessTokenResponse);
            /// Safe to repeat: resources that an account has released stay released.
            ReleaseResources, "release_resources", IdempotentWrite, whole,
                ReleaseResourcesRequest => ReleaseResourcesResponse,
                "Releases the resources of an account";
            /// It is never retried automatically: many upstreams start a new transfer with every call.
            TransferData, "transfer_data", UnsafeWrite, whole,
                TransferDataRequest => TransferDataResponse,
                "Transfers the data of one account to another";
            /// Safe to repeat: an application that is not assigned stays unassigned.
            UnassignApplication, "unassign_application", IdempotentWrite, whole,
                UnassignApplicationRequest => UnassignApplicationResponse,
                "Removes an application from an account";
            UnassignApplicationEntitlement, "unassign_application_entitlement", IdempotentWrite, whole,
                UnassignApplicationEntitlementRequest => UnassignApplicationEntitlementResponse,
                "Removes an entitlement in an application from an account";
            UnassignEntitlement, "unassign_entitlement", IdempotentWrite, whole,
                UnassignEntitlementRequest => UnassignEntitlementResponse,
                "Removes an entitlement from an account",
                classic("unassign-entitlement": Same => Same);
            /// Safe to repeat: it sets fields to the values in the request.
            UpdateAccount, "update_account", IdempotentWrite, whole,
                UpdateAccountRequest => UpdateAccountResponse,
                "Changes an account";
            ValidateCredentialConfig, "validate_credential_config", Read, whole,
                ValidateCredentialConfigRequest => ValidateCredentialConfigResponse,
                "Checks credentials that a user has just entered",
                openapi(ValidateCredentialConfigRequest => Same);
            ValidateCredentials, "validate_credentials", Read, whole,
                ValidateCredentialsRequest => ValidateCredentialsResponse,
                "Checks whether the upstream accepts the credentials",
                classic("validate-credentials": Same => ValidateCredentialsResponse);
        }
    };
}
pub(crate) use each_capability;
