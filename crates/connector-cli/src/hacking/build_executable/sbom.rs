//! The bill of materials, in the JSON form of CycloneDX 1.6.
//!
//! The same input gives the same document: the time is that of `SOURCE_DATE_EPOCH`, or left out, and the serial number
//! is made of a digest of the rest.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::linking::Runtime;
use super::parts::Part;
use crate::hacking::program::Program;
use crate::stop::Stop;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// What the document is about.
pub(super) struct Subject<'a> {
    pub(super) program: &'a Program,
    pub(super) executable: &'a [u8],
    pub(super) target: &'a str,
    /// The program's own crate first.
    pub(super) parts: &'a [Part],
    pub(super) runtime: &'a [Runtime],
}

/// # Errors
/// If `SOURCE_DATE_EPOCH` is there and no time.
pub(super) fn document(subject: &Subject<'_>) -> Result<Value, Stop> {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().filter(|seconds| !seconds.is_empty());
    let timestamp = epoch
        .map(|seconds| {
            let second = seconds.parse().ok().and_then(|second| jiff::Timestamp::from_second(second).ok());
            second.ok_or_else(|| Stop::usage("SOURCE_DATE_EPOCH: expected a number of seconds since 1970"))
        })
        .transpose()?;
    Ok(document_at(subject, timestamp))
}

fn document_at(subject: &Subject<'_>, timestamp: Option<jiff::Timestamp>) -> Value {
    let Subject { program, executable, target, parts, runtime } = subject;
    let own = parts.first();
    let references: Vec<String> =
        parts.iter().map(|part| format!("{}@{}", part.name, part.version)).collect();
    let references = unique(references);
    let mut metadata = Map::new();
    if let Some(timestamp) = timestamp {
        metadata.insert("timestamp".to_owned(), json!(timestamp.to_string()));
    }
    let tool = json!({ "type": "application", "name": "connector", "version": env!("CARGO_PKG_VERSION") });
    metadata.insert("tools".to_owned(), json!({ "components": [tool] }));
    let mut component = json!({
        "type": "application",
        "bom-ref": references.first(),
        "name": program.name,
        "version": program.version,
        "hashes": [{ "alg": "SHA-256", "content": base16ct::lower::encode_string(&Sha256::digest(executable)) }],
    });
    if let Some(licences) = own.and_then(|own| licences(own.licence.as_deref())) {
        component["licenses"] = licences;
    }
    metadata.insert("component".to_owned(), component);
    metadata.insert("properties".to_owned(), json!([{ "name": "cargo:target", "value": target }]));
    let crates = parts.iter().zip(&references).skip(1).map(|(part, reference)| of_part(part, reference));
    let components: Vec<Value> = crates.chain(runtime.iter().map(of_runtime)).collect();
    let dependencies: Vec<Value> = (0..)
        .zip(parts.iter().zip(&references))
        .map(|(at, (part, reference))| {
            let used = part.uses.iter().filter_map(|used| references.get(*used)).map(String::as_str);
            // The program itself is what stands on the libraries of the compiler and the system.
            let below = runtime.iter().filter(|_| at == 0).map(|runtime| runtime.name);
            json!({ "ref": reference, "dependsOn": used.chain(below).collect::<Vec<_>>() })
        })
        .collect();
    let body = json!({
        "version": 1,
        "metadata": metadata,
        "components": components,
        "dependencies": dependencies,
    });
    let mut document = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": serial_number(&body),
    });
    if let (Value::Object(document), Value::Object(body)) = (&mut document, body) {
        document.extend(body);
    }
    document
}

