//! `connector capabilities`: lists the capabilities that a connector can implement.

use std::fmt::Write as _;

use connector::{StandardCapability, standard_capabilities};
use serde_json::{Value, json};

/// The capabilities as a table for people.
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

/// The capabilities as JSON.
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
    fn table_and_json_list_every_standard_capability() {
        let standard = standard_capabilities();
        let table = String::from_utf8(table()).unwrap();
        let json: Vec<Value> = serde_json::from_slice(&json()).unwrap();
        assert_eq!((table.lines().count(), json.len()), (standard.len(), standard.len()));
        for ((capability, line), json) in standard.iter().zip(table.lines()).zip(&json) {
            let StandardCapability { name, effect, summary, .. } = capability;
            assert_eq!(line.split_whitespace().next(), Some(*name));
            assert!(line.ends_with(summary) && line.contains(&effect.to_string()), "{line}");
            assert_eq!((&json["name"], &json["effect"]), (&json!(name), &json!(effect.as_str())));
            assert_eq!(json["wires"], json!(wires(capability)));
        }
    }

    /// The page marks capabilities that only the openapi format has.
    #[test]
    fn guide_table_lists_every_standard_capability() {
        let page = include_str!("../../../docs/guide/capabilities.md");
        let mut rows: Vec<Vec<&str>> = page
            .lines()
            .skip_while(|line| !line.starts_with("| capability |"))
            .skip(2)
            .take_while(|line| line.starts_with('|'))
            .map(|row| {
                let mut cells: Vec<&str> =
                    row.split('|').map(|cell| cell.trim().trim_matches('`')).skip(1).take(4).collect();
                cells[3] = if cells[3].ends_with("; `openapi` only") { "openapi" } else { "classic openapi" };
                cells
            })
            .collect();
        rows.sort_unstable_by_key(|row| row[1]);
        let standard = standard_capabilities();
        let effects: Vec<String> = standard.iter().map(|known| known.effect.to_string()).collect();
        let formats: Vec<String> = standard.iter().map(|known| wires(known).join(" ")).collect();
        let expected: Vec<[&str; 4]> = standard
            .iter()
            .zip(effects.iter().zip(&formats))
            .map(|(known, (effect, formats))| [known.marker, known.name, effect, formats])
            .collect();
        assert_eq!(rows, expected);
    }
}
