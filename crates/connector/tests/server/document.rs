//! `/openapi.json`.

use connector::capability::Family;
use connector::server::Server;
use connector::{Integration, Outcome, Secret, Wire};
use serde_json::{Value, json};

use crate::odd;
use crate::support::{REQUEST, Running, integration};

const JSON: &str = "application/json";

/// Integrations in every wire format, with their documents.
fn documents() -> Vec<(Integration, Value)> {
    let mut all = Vec::new();
    for wire in [Wire::Classic, Wire::OpenApi] {
        for build in [|| integration("app"), odd::integration] {
            let integration = || build().with_wire(wire).expect("both formats have the credentials");
            let served = Running::start(Server::new(integration()));
            all.push((integration(), served.get("/openapi.json").json()));
        }
    }
    all
}

/// Checks `instance` against `schema`, which is part of `document`.
fn accepts(document: &Value, schema: &Value, instance: &Value) -> Result<(), String> {
    let alone = json!({ "allOf": [schema], "components": document["components"] });
    let validator = jsonschema::draft202012::new(&alone).expect("a valid schema");
    let errors: Vec<String> = validator.iter_errors(instance).map(|error| error.to_string()).collect();
    if errors.is_empty() { Ok(()) } else { Err(format!("{instance}: {errors:?}")) }
}

/// The operations of capabilities, by name.
fn operations(document: &Value) -> Vec<(&str, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let operations: Vec<_> = paths
        .iter()
        .map(|(path, item)| (path.trim_start_matches('/'), &item["post"]))
        .filter(|(_, operation)| operation["x-effect"].is_string())
        .collect();
    assert!(!operations.is_empty());
    operations
}

#[test]
fn every_capability_is_described_with_its_effect_and_paging() {
    for (integration, document) in documents() {
        assert_eq!(document["openapi"], "3.1.0");
        assert_eq!(document["info"]["x-wire"], integration.wire().as_str());
        let described: Vec<(&str, &str)> = operations(&document)
            .into_iter()
            .map(|(name, operation)| (name, operation["x-effect"].as_str().unwrap()))
            .collect();
        let expected: Vec<(String, &str)> = integration
            .capabilities()
            .map(|capability| (capability.name.replace('-', "_"), capability.effect.as_str()))
            .collect();
        assert_eq!(
            described,
            expected.iter().map(|(name, effect)| (name.as_str(), *effect)).collect::<Vec<_>>()
        );
        let list = &document["paths"]["/list_accounts"]["post"];
        assert_eq!((&list["x-paginated"], &list["tags"]), (&json!(true), &json!(["Accounts"])));
        assert!(list["responses"]["200"]["headers"]["X-Partial"].is_object());
        assert!(document["paths"]["/info"]["get"].is_object());
    }
    let (_, document) = &documents()[0];
    assert_eq!(document["paths"]["/create_account"]["post"]["x-paginated"], false);
}

#[test]
fn capabilities_are_tagged_with_their_family_and_custom_ones_apart() {
    for wire in [Wire::Classic, Wire::OpenApi] {
        let document = odd::integration().with_wire(wire).unwrap().openapi_document();
        assert_eq!(document["paths"]["/rotate_badge"]["post"]["tags"], json!(["Custom"]));
        let names: Vec<&Value> =
            document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
        assert_eq!(names, ["Accounts", "Connector", "Custom"]);
    }
    let document = connector::standard_openapi_document(Wire::OpenApi);
    let tags: Vec<&Value> = document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    assert_eq!(tags, Family::ALL.iter().map(|family| family.name()).collect::<Vec<_>>());
    for family in tags {
        let mut operations = operations(&document).into_iter();
        assert!(operations.any(|(_, operation)| operation["tags"] == json!([family])), "{family}");
    }
    assert_eq!(document["paths"]["/list_non_human_accounts"]["post"]["tags"], json!(["Non-human accounts"]));
    assert_eq!(document["paths"]["/info"]["get"]["tags"], json!(["Connector"]));
}

