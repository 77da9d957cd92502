//! The connector's OpenAPI document.

use connector::{Outcome, Wire};
use serde_json::Value;

#[test]
fn every_example_is_a_valid_request_in_both_formats() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (wire, count) in [(Wire::Classic, 16), (Wire::OpenApi, 16)] {
        let integration = mock_connector::integration().with_wire(wire).unwrap();
        let document = integration.openapi_document();
        let paths = document["paths"].as_object().unwrap();
        let capabilities: Vec<(&String, &Value)> = paths
            .iter()
            .map(|(path, item)| (path, &item["post"]))
            .filter(|(_, operation)| operation["x-effect"].is_string())
            .collect();
        assert!(capabilities.len() >= count, "{wire}: {}", capabilities.len());
        for (path, operation) in capabilities {
            let example = &operation["requestBody"]["content"]["application/json"]["example"];
            let answer = runtime
                .block_on(integration.answer(path.trim_start_matches('/'), example.to_string().as_bytes()));
            let carried_out = matches!(answer.outcome, Outcome::Success { .. } | Outcome::Failed { .. });
            assert!(example.is_object() && carried_out, "{wire} {path}: {answer:?}");
        }
    }
}
