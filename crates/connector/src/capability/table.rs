//! The table of standard capabilities. Everything that concerns all of them is generated from it.

/// Passes all standard capabilities, sorted by name, to the macro `$then`. The format of a row:
///
/// ```text
/// /// More documentation for the marker type (optional).
/// Marker, "name", Family, Effect, paged or whole, Request => Response, "What it does, in one line",
///     classic("name in classic": Request => Response), openapi(Request => Response);
/// ```
///
/// `paged` capabilities return a listing page by page. Add `without credentials` after `paged` or `whole` if openapi
/// requests carry none: the handler then takes `NoAuth` in every integration. `classic(…)` is present if the classic format has the
/// capability. A format's `Request => Response` names the types under `wire/<format>/` that define the payloads, or
/// `Same` if the model's own serde does. Omit `openapi(…)` if both are `Same`: that format has every capability, and
/// the model's types match it.
macro_rules! each_capability {
    ($then:ident) => {
        $then! {
            ActivateAccount, "activate_account", Accounts, IdempotentWrite, whole,
                ActivateAccountRequest => ActivateAccountResponse,
                "Activates a suspended account",
                classic("activate_account": Same => ActivateAccountResponse);
            AppInfo, "app_info", Connector, Read, whole without credentials,
                AppInfoRequest => AppInfoResponse,
                "Returns the connector's OpenAPI document";
            /// Safe to repeat: an application is assigned to an account at most once.
            AssignApplication, "assign_application", Applications, IdempotentWrite, whole,
                AssignApplicationRequest => AssignApplicationResponse,
                "Assigns an application to an account";
            AssignApplicationEntitlement, "assign_application_entitlement", Applications, IdempotentWrite, whole,
                AssignApplicationEntitlementRequest => AssignApplicationEntitlementResponse,
                "Assigns an entitlement in an application to an account";
            AssignEntitlement, "assign_entitlement", Entitlements, IdempotentWrite, whole,
                AssignEntitlementRequest => AssignEntitlementResponse,
                "Assigns an entitlement to an account",
                classic("assign-entitlement": Same => Same);
            ConnectedInfo, "connected_info", Connector, Read, whole,
                ConnectedInfoRequest => ConnectedInfoResponse,
                "Describes the connector for a specific tenant";
            /// It is never retried automatically: a second call may create a second account.
            CreateAccount, "create_account", Accounts, UnsafeWrite, whole,
                CreateAccountRequest => CreateAccountResponse,
                "Creates an account",
                classic("create_account": Same => CreateAccountResponse),
                openapi(CreateAccountRequest => Same);
            DeactivateAccount, "deactivate_account", Accounts, IdempotentWrite, whole,
                DeactivateAccountRequest => DeactivateAccountResponse,
                "Suspends an account",
                classic("deactivate_account": Same => DeactivateAccountResponse);
            DeleteAccount, "delete_account", Accounts, IdempotentWrite, whole,
                DeleteAccountRequest => DeleteAccountResponse,
                "Deletes an account",
                classic("delete_account": Same => DeleteAccountResponse);
            /// It is never retried automatically: a second call may go down another step.
            DowngradeLicense, "downgrade_license", Offboarding, UnsafeWrite, whole,
                DowngradeLicenseRequest => DowngradeLicenseResponse,
                "Moves an account to a cheaper license";
            FindEntitlementAssignments, "find_entitlement_assignments", Entitlements, Read, paged,
                FindEntitlementAssignmentsRequest => FindEntitlementAssignmentsResponse,
                "Lists which resource holds which entitlement on which other resource";
            FindEntitlementAssociations, "find_entitlement_associations", Entitlements, Read, paged,
                FindEntitlementAssociationsRequest => FindEntitlementAssociationsResponse,
                "Lists which account holds which entitlement",
                classic("find-entitlement-associations": Same => FindEntitlementAssociationsResponse);
            /// The graph of a large app can come in several pages: each has a part of every list.
            FindEntitlementGraph, "find_entitlement_graph", AccessGraph, Read, paged,
                FindEntitlementGraphRequest => FindEntitlementGraphResponse,
                "Returns the graph of the entitlements, with what each one includes";
            /// The graph of a large app can come in several pages: each has a part of every list.
            FindResourceGraph, "find_resource_graph", AccessGraph, Read, paged,
                FindResourceGraphRequest => FindResourceGraphResponse,
                "Returns the graph of the resources, with how they are related";
            /// A read even with `POST`: the handler must allow that only for paths that change nothing.
            FulfillArbitraryEndpoint, "fulfill_arbitrary_endpoint", Connector, Read, whole,
                FulfillArbitraryEndpointRequest => FulfillArbitraryEndpointResponse,
                "Passes a read on to the app's own API";
            GetAccount, "get_account", Accounts, Read, whole,
                GetAccountRequest => GetAccountResponse,
                "Finds an account by its id";
            GetAccountEntitlementAssociations, "get_account_entitlement_associations", Entitlements, Read, paged,
                GetAccountEntitlementAssociationsRequest => GetAccountEntitlementAssociationsResponse,
                "Lists the entitlements that one account holds";
            GetApplication, "get_application", Applications, Read, whole,
                GetApplicationRequest => GetApplicationResponse,
                "Returns one application, by its ID";
            GetApplicationAccount, "get_application_account", Applications, Read, whole,
                GetApplicationAccountRequest => GetApplicationAccountResponse,
                "Returns the access of one account to one application";
            GetAuthorizationUrl, "get_authorization_url", Authorization, Read, whole without credentials,
                GetAuthorizationUrlRequest => GetAuthorizationUrlResponse,
                "Returns the URL where a user authorizes the connector",
                classic("get_authorization_url": GetAuthorizationUrlRequest => GetAuthorizationUrlResponse);
            GetCredentialLastActivity, "get_credential_last_activity", Credentials, Read, paged,
                GetCredentialLastActivityRequest => GetCredentialLastActivityResponse,
                "Lists when credentials were last active";
            GetDataRecency, "get_data_recency", Connector, Read, whole,
                GetDataRecencyRequest => GetDataRecencyResponse,
                "Returns how current the app's data is";
            GetLastActivity, "get_last_activity", Activity, Read, whole,
                GetLastActivityRequest => GetLastActivityResponse,
                "Reports when accounts were last used",
                classic("get-last-activity": Same => GetLastActivityResponse);
            GetNonHumanAccountLastActivity, "get_non_human_account_last_activity", NonHumanAccounts, Read, paged,
                GetNonHumanAccountLastActivityRequest => GetNonHumanAccountLastActivityResponse,
                "Lists when non-human accounts were last active";
            /// It is never retried automatically: an authorization code can be used only once.
            HandleAuthorizationCallback, "handle_authorization_callback", Authorization, UnsafeWrite, whole without credentials,
                HandleAuthorizationCallbackRequest => HandleAuthorizationCallbackResponse,
                "Exchanges an authorization code for tokens",
                classic("handle_authorization_callback":
                    HandleAuthorizationCallbackRequest => HandleAuthorizationCallbackResponse);
            /// Safe to repeat: the credentials can be used any number of times, and the last tokens are the ones to keep.
            HandleClientCredentialsRequest, "handle_client_credentials_request", Authorization, IdempotentWrite, whole without credentials,
                HandleClientCredentialsRequestRequest => HandleClientCredentialsRequestResponse,
                "Exchanges a client's credentials for tokens";
            ListAccounts, "list_accounts", Accounts, Read, paged,
                ListAccountsRequest => ListAccountsResponse,
                "Lists the accounts of the app",
                classic("list-accounts": Same => ListAccountsResponse);
            ListActivityRecords, "list_activity_records", Activity, Read, paged,
                ListActivityRecordsRequest => ListActivityRecordsResponse,
                "Lists what accounts have done";
            ListApplications, "list_applications", Applications, Read, paged,
                ListApplicationsRequest => ListApplicationsResponse,
                "Lists the applications that accounts can have access to";
            ListApplicationsAccounts, "list_applications_accounts", Applications, Read, paged,
                ListApplicationsAccountsRequest => ListApplicationsAccountsResponse,
                "Lists which accounts have access to which applications";
            ListApplicationsActivityRecords, "list_applications_activity_records", Applications, Read, paged,
                ListApplicationsActivityRecordsRequest => ListApplicationsActivityRecordsResponse,
                "Lists what accounts have done in which application since a date";
            ListApplicationsEntitlementAssociations, "list_applications_entitlement_associations", Applications, Read, paged,
                ListApplicationsEntitlementAssociationsRequest => ListApplicationsEntitlementAssociationsResponse,
                "Lists which account holds which entitlement in which application";
            ListApplicationsEntitlements, "list_applications_entitlements", Applications, Read, paged,
                ListApplicationsEntitlementsRequest => ListApplicationsEntitlementsResponse,
                "Lists the entitlements in all applications";
            ListApplicationsResources, "list_applications_resources", Applications, Read, paged,
                ListApplicationsResourcesRequest => ListApplicationsResourcesResponse,
                "Lists the resources in all applications";
            ListCredentials, "list_credentials", Credentials, Read, paged,
                ListCredentialsRequest => ListCredentialsResponse,
                "Lists the credentials that exist in the app, without their secrets";
            ListCustomAttributesSchema, "list_custom_attributes_schema", Accounts, Read, paged,
                ListCustomAttributesSchemaRequest => ListCustomAttributesSchemaResponse,
                "Lists the custom attributes that the app has",
                classic("list-custom-attributes-schema": Same => ListCustomAttributesSchemaResponse);
            ListEntitlements, "list_entitlements", Entitlements, Read, paged,
                ListEntitlementsRequest => ListEntitlementsResponse,
                "Lists the entitlements on a resource",
                classic("list-entitlements": ListEntitlementsRequest => ListEntitlementsResponse);
            ListExpenses, "list_expenses", Expenses, Read, paged,
                ListExpensesRequest => ListExpensesResponse,
                "Lists expenses and card transactions";
            ListNonHumanAccounts, "list_non_human_accounts", NonHumanAccounts, Read, paged,
                ListNonHumanAccountsRequest => ListNonHumanAccountsResponse,
                "Lists the accounts that programs use";
            ListResources, "list_resources", Resources, Read, paged,
                ListResourcesRequest => ListResourcesResponse,
                "Lists the resources of a type",
                classic("list-resources": ListResourcesRequest => ListResourcesResponse);
            ListUpdatedAccounts, "list_updated_accounts", Accounts, Read, paged,
                ListUpdatedAccountsRequest => ListUpdatedAccountsResponse,
                "Lists the accounts that have changed since a time or the previous call";
            ProbeIntegration, "probe_integration", Connector, Read, whole,
                ProbeIntegrationRequest => ProbeIntegrationResponse,
                "Checks whether a first sync would work, on a few records";
            /// It is never retried automatically: many upstreams accept a refresh token only once.
            RefreshAccessToken, "refresh_access_token", Authorization, UnsafeWrite, whole without credentials,
                RefreshAccessTokenRequest => RefreshAccessTokenResponse,
                "Exchanges a refresh token for new tokens",
                classic("refresh_access_token": RefreshAccessTokenRequest => RefreshAccessTokenResponse);
            /// Safe to repeat: resources that an account has released stay released.
            ReleaseResources, "release_resources", Offboarding, IdempotentWrite, whole,
                ReleaseResourcesRequest => ReleaseResourcesResponse,
                "Releases the resources of an account";
            /// It is never retried automatically: many upstreams start a new transfer with every call.
            TransferData, "transfer_data", Offboarding, UnsafeWrite, whole,
                TransferDataRequest => TransferDataResponse,
                "Transfers the data of one account to another";
            /// Safe to repeat: an application that is not assigned stays unassigned.
            UnassignApplication, "unassign_application", Applications, IdempotentWrite, whole,
                UnassignApplicationRequest => UnassignApplicationResponse,
                "Removes an application from an account";
            UnassignApplicationEntitlement, "unassign_application_entitlement", Applications, IdempotentWrite, whole,
                UnassignApplicationEntitlementRequest => UnassignApplicationEntitlementResponse,
                "Removes an entitlement in an application from an account";
            UnassignEntitlement, "unassign_entitlement", Entitlements, IdempotentWrite, whole,
                UnassignEntitlementRequest => UnassignEntitlementResponse,
                "Removes an entitlement from an account",
                classic("unassign-entitlement": Same => Same);
            /// Safe to repeat: it sets fields to the values in the request.
            UpdateAccount, "update_account", Accounts, IdempotentWrite, whole,
                UpdateAccountRequest => UpdateAccountResponse,
                "Changes an account";
            ValidateCredentialConfig, "validate_credential_config", Authorization, Read, whole without credentials,
                ValidateCredentialConfigRequest => ValidateCredentialConfigResponse,
                "Checks credentials that a user has just entered",
                openapi(ValidateCredentialConfigRequest => Same);
            ValidateCredentials, "validate_credentials", Authorization, Read, whole,
                ValidateCredentialsRequest => ValidateCredentialsResponse,
                "Checks whether the upstream accepts the credentials",
                classic("validate-credentials": Same => ValidateCredentialsResponse);
        }
    };
}
pub(crate) use each_capability;
