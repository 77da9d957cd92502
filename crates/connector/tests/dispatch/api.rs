//! The documents of all standard capabilities, compared with the Lumos Connector API in both directions. Each
//! difference is in a table with its reason: see [`differences`].
//!
//! `api.jsonl` has the API of release 4.280.0: the payloads of each capability, the envelopes, and the schemas, without
//! descriptions. A `$ref` is a name.

mod compare;
mod differences;
mod normal;

use std::collections::BTreeSet;

use compare::Comparison;
use connector::{Wire, standard_app_info, standard_capabilities, standard_openapi_document};
use serde_json::{Map, Value, json};

const API: &str = include_str!("api/api.jsonl");

/// The lines of the API that have `key`.
fn lines(key: &str) -> Vec<Value> {
    let lines = API.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    lines.filter(|line| line.get(key).is_some()).collect()
}

/// The schemas of the API, by name.
fn api() -> Value {
    let named = lines("name")
        .into_iter()
        .map(|mut line| (line["name"].as_str().expect("a name").to_owned(), line["schema"].take()));
    Value::Object(named.collect())
}

fn request<'a>(document: &'a Value, capability: &str) -> &'a Value {
    let operation = &document["paths"][format!("/{capability}")]["post"];
    &operation["requestBody"]["content"]["application/json"]["schema"]
}

fn response<'a>(document: &'a Value, capability: &str) -> &'a Value {
    let operation = &document["paths"][format!("/{capability}")]["post"];
    &operation["responses"]["200"]["content"]["application/json"]["schema"]
}

/// Checks that the differences are those in a table, and that each row of the table is a difference.
fn assert_expected(comparison: &Comparison<'_>, expected: &[(&str, &str)]) {
    let matches = |row: &str, difference: &str| {
        row == difference
            || row.strip_suffix('…').is_some_and(|start| difference.starts_with(start))
            || row
                .strip_prefix("*: ")
                .is_some_and(|what| difference.split_once(": ").is_some_and(|(_, found)| found == what))
    };
    let unexpected: Vec<&String> = comparison
        .differences
        .iter()
        .filter(|difference| !expected.iter().any(|(row, _)| matches(row, difference)))
        .collect();
    assert!(unexpected.is_empty(), "unexpected differences: {unexpected:#?}");
    let is_stale = |row: &str| !comparison.differences.iter().any(|difference| matches(row, difference));
    let stale: Vec<_> = expected.iter().filter(|(row, _)| is_stale(row)).collect();
    assert!(stale.is_empty(), "no longer differences: {stale:#?}");
}

/// Payloads, errors and credentials, and then that nothing else is left to compare.
#[test]
fn every_schema_is_that_of_the_api() {
    let (api, document) = (api(), standard_app_info());
    let server = standard_openapi_document(Wire::OpenApi);
    let (schemas, server_schemas) = (&document["components"]["schemas"], &server["components"]["schemas"]);
    let mut comparison = Comparison::new(&api);
    for line in lines("capability") {
        let name = line["capability"].as_str().unwrap();
        let payload = &request(&document, name)["properties"]["request"];
        comparison.schema(&format!("{name} request"), &line["request"], payload, schemas);
        comparison.schema(&format!("{name} response"), &line["response"], response(&document, name), schemas);
    }

    // Each kind of credentials, and the ID that all have.
    let entries = schemas["Credentials"]["items"]["allOf"].as_array().unwrap();
    let fields = entries.iter().flat_map(|entry| entry["properties"].as_object().unwrap().clone());
    let mut credentials = json!({ "type": "object", "properties": Map::from_iter(fields) });
    credentials["properties"]["id"] = json!({ "type": "string" });
    comparison.schema("", &json!({ "$ref": "AuthCredential" }), &credentials, schemas);

    comparison.schema("", &json!({ "$ref": "ErrorResponse" }), &server_schemas["Failure"], server_schemas);
    for field in ["page", "rate_limit"] {
        let list = &request(&server, "list_accounts")["properties"][field];
        let envelope = &lines("envelope")[0]["schema"]["properties"][field];
        comparison.schema("", envelope, list, server_schemas);
    }
    let envelope = &lines("envelope")[2]["schema"]["properties"];
    for (field, expected) in envelope.as_object().unwrap() {
        let list = &response(&server, "list_accounts")["anyOf"][0]["properties"][field];
        comparison.schema(&format!("response.{field}"), expected, list, server_schemas);
    }
    assert_expected(&comparison, differences::SCHEMAS);

    let left: BTreeSet<&str> = api
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .filter(|name| !comparison.compared.contains(*name))
        .collect();
    let unused: BTreeSet<&str> = differences::UNUSED.iter().map(|(name, _)| *name).collect();
    assert_eq!(left, unused);
}

