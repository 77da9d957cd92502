//! `connector spec`: the standard capabilities as an OpenAPI document.

use connector::{Wire, standard_openapi_document};

use crate::stop::Stop;

/// The document as YAML.
///
/// # Errors
/// If it cannot be serialized.
pub(crate) fn yaml(wire: Wire) -> Result<Vec<u8>, Stop> {
    // The defaults quote anything that YAML 1.1 wouldn't read as a string (`yes`, `12:30`), so old parsers work too.
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
    fn yaml_and_json_are_the_same_document() {
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
