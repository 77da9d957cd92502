//! Values that a published release accepts or rejects, one JSON object per line:
//! `{wire, capability, kind: request|response|error, valid, value, canonical}`.

mod wrapper;

use std::fs::File;
use std::io::{BufRead as _, BufReader};

use anyhow::{Context as _, Result, ensure};
use connector::capability::same_name;
use connector::{Wire, vectors};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

#[derive(Deserialize)]
struct Vector {
    wire: String,
    capability: String,
    kind: String,
    valid: bool,
    value: Box<RawValue>,
    canonical: Option<Value>,
}

/// Checks every line of `file`. Returns whether all of them pass.
pub(crate) fn run(file: &str, only: Option<&str>) -> Result<bool> {
    let only: Option<Vec<&str>> = only.map(|names| names.split(',').collect());
    let reader = BufReader::new(File::open(file).with_context(|| format!("cannot open {file}"))?);
    let (mut passed, mut failed) = (0_u64, 0_u64);
    for (index, line) in reader.lines().enumerate() {
        let line = line.with_context(|| format!("cannot read {file}"))?;
        let mut vector: Vector =
            serde_json::from_str(&line).with_context(|| format!("{file}:{}: not a vector", index + 1))?;
        if only.as_ref().is_some_and(|names| !names.iter().any(|name| same_name(name, &vector.capability))) {
            continue;
        }
        if vector.kind == "response" && wrapper::concerns(&vector.capability) {
            vector.value = to_raw_value(&wrapper::unwrap(serde_json::from_str(vector.value.get())?))?;
            vector.canonical = vector.canonical.map(wrapper::unwrap);
        }
        match check(&vector)? {
            Ok(()) => passed += 1,
            Err(reason) => {
                failed += 1;
                println!("{file}:{}: {} {}: {reason}", index + 1, vector.capability, vector.kind);
            }
        }
    }
    ensure!(passed + failed > 0, "{file} has no vectors to check");
    println!("{passed} passed, {failed} failed");
    Ok(failed == 0)
}

fn check(vector: &Vector) -> Result<Result<(), String>> {
    let wire: Wire = vector.wire.parse()?;
    if !vectors::knows(wire, &vector.capability) {
        return Ok(Err("this wire format does not have the capability yet".to_owned()));
    }
    let text = vector.value.get();
    let written = match vector.kind.as_str() {
        "request" => vectors::request(wire, &vector.capability, text.as_bytes()).map(|()| None),
        "response" => vectors::response(wire, &vector.capability, text).map(Some),
        "error" => vectors::error(wire, text).map(Some),
        kind => anyhow::bail!("unknown kind of vector: {kind}"),
    };
    Ok(match (written, vector.valid) {
        (Ok(_), false) => Err("accepted, but the release rejects it".to_owned()),
        (Err(reason), true) => Err(format!("rejected, but the release accepts it: {reason}")),
        (Err(_), false) | (Ok(None), true) => Ok(()),
        (Ok(Some(bytes)), true) => {
            let canonical =
                vector.canonical.as_ref().context("a valid response without its canonical form")?;
            let ours: Value = serde_json::from_slice(&bytes)?;
            same(canonical, &ours, "")
        }
    })
}

/// Whether `ours` has everything that `theirs` has, and nothing more except nulls.
fn same(theirs: &Value, ours: &Value, path: &str) -> Result<(), String> {
    match (theirs, ours) {
        (Value::Object(theirs), Value::Object(ours)) => {
            for (key, value) in theirs {
                let path = format!("{path}.{key}");
                same(value, ours.get(key).ok_or_else(|| format!("{path}: missing"))?, &path)?;
            }
            match ours.iter().find(|(key, value)| !theirs.contains_key(*key) && !value.is_null()) {
                Some((key, _)) => Err(format!("{path}.{key}: not in the release's canonical form")),
                None => Ok(()),
            }
        }
        (Value::Array(theirs), Value::Array(ours)) if theirs.len() == ours.len() => {
            for (index, (theirs, ours)) in theirs.iter().zip(ours).enumerate() {
                same(theirs, ours, &format!("{path}[{index}]"))?;
            }
            Ok(())
        }
        _ if theirs == ours => Ok(()),
        _ => Err(format!("{path}: {theirs} is written as {ours}")),
    }
}
