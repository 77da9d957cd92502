//! Marks on the schemas of standard types, compared with those in the Lumos Connector API (release 4.280.0).

use std::collections::BTreeSet;

use connector::{Wire, standard_openapi_document};
use serde_json::{Value, json};

/// Fields with `x-semantic`: type, field and value.
const SEMANTIC: &[[&str; 3]] = &[
    ["AccessGraphEntitlement", "entitlement_type", "entitlement-type"],
    ["AccessGraphEntitlement", "id", "entitlement-id"],
    ["AccessGraphEntitlement", "resource_id", "resource-id"],
    ["AccessGraphEntitlementAssignment", "entitlement_id", "entitlement-id"],
    ["AccessGraphEntitlementAssignment", "entitlement_resource_id", "resource-id"],
    ["AccessGraphEntitlementAssignment", "resource_id", "resource-id"],
    ["AccessGraphEntitlementIdentifier", "entitlement_id", "entitlement-id"],
    ["AccessGraphEntitlementIdentifier", "resource_id", "resource-id"],
    ["AccessGraphEntitlementRule", "entitlement_id", "entitlement-id"],
    ["AccessGraphEntitlementRule", "entitlement_type", "entitlement-type"],
    ["AccessGraphEntitlementRule", "resource_type", "resource-id"],
    ["AccessGraphImpliedAccessRule", "from_entitlement_id", "entitlement-id"],
    ["AccessGraphImpliedAccessRule", "from_entitlement_type", "entitlement-type"],
    ["AccessGraphImpliedAccessRule", "from_resource_type", "resource-type"],
    ["AccessGraphImpliedAccessRule", "to_entitlement_id", "entitlement-id"],
    ["AccessGraphImpliedAccessRule", "to_entitlement_type", "entitlement-type"],
    ["AccessGraphImpliedAccessRule", "to_resource_type", "resource-type"],
    ["AccessGraphResource", "id", "resource-id"],
    ["AccessGraphResource", "linked_credential_ids", "credential-id"],
    ["AccessGraphResource", "resource_type", "resource-type"],
    ["AccessGraphResourceRelationship", "from_id", "resource-id"],
    ["AccessGraphResourceRelationship", "to_ids", "resource-id"],
    ["ActivateAccountRequest", "account_id", "account-id"],
    ["ActivityRecordActor", "account_id", "account-id"],
    ["ActivityRecordEntitlement", "id", "entitlement-id"],
    ["ActivityRecordEntitlement", "resource_id", "resource-id"],
    ["ActivityRecordTarget", "account_id", "account-id"],
    ["Application", "id", "application-instance-id"],
    ["ApplicationAccount", "account_id", "account-id"],
    ["ApplicationAccount", "application_instance_id", "application-instance-id"],
    ["ApplicationActivityRecord", "application_instance_id", "application-instance-id"],
    ["ApplicationEntitlementAssociation", "application_instance_id", "application-instance-id"],
    ["ApplicationEntitlementData", "application_instance_id", "application-instance-id"],
    ["ApplicationResourceData", "application_instance_id", "application-instance-id"],
    ["AssignApplicationEntitlementRequest", "account_integration_specific_id", "account-id"],
    ["AssignApplicationEntitlementRequest", "application_instance_id", "application-instance-id"],
    ["AssignApplicationRequest", "account_id", "account-id"],
    ["AssignApplicationRequest", "application_instance_id", "application-instance-id"],
    ["AssignEntitlementRequest", "account_integration_specific_id", "account-id"],
    ["CreateAccountResponse", "id", "account-id"],
    ["Credential", "external_id", "credential-id"],
    ["Credential", "grants_access_to_account_id", "account-id"],
    ["Credential", "grants_access_to_non_human_account_id", "non-human-account-id"],
    ["Credential", "resource_id", "resource-id"],
    ["CredentialLastActivity", "credential_id", "credential-id"],
    ["DeactivateAccountRequest", "account_id", "account-id"],
    ["DeleteAccountRequest", "account_id", "account-id"],
    ["DowngradeLicenseRequest", "account_id", "account-id"],
    ["FoundAccountData", "integration_specific_id", "account-id"],
    ["FoundAccountData", "resource_id", "resource-id"],
    ["FoundEntitlementAssociation", "account_id", "account-id"],
    ["GetAccountEntitlementAssociationsRequest", "account_id", "account-id"],
    ["GetAccountRequest", "account_id", "account-id"],
    ["GetApplicationAccountRequest", "account_id", "account-id"],
    ["GetApplicationAccountRequest", "application_instance_id", "application-instance-id"],
    ["GetApplicationRequest", "application_instance_id", "application-instance-id"],
    ["NonHumanAccount", "id", "non-human-account-id"],
    ["NonHumanAccount", "resource_id", "resource-id"],
    ["NonHumanAccountLastActivity", "non_human_account_id", "non-human-account-id"],
    ["ProbeSampleAccount", "integration_specific_id", "account-id"],
    ["ProbeSampleAssociation", "account_id", "account-id"],
    ["ReleaseResourcesRequest", "account_id", "account-id"],
    ["TransferDataRequest", "source_account_id", "account-id"],
    ["TransferDataRequest", "target_account_id", "auxiliary-account-id"],
    ["UnassignApplicationEntitlementRequest", "account_integration_specific_id", "account-id"],
    ["UnassignApplicationEntitlementRequest", "application_instance_id", "application-instance-id"],
    ["UnassignApplicationRequest", "account_id", "account-id"],
    ["UnassignApplicationRequest", "application_instance_id", "application-instance-id"],
    ["UnassignEntitlementRequest", "account_integration_specific_id", "account-id"],
    ["UpdateAccountRequest", "id", "account-id"],
];

