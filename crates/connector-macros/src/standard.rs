//! The standard capabilities, as a class-style connector names its methods.

/// Each method's name with the capability's marker type, sorted.
const METHODS: &[(&str, &str)] = &[
    ("activate_account", "ActivateAccount"),
    ("assign_entitlement", "AssignEntitlement"),
    ("create_account", "CreateAccount"),
    ("deactivate_account", "DeactivateAccount"),
    ("delete_account", "DeleteAccount"),
    ("find_entitlement_associations", "FindEntitlementAssociations"),
    ("get_authorization_url", "GetAuthorizationUrl"),
    ("get_last_activity", "GetLastActivity"),
    ("handle_authorization_callback", "HandleAuthorizationCallback"),
    ("list_accounts", "ListAccounts"),
    ("list_custom_attributes_schema", "ListCustomAttributesSchema"),
    ("list_entitlements", "ListEntitlements"),
    ("list_resources", "ListResources"),
    ("refresh_access_token", "RefreshAccessToken"),
    ("unassign_entitlement", "UnassignEntitlement"),
    ("validate_credentials", "ValidateCredentials"),
];

/// The marker type of the standard capability that a method of this name handles.
pub(crate) fn marker(method: &str) -> Option<&'static str> {
    METHODS.iter().find(|(name, _)| *name == method).map(|(_, marker)| *marker)
}
