//! The effect of each standard capability, compared with the level that the Lumos Connector API declares for it.

use connector::capability::Effect;
use connector::standard_capabilities;

/// The capabilities whose request is marked `"x-capability-level": "read"` or `"validation"`.
const READ: [&str; 30] = [
    "find_entitlement_assignments",
    "find_entitlement_associations",
    "find_entitlement_graph",
    "find_resource_graph",
    "fulfill_arbitrary_endpoint",
    "get_account",
    "get_account_entitlement_associations",
    "get_application",
    "get_application_account",
    "get_credential_last_activity",
    "get_data_recency",
    "get_last_activity",
    "get_non_human_account_last_activity",
    "list_accounts",
    "list_activity_records",
    "list_applications",
    "list_applications_accounts",
    "list_applications_activity_records",
    "list_applications_entitlement_associations",
    "list_applications_entitlements",
    "list_applications_resources",
    "list_credentials",
    "list_custom_attributes_schema",
    "list_entitlements",
    "list_non_human_accounts",
    "list_resources",
    "list_updated_accounts",
    "probe_integration",
    "validate_credential_config",
    "validate_credentials",
];

/// The capabilities whose request is marked `"x-capability-level": "write"`.
const WRITE: [&str; 14] = [
    "activate_account",
    "assign_application",
    "assign_application_entitlement",
    "assign_entitlement",
    "create_account",
    "deactivate_account",
    "delete_account",
    "downgrade_license",
    "release_resources",
    "transfer_data",
    "unassign_application",
    "unassign_application_entitlement",
    "unassign_entitlement",
    "update_account",
];

/// The capabilities whose request has no level.
const WITHOUT_LEVEL: [(&str, Effect); 7] = [
    ("app_info", Effect::Read),
    ("connected_info", Effect::Read),
    ("get_authorization_url", Effect::Read),
    ("handle_authorization_callback", Effect::UnsafeWrite),
    ("handle_client_credentials_request", Effect::IdempotentWrite),
    ("list_expenses", Effect::Read),
    ("refresh_access_token", Effect::UnsafeWrite),
];

#[test]
fn effects_match_the_levels_of_the_api() {
    for known in standard_capabilities() {
        let (name, effect) = (known.name, known.effect);
        if READ.contains(&name) {
            assert_eq!(effect, Effect::Read, "{name}");
        } else if WRITE.contains(&name) {
            assert_ne!(effect, Effect::Read, "{name}");
        } else {
            assert!(WITHOUT_LEVEL.contains(&(name, effect)), "{name}: {effect}");
        }
    }
}
