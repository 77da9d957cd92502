//! Types of resources and entitlements, rules of the access graph, and OAuth scopes in `info`.

use std::collections::{BTreeMap, BTreeSet};

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::model::{
    AccessGraphEntitlementRule, AccessGraphEntitlementType, AccessGraphImpliedAccessRule,
    EntitlementRequirement, EntitlementType, ResourceType,
};
use connector::{BuildError, Integration, IntegrationBuilder, Response, Wire};
use serde_json::{Value, json};

use crate::support::ask;

/// A field of a type: its name, whether it is required, and its type.
type Row = (&'static str, bool, &'static str);

/// The fields of `Info` in the Lumos Connector API (release 4.280.0).
const INFO: &[Row] = &[
    ("access_graph_entitlement_rules", false, "[AccessGraphEntitlementRule]"),
    ("access_graph_entitlement_types", false, "[AccessGraphEntitlementType]"),
    ("app_id", true, "string"),
    ("app_vendor_domain", false, "string"),
    ("authentication_schema", true, "object"),
    ("capabilities", true, "[string]"),
    ("capability_schema", true, "{CapabilitySchema}"),
    ("categories", false, "[string]"),
    ("credentials_schema", true, "[object]"),
    ("description", false, "string"),
    ("entitlement_types", true, "[EntitlementType]"),
    ("implied_access_rules", false, "[AccessGraphImpliedAccessRule]"),
    ("logo_url", false, "string"),
    ("oauth_scopes", false, "{string}"),
    ("request_settings_schema", true, "object"),
    ("resource_types", true, "[ResourceType]"),
    ("user_friendly_name", false, "string"),
    ("version", true, "string"),
];

/// Fields that only this SDK has.
const OWN: &[&str] = &["error_codes"];

/// The fields of the types that `Info` refers to.
const TYPES: &[(&str, &[Row])] = &[
    (
        "AccessGraphEntitlementRule",
        &[
            ("denies_access", true, "boolean"),
            ("description", false, "string"),
            ("entitlement_id", true, "string"),
            ("entitlement_type", true, "string"),
            ("is_assignable", false, "boolean"),
            ("label", true, "string"),
            ("resource_type", true, "string"),
        ],
    ),
    (
        "AccessGraphEntitlementType",
        &[("resource_type_id", true, "string"), ("type_id", true, "string"), ("type_label", true, "string")],
    ),
    (
        "AccessGraphImpliedAccessRule",
        &[
            ("from_entitlement_id", true, "string"),
            ("from_entitlement_type", true, "string"),
            ("from_resource_type", true, "string"),
            ("relationship_label", false, "string"),
            ("to_entitlement_id", true, "string"),
            ("to_entitlement_type", true, "string"),
            ("to_resource_type", true, "string"),
        ],
    ),
    (
        "CapabilitySchema",
        &[
            ("argument", true, "object"),
            ("description", false, "string"),
            ("display_name", false, "string"),
            ("output", true, "object"),
        ],
    ),
    ("EntitlementRequirement", &[("max", false, "integer"), ("min", false, "integer")]),
    (
        "EntitlementType",
        &[
            ("max", false, "integer"),
            ("min", true, "integer"),
            ("requirements", false, "{EntitlementRequirement}"),
            ("resource_type_id", true, "string"),
            ("type_id", true, "string"),
            ("type_label", true, "string"),
        ],
    ),
    ("ResourceType", &[("type_id", true, "string"), ("type_label", true, "string")]),
];

async fn list(
    _: connector::Request<ListAccountsRequest>,
) -> connector::Result<Response<ListAccountsResponse>> {
    Ok(ListAccountsResponse::default().into())
}

fn builder() -> IntegrationBuilder {
    Integration::builder("app").wire(Wire::OpenApi).register(ListAccounts, list)
}

fn membership() -> EntitlementType {
    EntitlementType::new("membership", "Membership", "group", 0_u32)
}

/// An integration that declares everything.
fn complete() -> Integration {
    let limits = EntitlementRequirement { max: Some(0), ..EntitlementRequirement::new() };
    let requirements = Some(BTreeMap::from([("create_account".to_owned(), limits)]));
    builder()
        .version("1.2.3")
        .app_vendor_domain("acme.example.com")
        .logo_url("https://acme.example.com/logo.svg")
        .user_friendly_name("Acme")
        .description("Makes anvils")
        .categories([connector::model::AppCategory::Developers])
        // References are checked when everything is declared, so the order doesn't matter.
        .entitlement_types([EntitlementType { max: Some(2), requirements, ..membership() }])
        .resource_types([ResourceType::new("group", "Group")])
        .access_graph_entitlement_types([AccessGraphEntitlementType::new("role", "Role", "group")])
        .access_graph_entitlement_rules([AccessGraphEntitlementRule {
            is_assignable: Some(true),
            description: Some("Owns it".to_owned()),
            ..AccessGraphEntitlementRule::new("role", "owner", "group", false, "Owner")
        }])
        .implied_access_rules([AccessGraphImpliedAccessRule {
            relationship_label: Some("contains".to_owned()),
            ..AccessGraphImpliedAccessRule::new("role", "owner", "group", "role", "member", "group")
        }])
        .oauth_scopes([("list_accounts", "users:read groups:read")])
        .build()
}