/// Fields that hold the type of an entitlement or a resource: type, field and keyword.
const TYPES: &[[&str; 3]] = &[
    ["AssignApplicationEntitlementRequest", "entitlement_type", "x-entitlement-type"],
    ["AssignApplicationEntitlementRequest", "resource_type", "x-resource-type"],
    ["AssignEntitlementRequest", "entitlement_type", "x-entitlement-type"],
    ["AssignEntitlementRequest", "resource_type", "x-resource-type"],
    ["CreateAccountEntitlement", "entitlement_type", "x-entitlement-type"],
    ["FoundEntitlementData", "entitlement_type", "x-entitlement-type"],
    ["FoundResourceData", "resource_type", "x-resource-type"],
    ["UnassignApplicationEntitlementRequest", "entitlement_type", "x-entitlement-type"],
    ["UnassignApplicationEntitlementRequest", "resource_type", "x-resource-type"],
    ["UnassignEntitlementRequest", "entitlement_type", "x-entitlement-type"],
    ["UnassignEntitlementRequest", "resource_type", "x-resource-type"],
];

/// Types with `x-unique-hash`: the fields that identify a value.
const UNIQUE: &[(&str, &[&str])] = &[
    ("AccessGraphEntitlement", &["id", "resource_id"]),
    ("AccessGraphEntitlementAssignment", &["resource_id", "entitlement_id", "entitlement_resource_id"]),
    ("AccessGraphResource", &["id", "resource_type"]),
    ("ActivityRecord", &["id"]),
    ("Application", &["id"]),
    ("ApplicationAccount", &["account_id", "application_instance_id"]),
    ("ApplicationActivityRecord", &["id"]),
    (
        "ApplicationEntitlementAssociation",
        &[
            "account_id",
            "integration_specific_entitlement_id",
            "integration_specific_resource_id",
            "application_instance_id",
        ],
    ),
    (
        "ApplicationEntitlementData",
        &["integration_specific_id", "integration_specific_resource_id", "application_instance_id"],
    ),
    ("ApplicationResourceData", &["integration_specific_id", "application_instance_id"]),
    ("Credential", &["resource_id"]),
    ("FoundAccountData", &["integration_specific_id"]),
    (
        "FoundEntitlementAssociation",
        &["account_id", "integration_specific_entitlement_id", "integration_specific_resource_id"],
    ),
    ("FoundEntitlementData", &["integration_specific_id", "integration_specific_resource_id"]),
    ("FoundResourceData", &["integration_specific_id"]),
    ("NonHumanAccount", &["resource_id"]),
];