#[test]
fn every_example_is_a_valid_request() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (integration, document) in documents() {
        for (name, operation) in operations(&document) {
            let body = &operation["requestBody"]["content"][JSON];
            accepts(&document, &body["schema"], &body["example"]).unwrap();
            let answer = runtime.block_on(integration.answer(name, body["example"].to_string().as_bytes()));
            let called = matches!(answer.outcome, Outcome::Success { .. } | Outcome::Failed { .. });
            assert!(called, "{name}: {answer:?}");
            let answered: Value = serde_json::from_slice(&answer.body).unwrap();
            accepts(&document, &operation["responses"]["200"]["content"][JSON]["schema"], &answered).unwrap();
        }
    }
}

#[test]
fn invalid_requests_violate_the_schema_and_get_the_described_error() {
    for (integration, document) in documents() {
        let server = Running::start(Server::new(integration));
        let operation = &document["paths"]["/list_accounts"]["post"];
        let schema = &operation["requestBody"]["content"][JSON]["schema"];
        let example = &operation["requestBody"]["content"][JSON]["example"];
        let with = |key: &str, value: Value| {
            let mut request = example.clone();
            request[key] = value;
            request
        };
        for wrong in [
            json!([]),
            json!({}),
            with("request", Value::Null),
            with("auth", json!("ada")),
            with("auth", json!({})),
            with("settings", json!([])),
            with("settings", json!({ "no_such_setting": 1 })),
            with("page", json!({ "size": 0 })),
            with("page", json!({ "size": "5" })),
            with("page", json!({ "size": 5.5 })),
            with("include_raw_data", json!("yes")),
        ] {
            assert!(accepts(&document, schema, &wrong).is_err(), "{wrong}");
            let reply = server.post("/list_accounts", &wrong.to_string());
            assert_eq!(reply.status, 422, "{wrong}");
            let refused = document.pointer("/components/responses/Rejected/content/application~1json/schema");
            accepts(&document, refused.unwrap(), &reply.json()).unwrap();
        }
        for size in [json!(5.0), json!(1e30), json!(u64::MAX)] {
            let request = with("page", json!({ "size": size }));
            accepts(&document, schema, &request).unwrap();
            assert_eq!(server.post("/list_accounts", &request.to_string()).status, 200, "{size}");
        }
        let info = &document["paths"]["/info"]["get"]["responses"]["200"]["content"][JSON]["schema"];
        accepts(&document, info, &server.get("/info").json()).unwrap();
    }
}

