//! `connector capabilities`: what a connector can implement.

use std::fmt::Write as _;

use connector::{StandardCapability, standard_capabilities};
use serde_json::{Value, json};

/// A table for people.
pub(crate) fn table() -> Vec<u8> {
    let mut table = String::new();
    for capability in standard_capabilities() {
        let wires = wires(&capability).join(" ");
        let StandardCapability { name, effect, summary, .. } = capability;
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{name:<30}  {:<16}  {wires:<15}  {summary}", effect.to_string());
    }
    table.into_bytes()
}

/// The same as JSON.
pub(crate) fn json() -> Vec<u8> {
    let all: Vec<Value> = standard_capabilities()
        .iter()
        .map(|capability| {
            json!({
                "name": capability.name,
                "effect": capability.effect.as_str(),
                "wires": wires(capability),
                "summary": capability.summary,
            })
        })
        .collect();
    format!("{:#}\n", Value::from(all)).into_bytes()
}

fn wires(capability: &StandardCapability) -> Vec<&'static str> {
    capability.wires.iter().map(|wire| wire.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_sixteen_capabilities_are_listed() {
        assert_eq!(String::from_utf8(table()).unwrap().lines().count(), 16);
        let json: Value = serde_json::from_slice(&json()).unwrap();
        assert_eq!(json[0]["name"], "activate_account");
        assert_eq!(json[0]["effect"], "idempotent_write");
    }
}