/// Requests with `x-capability-category`. Those in `effects` have a level.
const CATEGORIES: &[(&str, &str)] = &[
    ("app_info", "specification"),
    ("get_authorization_url", "authorization"),
    ("handle_authorization_callback", "authorization"),
    ("handle_client_credentials_request", "authorization"),
    ("refresh_access_token", "authorization"),
];

/// Everything that is marked with a keyword in the document: type, field and value.
fn marked(document: &Value, keyword: &str) -> BTreeSet<(String, String, String)> {
    let mut found = BTreeSet::new();
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            if let Some(value) = property.get(keyword) {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                found.insert((name.clone(), field.clone(), value));
            }
        }
    }
    found
}

fn rows<'a>(rows: impl IntoIterator<Item = [&'a str; 3]>) -> BTreeSet<(String, String, String)> {
    rows.into_iter()
        .map(|[name, field, value]| (name.to_owned(), field.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn fields_have_the_meaning_that_the_api_gives_them() {
    let document = standard_openapi_document(Wire::OpenApi);
    assert_eq!(marked(&document, "x-semantic"), rows(SEMANTIC.iter().copied()));
    for keyword in ["x-entitlement-type", "x-resource-type"] {
        let expected = TYPES.iter().filter(|[_, _, known]| *known == keyword);
        let expected = rows(expected.map(|[name, field, _]| [*name, *field, "true"]));
        assert_eq!(marked(&document, keyword), expected, "{keyword}");
    }
}

#[test]
fn types_name_the_fields_that_identify_a_value() {
    let document = standard_openapi_document(Wire::OpenApi);
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let marked =
        schemas.iter().filter_map(|(name, schema)| Some((name.as_str(), schema.get("x-unique-hash")?)));
    let marked: Vec<(&str, Value)> = marked.map(|(name, fields)| (name, fields.clone())).collect();
    let expected: Vec<(&str, Value)> = UNIQUE.iter().map(|(name, fields)| (*name, json!(fields))).collect();
    assert_eq!(marked, expected);
}

#[test]
fn requests_have_the_level_or_the_category_that_the_api_gives_them() {
    let document = standard_openapi_document(Wire::OpenApi);
    for (path, item) in document["paths"].as_object().unwrap() {
        let name = path.trim_start_matches('/');
        let Some(effect) = item["post"]["x-effect"].as_str() else { continue };
        let body = &item["post"]["requestBody"]["content"]["application/json"]["schema"];
        let request = &body["properties"]["request"];
        let category = CATEGORIES.iter().find(|(known, _)| *known == name).map(|(_, category)| *category);
        assert_eq!(request["x-capability-category"].as_str(), category, "{name}");
        let level = match name {
            _ if category.is_some() => None,
            "connected_info" | "list_expenses" => None,
            "validate_credential_config" => Some("validation"),
            _ if effect == "read" => Some("read"),
            _ => Some("write"),
        };
        assert_eq!(request["x-capability-level"].as_str(), level, "{name}");
    }
}

#[test]
fn key_pairs_are_marked_as_such() {
    let document = standard_openapi_document(Wire::OpenApi);
    let auth = &document["components"]["schemas"]["Auth"]["properties"]["key_pair"]["anyOf"][0];
    assert_eq!((&auth["x-semantic"], &auth["x-keygen-type"]), (&json!("key-pair"), &json!("SSH")), "{auth}");
}