/// Checks that a value has the declared type, at any depth, and the declared fields.
fn assert_type(place: &str, value: &Value, declared: &str) {
    if let Some(item) = declared.strip_prefix('[') {
        let items = value.as_array().unwrap_or_else(|| panic!("{place}: {value}"));
        items.iter().for_each(|one| assert_type(place, one, item.trim_end_matches(']')));
        return;
    }
    if let Some(item) = declared.strip_prefix('{') {
        let fields = value.as_object().unwrap_or_else(|| panic!("{place}: {value}"));
        fields.values().for_each(|one| assert_type(place, one, item.trim_end_matches('}')));
        return;
    }
    if let Some((_, fields)) = TYPES.iter().find(|(name, _)| *name == declared) {
        return assert_fields(place, value, fields, &[]);
    }
    let is_expected = match declared {
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "boolean" => value.is_boolean(),
        "object" => value.is_object(),
        other => panic!("{place}: unknown type {other}"),
    };
    assert!(is_expected, "{place}: expected {declared}, found {value}");
}

fn assert_fields(place: &str, value: &Value, fields: &[Row], own: &[&str]) {
    let written: BTreeSet<&str> =
        value.as_object().unwrap_or_else(|| panic!("{place}: {value}")).keys().map(String::as_str).collect();
    let known: BTreeSet<&str> = fields.iter().map(|(name, ..)| *name).chain(own.iter().copied()).collect();
    assert_eq!(written, known, "{place}");
    for (name, is_required, declared) in fields {
        let place = format!("{place}.{name}");
        if *is_required || !value[name].is_null() {
            assert_type(&place, &value[name], declared);
        }
    }
}

#[test]
fn info_has_the_fields_of_the_api() {
    for integration in [complete(), builder().build()] {
        assert_fields("info", &ask(&integration, "info", "")["response"], INFO, OWN);
    }
}