#[test]
fn every_envelope_is_that_of_the_api() {
    let (api, server) = (api(), standard_openapi_document(Wire::OpenApi));
    let envelopes = lines("envelope");
    let mut comparison = Comparison::new(&api);
    let names = |schema: &Value| -> BTreeSet<String> {
        schema["properties"].as_object().unwrap().keys().cloned().collect()
    };
    let mut compare = |capability: &str, expected: &Value, found: &Value, payload: &str| {
        let (known, mut own) = (names(expected), names(found));
        let requires = |name: &str| found["required"].as_array().unwrap().contains(&json!(name));
        assert!(own.remove(payload) && requires(payload), "{capability}: {payload}");
        for name in &known {
            if !own.contains(name) {
                comparison.differ(&format!("{capability} {payload}.{name}"), "missing");
            } else if requires(name) {
                comparison.differ(&format!("{payload}.{name}"), "optional, here required");
            }
        }
        for name in own.difference(&known) {
            comparison.differ(&format!("{payload}.{name}"), "additional");
        }
    };
    for line in lines("capability") {
        let name = line["capability"].as_str().unwrap();
        let is_own =
            |envelope: &&Value| envelope["of"].as_array().is_some_and(|of| of.contains(&json!(name)));
        let expected = envelopes.iter().find(is_own).unwrap_or(&envelopes[0]);
        compare(name, &expected["schema"], request(&server, name), "request");
        let found = &response(&server, name)["anyOf"][0];
        compare(name, &envelopes[2]["schema"], found, "response");
    }
    assert_expected(&comparison, differences::ENVELOPES);
}

#[test]
fn every_path_is_one_of_the_api() {
    let (document, server) = (standard_app_info(), standard_openapi_document(Wire::OpenApi));
    let expected: BTreeSet<String> =
        lines("capability").iter().map(|line| format!("/{}", line["capability"].as_str().unwrap())).collect();
    let paths = |document: &Value| -> BTreeSet<String> {
        document["paths"].as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(paths(&document), expected);
    let more: BTreeSet<String> = paths(&server).difference(&expected).cloned().collect();
    let service = ["/info", "/livez", "/metrics", "/readyz"].map(str::to_owned);
    assert_eq!(more, BTreeSet::from(service));
    let names: BTreeSet<String> =
        standard_capabilities().iter().map(|capability| format!("/{}", capability.name)).collect();
    assert_eq!(names, expected);
}

/// The API declares the document that `app_info` returns.
#[test]
fn app_info_is_the_document_that_the_api_declares() {
    let (api, document) = (api(), standard_app_info());
    for (schema, found) in
        [("OpenAPISpecification", &document), ("OpenAPISpecificationInfo", &document["info"])]
    {
        let expected = &api[schema];
        let names: BTreeSet<&String> = expected["properties"].as_object().unwrap().keys().collect();
        assert_eq!(found.as_object().unwrap().keys().collect::<BTreeSet<_>>(), names, "{schema}");
        for (name, field) in expected["properties"].as_object().unwrap() {
            let kind = match &found[name] {
                Value::Object(_) => "object",
                Value::Array(_) => "array",
                Value::String(_) => "string",
                Value::Bool(_) => "boolean",
                _ => "null",
            };
            let is_optional = !expected["required"].as_array().unwrap().contains(&json!(name));
            let declared =
                if field.get("$ref").is_some() { "object" } else { field["type"].as_str().unwrap() };
            assert!(kind == declared || kind == "null" && is_optional, "{schema}.{name}: {kind}");
        }
    }
}