#[test]
fn secrets_are_marked_in_schemas_and_examples() {
    for (_, document) in documents() {
        let text = document.to_string();
        let (own, other) = match document["info"]["x-wire"].as_str() {
            Some("openapi") => (r#""x-secret":true,"x-field_type":"SECRET""#, r#""field_type":"#),
            _ => (r#""field_type":"SECRET""#, r#""x-secret":"#),
        };
        assert!(text.contains(own) && !text.contains(other), "{text}");
        assert!(text.contains(r#""password":"<password>""#), "{text}");
    }
    let (_, document) = &documents()[1];
    assert_eq!(
        document["paths"]["/rotate_badge"]["post"]["requestBody"]["content"][JSON]["example"]["request"]["pin"],
        "<pin>"
    );
}

#[test]
fn every_error_code_is_listed_with_its_description() {
    let (_, document) = &documents()[0];
    let codes = document["x-error-codes"].as_array().unwrap();
    assert!(codes.contains(
        &json!({ "code": "app.not_found", "description": "Something that the request refers to does not exist" })
    ));
    assert!(codes.contains(&json!({ "code": "app.badge_lost", "description": "The badge is lost" })));
}

#[test]
fn the_document_is_stable_and_an_unchanged_one_is_304() {
    let server = Running::start(Server::new(integration("app")));
    let again = Running::start(Server::new(integration("app")));
    let reply = server.get("/openapi.json");
    assert_eq!((reply.status, &reply.body), (200, &again.get("/openapi.json").body));
    assert!(reply.head.contains("content-type: application/json"), "{}", reply.head);
    let tag = reply.head.lines().find_map(|line| line.strip_prefix("etag: ")).expect("a tag").to_owned();
    let unchanged =
        server.send(&format!("GET /openapi.json HTTP/1.1\r\nIf-None-Match: \"other\", W/{tag}"), b"");
    assert_eq!((unchanged.status, unchanged.body.as_str()), (304, ""));
    let other = server.send("GET /openapi.json HTTP/1.1\r\nIf-None-Match: \"other\"", b"");
    assert_eq!(other.status, 200);
    let head = server.send("HEAD /openapi.json HTTP/1.1", b"");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    let rejected = server.post("/openapi.json", REQUEST);
    assert_eq!(rejected.status, 405);
    assert!(rejected.head.contains("allow: get, head"), "{}", rejected.head);
}

#[test]
fn the_document_needs_the_token_and_describes_it() {
    let server = Running::start(Server::new(integration("app")).token(Secret::from("canary-token")));
    assert_eq!(server.get("/openapi.json").status, 401);
    let document =
        server.send("GET /openapi.json HTTP/1.1\r\nAuthorization: Bearer canary-token", b"").json();
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    for (name, operation) in operations(&document) {
        assert_eq!(operation["security"], json!([{ "bearer": [] }]), "{name}");
        assert!(operation["responses"]["401"].is_object(), "{name}");
    }
    assert_eq!(document["paths"]["/livez"]["get"]["security"], json!([]));
    assert!(!document.to_string().contains("canary"));
    assert!(documents()[0].1["components"]["securitySchemes"].is_null());
}

#[test]
fn the_listed_statuses_are_those_of_the_server() {
    let statuses = |server: Server| {
        let document = Running::start(server).get("/openapi.json").json();
        let responses = &document["paths"]["/create_account"]["post"]["responses"];
        let success = &responses["200"]["content"][JSON]["schema"];
        let allows_errors = success["anyOf"].is_array();
        (responses.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" "), allows_errors)
    };
    assert_eq!(
        statuses(Server::new(integration("app"))),
        ("200 400 405 408 413 415 422 503 504".to_owned(), true)
    );
    assert_eq!(
        statuses(Server::new(integration("app")).status_from_error(true)),
        ("200 400 401 403 404 405 408 409 413 415 422 429 500 501 502 503 504".to_owned(), false)
    );
}

#[test]
fn each_app_has_its_own_document_with_its_program() {
    let server = Running::start(Server::several([integration("one_app"), integration("two")]));
    let document = server.get("/one-app/openapi.json").json();
    assert_eq!(document["info"]["x-app-id"], "one_app");
    assert_eq!(document["info"]["x-program"], "one-app-connector");
    // The server's own paths are next to the app's folder.
    assert_eq!(document["paths"]["/livez"]["servers"], json!([{ "url": ".." }]));
    assert_eq!(server.get("/openapi.json").status, 404);
    let named = Running::start(Server::new(integration("app")).program("badges"));
    assert_eq!(named.get("/openapi.json").json()["info"]["x-program"], "badges");
}

#[test]
fn errors_that_can_have_retry_after_describe_it() {
    let server = Server::new(integration("app")).status_from_error(true);
    let document = Running::start(server).get("/openapi.json").json();
    let responses = document["paths"]["/create_account"]["post"]["responses"].as_object().unwrap();
    let mut optional = Vec::new();
    let mut required = Vec::new();
    for (status, response) in responses {
        let response = match response["$ref"].as_str() {
            Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
            None => response,
        };
        match response["headers"]["Retry-After"]["required"].as_bool() {
            Some(true) => required.push(status.as_str()),
            Some(false) => optional.push(status.as_str()),
            None => {}
        }
    }
    assert_eq!(optional, ["400", "401", "403", "404", "409", "429", "500", "501", "502"]);
    assert_eq!(required, ["503"]);
}
