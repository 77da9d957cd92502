//! The standard capabilities as method names of class-style connectors.

/// The method names, sorted.
const NAMES: [&str; 51] = [
    "activate_account",
    "app_info",
    "assign_application",
    "assign_application_entitlement",
    "assign_entitlement",
    "connected_info",
    "create_account",
    "deactivate_account",
    "delete_account",
    "downgrade_license",
    "find_entitlement_assignments",
    "find_entitlement_associations",
    "find_entitlement_graph",
    "find_resource_graph",
    "fulfill_arbitrary_endpoint",
    "get_account",
    "get_account_entitlement_associations",
    "get_application",
    "get_application_account",
    "get_authorization_url",
    "get_credential_last_activity",
    "get_data_recency",
    "get_last_activity",
    "get_non_human_account_last_activity",
    "handle_authorization_callback",
    "handle_client_credentials_request",
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
    "list_expenses",
    "list_non_human_accounts",
    "list_resources",
    "list_updated_accounts",
    "probe_integration",
    "refresh_access_token",
    "release_resources",
    "transfer_data",
    "unassign_application",
    "unassign_application_entitlement",
    "unassign_entitlement",
    "update_account",
    "validate_credential_config",
    "validate_credentials",
];

/// Returns the marker type of the standard capability that a method with this name handles: its name in upper camel
/// case.
pub(crate) fn marker(method: &str) -> Option<String> {
    NAMES.contains(&method).then(|| method.split('_').map(capitalized).collect())
}

fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_ascii_uppercase() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_markers_match_the_sdk() {
        let standard = connector::standard_capabilities();
        assert_eq!(standard.iter().map(|known| known.name).collect::<Vec<_>>(), NAMES);
        for known in standard {
            assert_eq!(marker(known.name).as_deref(), Some(known.marker));
        }
    }

    #[test]
    fn only_snake_case_names_match() {
        assert_eq!(marker("ListAccounts"), None);
        assert_eq!(marker("list-accounts"), None);
    }
}