fn of_part(part: &Part, reference: &str) -> Value {
    let mut component = json!({
        "type": "library",
        "bom-ref": reference,
        "name": part.name,
        "version": part.version,
        "scope": "required",
    });
    if let Some(checksum) = &part.checksum {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    if let Some(licences) = licences(part.licence.as_deref()) {
        component["licenses"] = licences;
    }
    if let Some(url) = package_url(part) {
        component["purl"] = url.into();
    }
    if let Some(repository) = &part.repository {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}

fn of_runtime(runtime: &Runtime) -> Value {
    let mut component = json!({
        "type": "library",
        "bom-ref": runtime.name,
        "name": runtime.name,
        "scope": "required",
        "licenses": licences(Some(runtime.licence)),
        "externalReferences": [{ "type": "website", "url": runtime.url }],
    });
    if let Some(version) = &runtime.version {
        component["version"] = version.as_str().into();
    }
    component
}

/// The expression, as SPDX writes it: old packages separate the choices with a slash.
fn licences(expression: Option<&str>) -> Option<Value> {
    let expression = expression?.split('/').map(str::trim).collect::<Vec<_>>().join(" OR ");
    Some(json!([{ "expression": expression }]))
}

/// The package URL of a crate that others can get.
fn package_url(part: &Part) -> Option<String> {
    let source = part.source.as_deref()?;
    let url = format!("pkg:cargo/{}@{}", part.name, part.version.replace('+', "%2B"));
    if source == CRATES_IO {
        return Some(url);
    }
    let (kind, place) = source.split_once('+')?;
    let place = if kind == "git" { place.replace('#', "@") } else { place.to_owned() };
    let qualifier = if kind == "git" { "vcs_url=git%2B" } else { "repository_url=" };
    Some(format!("{url}?{qualifier}{}", percent_encoded(&place)))
}

/// With all but what needs no encoding in a qualifier's value.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Marks those that are there already: the same version of a crate may come from two sources.
fn unique(references: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashMap::new();
    let mark = |reference: String| {
        let times = seen.entry(reference.clone()).and_modify(|times| *times += 1).or_insert(1);
        if *times == 1 { reference } else { format!("{reference}#{times}") }
    };
    references.into_iter().map(mark).collect()
}

/// A UUID of version 8 (RFC 9562, section 5.8): its bits are those of the document's digest.
fn serial_number(body: &Value) -> String {
    let mut digest = base16ct::lower::encode_string(&Sha256::digest(body.to_string()));
    digest.replace_range(12..13, "8");
    digest.replace_range(16..17, "8");
    let part = |range: std::ops::Range<usize>| digest.get(range).unwrap_or_default();
    format!("urn:uuid:{}-{}-{}-{}-{}", part(0..8), part(8..12), part(12..16), part(16..20), part(20..32))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use super::*;

    fn part(name: &str, source: Option<&str>, uses: &[usize]) -> Part {
        Part {
            name: name.to_owned(),
            version: "1.0.0+2".to_owned(),
            licence: Some("MIT/Apache-2.0".to_owned()),
            licence_file: None,
            folder: PathBuf::from("/home/ada"),
            source: source.map(str::to_owned),
            repository: Some("https://example.org/code".to_owned()),
            checksum: None,
            is_own: source.is_none(),
            uses: BTreeSet::from_iter(uses.iter().copied()),
        }
    }

    fn document_of(parts: &[Part], timestamp: Option<jiff::Timestamp>) -> Value {
        let program = Program {
            manifest: PathBuf::from("/home/ada/acme/Cargo.toml"),
            name: "acme".to_owned(),
            package: "acme-connector".to_owned(),
            version: "0.1.0".to_owned(),
            workspace: PathBuf::from("/home/ada/acme"),
        };
        let runtime = [Runtime { name: "musl", version: None, licence: "MIT", url: "https://musl.libc.org" }];
        let subject = Subject { program: &program, executable: b"", target: "t", parts, runtime: &runtime };
        document_at(&subject, timestamp)
    }

    #[test]
    fn a_component_says_where_it_is_from_and_what_it_uses() {
        let parts = [
            part("acme-connector", None, &[1, 2]),
            part("one", Some(CRATES_IO), &[2]),
            part("two", Some("git+https://example.org/two?branch=a b#abc"), &[]),
        ];
        let document = document_of(&parts, None);
        assert_eq!(document["metadata"]["component"]["name"], "acme");
        let one = &document["components"][0];
        assert_eq!(one["purl"], "pkg:cargo/one@1.0.0%2B2");
        assert_eq!(one["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(
            document["components"][1]["purl"],
            "pkg:cargo/two@1.0.0%2B2?vcs_url=git%2Bhttps://example.org/two%3Fbranch%3Da%20b%40abc"
        );
        assert_eq!(document["components"][2]["name"], "musl");
        assert_eq!(
            document["dependencies"][0],
            json!({ "ref": "acme-connector@1.0.0+2", "dependsOn": ["one@1.0.0+2", "two@1.0.0+2", "musl"] })
        );
        assert_eq!(document["dependencies"][1]["dependsOn"], json!(["two@1.0.0+2"]));
        assert!(!document.to_string().contains("/home/ada"), "a path of this machine: {document}");
    }

    #[test]
    fn every_reference_is_of_one_component() {
        let twice =
            [part("acme", None, &[1, 2]), part("one", Some(CRATES_IO), &[]), part("one", Some("git+u"), &[])];
        let document = document_of(&twice, None);
        let references: Vec<&Value> = document["components"]
            .as_array()
            .unwrap()
            .iter()
            .map(|component| &component["bom-ref"])
            .collect();
        assert_eq!(references, ["one@1.0.0+2", "one@1.0.0+2#2", "musl"]);
    }

    #[test]
    fn the_same_input_is_the_same_document_with_the_same_number() {
        let parts = [part("acme", None, &[])];
        let document = document_of(&parts, None);
        assert_eq!(document, document_of(&parts, None));
        let number = document["serialNumber"].as_str().unwrap();
        let dashes: Vec<usize> = number.match_indices('-').map(|(at, _)| at - "urn:uuid:".len()).collect();
        assert_eq!((number.len(), dashes), (45, vec![8, 13, 18, 23]), "{number}");
        let later = document_of(&parts, Some(jiff::Timestamp::from_second(1).unwrap()));
        assert_eq!(later["metadata"]["timestamp"], "1970-01-01T00:00:01Z");
        assert_ne!(later["serialNumber"], document["serialNumber"]);
    }
}