#[test]
fn the_schema_of_info_has_the_fields_of_the_api() {
    let document = complete().openapi_document();
    let schemas = &document["components"]["schemas"];
    let fields_of = |schema: &Value, own: &[&str]| -> BTreeMap<String, bool> {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let fields = schema["properties"].as_object().unwrap_or_else(|| panic!("{schema}"));
        let known = fields.keys().filter(|name| !own.contains(&name.as_str()));
        known.map(|name| (name.clone(), required.iter().any(|one| one == name))).collect()
    };
    let of_api = |fields: &[Row]| -> BTreeMap<String, bool> {
        fields.iter().map(|(name, is_required, _)| ((*name).to_owned(), *is_required)).collect()
    };
    let info = &schemas["Info"]["properties"]["response"];
    assert_eq!(fields_of(info, OWN), of_api(INFO));
    for (name, fields) in TYPES.iter().filter(|(name, _)| *name != "CapabilitySchema") {
        assert_eq!(fields_of(&schemas[name], &[]), of_api(fields), "{name}");
    }
    let validator = jsonschema::draft202012::new(&json!({
        "$ref": "#/components/schemas/Info", "components": document["components"],
    }))
    .unwrap();
    for integration in [complete(), builder().build()] {
        let info = ask(&integration, "info", "");
        let errors: Vec<String> = validator.iter_errors(&info).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
    let mut wrong = ask(&complete(), "info", "");
    wrong["response"]["entitlement_types"][0]["min"] = json!("none");
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn declarations_are_written_as_given() {
    let info = ask(&complete(), "info", "")["response"].clone();
    assert_eq!(info["app_vendor_domain"], "acme.example.com");
    assert_eq!(info["resource_types"], json!([{ "type_id": "group", "type_label": "Group" }]));
    let membership = json!([{
        "type_id": "membership", "type_label": "Membership", "resource_type_id": "group", "min": 0, "max": 2,
        "requirements": { "create_account": { "min": null, "max": 0 } },
    }]);
    assert_eq!(info["entitlement_types"], membership);
    assert_eq!(info["access_graph_entitlement_types"][0]["type_id"], "role");
    assert_eq!(info["access_graph_entitlement_rules"][0]["entitlement_id"], "owner");
    assert_eq!(info["implied_access_rules"][0]["relationship_label"], "contains");
    assert_eq!(info["oauth_scopes"], json!({ "list_accounts": "users:read groups:read" }));
}

#[test]
fn without_declarations_lists_are_empty() {
    let info = ask(&builder().build(), "info", "")["response"].clone();
    for list in [
        "resource_types",
        "entitlement_types",
        "access_graph_entitlement_types",
        "access_graph_entitlement_rules",
        "implied_access_rules",
    ] {
        assert_eq!(info[list], json!([]), "{list}");
    }
    assert_eq!((&info["oauth_scopes"], &info["app_vendor_domain"]), (&Value::Null, &Value::Null));
}

#[test]
fn classic_info_has_no_types() {
    let info = ask(&complete().with_wire(Wire::Classic).unwrap(), "info", "");
    let names: Vec<&String> = info.as_object().unwrap().keys().collect();
    assert!(!names.iter().any(|name| name.contains("type") || name.contains("rules")), "{names:?}");
    assert_eq!(info.get("app_vendor_domain"), None);
}

#[test]
fn types_are_declared_once() {
    let group = || ResourceType::new("group", "Group");
    let graph = || AccessGraphEntitlementType::new("role", "Role", "group");
    for (builder, kind, id) in [
        (builder().resource_types([group()]).resource_types([group()]), "resource", "group"),
        (
            builder().resource_types([group()]).entitlement_types([membership(), membership()]),
            "entitlement",
            "membership",
        ),
        (
            builder().resource_types([group()]).access_graph_entitlement_types([graph(), graph()]),
            "access graph entitlement",
            "role",
        ),
    ] {
        let rejected = builder.try_build().unwrap_err();
        assert_eq!(rejected, BuildError::DuplicateType { kind, id: id.to_owned() });
        assert_eq!(rejected.to_string(), format!("the {kind} type `{id}` is declared twice"));
    }
}

#[test]
fn types_and_rules_name_declared_types() {
    let group = || builder().resource_types([ResourceType::new("group", "Group")]);
    let graph =
        || group().access_graph_entitlement_types([AccessGraphEntitlementType::new("role", "Role", "group")]);
    let rule = |entitlement: &str, resource: &str| {
        AccessGraphEntitlementRule::new(entitlement, "owner", resource, false, "Owner")
    };
    let implied = |[from, on, to, of]: [&str; 4]| {
        AccessGraphImpliedAccessRule::new(from, "owner", on, to, "member", of)
    };
    let by_rule = "the access graph entitlement rule for `owner` names";
    let by_implied = "the implied access rule from `owner` to `member` names";
    for (builder, expected) in [
        (
            builder().entitlement_types([membership()]),
            "the entitlement type `membership` names the resource type `group`, which is not declared"
                .to_owned(),
        ),
        (
            group()
                .access_graph_entitlement_types([AccessGraphEntitlementType::new("role", "Role", "Group")]),
            "the access graph entitlement type `role` names the resource type `Group`, which is not declared"
                .to_owned(),
        ),
        (
            graph().access_graph_entitlement_rules([rule("rule", "group")]),
            format!("{by_rule} the access graph entitlement type `rule`, which is not declared"),
        ),
        (
            graph().access_graph_entitlement_rules([rule("role", "team")]),
            format!("{by_rule} the resource type `team`, which is not declared"),
        ),
        (
            graph().implied_access_rules([implied(["a", "group", "role", "group"])]),
            format!("{by_implied} the access graph entitlement type `a`, which is not declared"),
        ),
        (
            graph().implied_access_rules([implied(["role", "group", "b", "group"])]),
            format!("{by_implied} the access graph entitlement type `b`, which is not declared"),
        ),
        (
            graph().implied_access_rules([implied(["role", "c", "role", "group"])]),
            format!("{by_implied} the resource type `c`, which is not declared"),
        ),
        (
            graph().implied_access_rules([implied(["role", "group", "role", "d"])]),
            format!("{by_implied} the resource type `d`, which is not declared"),
        ),
    ] {
        assert_eq!(builder.try_build().unwrap_err().to_string(), expected);
    }
}

#[test]
fn the_app_as_a_whole_is_not_declared() {
    let role = EntitlementType { resource_type_id: String::new(), ..membership() };
    assert!(builder().entitlement_types([role]).try_build().is_ok());
}

#[test]
fn limits_must_be_possible() {
    let with = |one: EntitlementType| {
        builder().resource_types([ResourceType::new("group", "Group")]).entitlement_types([one]).try_build()
    };
    let limits = |capability: &str, min, max| {
        Some(BTreeMap::from([(capability.to_owned(), EntitlementRequirement { min, max })]))
    };
    let one = |min, max, requirements| EntitlementType { min, max, requirements, ..membership() };
    for impossible in [one(2, Some(1), None), one(0, None, limits("create_account", Some(2), Some(1)))] {
        let expected = BuildError::ImpossibleLimits("membership".to_owned());
        assert_eq!(with(impossible).unwrap_err(), expected);
    }
    assert!(with(one(1, Some(1), limits("create_account", None, Some(0)))).is_ok());
    let misspelled = with(one(0, None, limits("create_acount", None, Some(1))));
    assert_eq!(misspelled.unwrap_err(), BuildError::NotRegistered("create_acount".to_owned()));
}

#[test]
fn scopes_are_for_registered_capabilities() {
    let rejected = builder().oauth_scopes([("list_acounts", "users:read")]).try_build();
    assert_eq!(rejected.unwrap_err(), BuildError::NotRegistered("list_acounts".to_owned()));
}
