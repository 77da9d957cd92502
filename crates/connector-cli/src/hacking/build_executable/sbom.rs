//! The software bill of materials (SBOM), in the JSON format of CycloneDX 1.6.
//!
//! The document is reproducible: the timestamp comes from `SOURCE_DATE_EPOCH` or is omitted, and the serial number is
//! derived from a digest of the rest.

use std::collections::HashMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::linking::Runtime;
use super::parts::Part;
use crate::hacking::program::Program;
use crate::stop::Stop;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Characters to encode in the qualifier of a package URL.
const QUALIFIER: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b'/');

/// The executable that the document describes.
pub(super) struct Subject<'a> {
    pub(super) program: &'a Program,
    pub(super) executable: &'a [u8],
    pub(super) target: &'a str,
    /// The program's own crate comes first.
    pub(super) parts: &'a [Part],
    pub(super) runtime: &'a [Runtime],
}

/// # Errors
/// If `SOURCE_DATE_EPOCH` is set but isn't a valid time.
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
    let references = references(parts);
    let crates = parts.iter().zip(&references).skip(1).map(|(part, reference)| of_part(part, reference));
    let components: Vec<Value> = crates.chain(runtime.iter().map(of_runtime)).collect();
    let dependencies: Vec<Value> = (0..)
        .zip(parts.iter().zip(&references))
        .map(|(at, (part, reference))| {
            let used = part.uses.iter().filter_map(|used| references.get(*used)).map(String::as_str);
            // Only the program itself depends on the libraries of the compiler and the system.
            let runtime = runtime.iter().filter(|_| at == 0).map(|runtime| runtime.name);
            json!({ "ref": reference, "dependsOn": used.chain(runtime).collect::<Vec<_>>() })
        })
        .collect();
    let mut document = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": null,
        "version": 1,
        "metadata": without_nulls(json!({
            "timestamp": timestamp.map(|timestamp| timestamp.to_string()),
            "tools": { "components": [
                { "type": "application", "name": "connector", "version": env!("CARGO_PKG_VERSION") },
            ] },
            "component": without_nulls(json!({
                "type": "application",
                "bom-ref": references.first(),
                "name": program.name,
                "version": program.version,
                "hashes": sha256(&base16ct::lower::encode_string(&Sha256::digest(executable))),
                "licenses": own.and_then(|own| licenses(own.license.as_deref())),
            })),
            "properties": [{ "name": "cargo:target", "value": target }],
        })),
        "components": components,
        "dependencies": dependencies,
    });
    document["serialNumber"] = serial_number(&document).into();
    document
}

fn of_part(part: &Part, reference: &str) -> Value {
    without_nulls(json!({
        "type": "library",
        "bom-ref": reference,
        "name": part.name,
        "version": part.version,
        "scope": "required",
        "hashes": part.checksum.as_deref().map(sha256),
        "licenses": licenses(part.license.as_deref()),
        "purl": package_url(part),
        "externalReferences": part.repository.as_ref().map(|url| json!([{ "type": "vcs", "url": url }])),
    }))
}

fn of_runtime(runtime: &Runtime) -> Value {
    without_nulls(json!({
        "type": "library",
        "bom-ref": runtime.name,
        "name": runtime.name,
        "version": runtime.version,
        "scope": "required",
        "licenses": licenses(Some(runtime.license)),
        "externalReferences": [{ "type": "website", "url": runtime.url }],
    }))
}

/// An object without the fields that are `null`: CycloneDX has optional fields, but no `null`.
fn without_nulls(mut object: Value) -> Value {
    if let Value::Object(fields) = &mut object {
        fields.retain(|_, value| !value.is_null());
    }
    object
}

/// A list with one hash, given in hexadecimal.
fn sha256(content: &str) -> Value {
    json!([{ "alg": "SHA-256", "content": content }])
}

/// The SPDX expression. Old packages separate alternatives with a slash.
fn licenses(expression: Option<&str>) -> Option<Value> {
    let expression = expression?.split('/').map(str::trim).collect::<Vec<_>>().join(" OR ");
    Some(json!([{ "expression": expression }]))
}

/// The package URL of a crate that isn't a path dependency.
fn package_url(part: &Part) -> Option<String> {
    let source = part.source.as_deref()?;
    let url = format!("pkg:cargo/{}@{}", part.name, part.version.replace('+', "%2B"));
    if source == CRATES_IO {
        return Some(url);
    }
    let (kind, place) = source.split_once('+')?;
    let place = if kind == "git" { place.replace('#', "@") } else { place.to_owned() };
    let qualifier = if kind == "git" { "vcs_url=git%2B" } else { "repository_url=" };
    Some(format!("{url}?{qualifier}{}", utf8_percent_encode(&place, QUALIFIER)))
}

/// The reference of each part in this document. If a version of a crate comes from two sources, a number is appended.
fn references(parts: &[Part]) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let name = |part: &Part| {
        let name = format!("{}@{}", part.name, part.version);
        let times = seen.entry(name.clone()).or_default();
        *times += 1;
        if *times == 1 { name } else { format!("{name}#{times}") }
    };
    parts.iter().map(name).collect()
}

/// A version 8 UUID (RFC 9562, section 5.8) that contains bits of the document's digest.
fn serial_number(document: &Value) -> String {
    let mut digest = base16ct::lower::encode_string(&Sha256::digest(document.to_string()));
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
            license: Some("MIT/Apache-2.0".to_owned()),
            license_file: None,
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
        let runtime = [Runtime { name: "musl", version: None, license: "MIT", url: "https://musl.libc.org" }];
        let subject = Subject { program: &program, executable: b"", target: "t", parts, runtime: &runtime };
        document_at(&subject, timestamp)
    }

    #[test]
    fn components_have_a_source_and_dependencies() {
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
    fn references_are_unique() {
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
    fn document_is_reproducible() {
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
