//! `connector spec`: the standard capabilities as an OpenAPI document.

use connector::{Wire, standard_openapi_document};

use crate::stop::Stop;

/// The document as YAML.
///
/// # Errors
/// If it cannot be written as YAML.
pub(crate) fn yaml(wire: Wire) -> Result<Vec<u8>, Stop> {
    // By default it quotes what YAML 1.1 would not read as a text (`yes`, `12:30`), so that old readers get it right.
    serde_saphyr::to_string(&standard_openapi_document(wire))
        .map(String::into_bytes)
        .map_err(|error| Stop::io(format!("cannot write YAML: {error}")))
}

/// The document as JSON.
pub(crate) fn json(wire: Wire) -> Vec<u8> {
    format!("{:#}\n", standard_openapi_document(wire)).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_and_json_are_the_same_document_and_have_every_capability_of_the_format() {
        for wire in Wire::ALL.iter().copied() {
            let document: serde_json::Value = serde_json::from_slice(&json(wire)).unwrap();
            let text = String::from_utf8(yaml(wire).unwrap()).unwrap();
            assert_eq!(serde_saphyr::from_str::<serde_json::Value>(&text).unwrap(), document);
            for capability in connector::standard_capabilities() {
                let path = format!("/{}", capability.name);
                let operation = &document["paths"][path]["post"];
                assert_eq!(operation.is_object(), capability.wires.contains(&wire), "{}", capability.name);
                if operation.is_object() {
                    let example = &operation["requestBody"]["content"]["application/json"]["example"];
                    assert!(example.is_object(), "{}", capability.name);
                }
            }
        }
    }
}
