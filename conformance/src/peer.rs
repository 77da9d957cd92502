//! Sends the same requests to a published Python release and to the mock connector, and compares the responses.
//!
//! The release runs a twin of the mock connector in its own virtual environment. Both are called through their command
//! lines, with one process per request, and through their HTTP servers. The twin, the requests and the intended
//! differences with their reasons are in `conformance/peer/RELEASE`: `mock_connector`, `requests.jsonl` (see
//! [`request`]) and `differences.json` (see [`intended`]). The twins share their tenant, `conformance/peer/mock_tenant`.

mod compare;
mod difference;
mod exchange;
mod intended;
mod place;
mod program;
mod release;
mod request;
mod response;
mod schemas;
mod via;

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use difference::Difference;
use exchange::Exchange;
use intended::Intended;
use program::Program;
use release::{Locations, Release};
use schemas::Schemas;

use crate::{build, venv};

/// Folder with the twins, their tenant, the requests and the intended differences.
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peer");

/// Maximum number of unmatched differences to print. The rest is only counted.
const MAX_SHOWN: usize = 100;

/// Compares with the release of this name. Returns whether all differences are intended.
pub(crate) fn run(name: &str) -> Result<bool> {
    let release = Release::find(name)?;
    let folder = Path::new(DATA).join(name);
    let requests = request::read(&folder, release)?;
    let mut intended = Intended::read(&folder.join("differences.json"))?;

    let peers = build::target_directory()?.join("peers");
    let python = venv::prepare(&peers, name)?;
    println!("{}", versions(&python)?);
    let home = peers.join(name);
    let mock = test_support::program("mock-connector", "mock-connector");
    let ours = Program::rust(mock, release, &home.join("ours"))?;
    let theirs = Program::python(python, release, Path::new(DATA), &home.join("theirs"))?;

    eprintln!("calling both");
    let exchanges = exchange::run_all(&requests, &ours, &theirs)?;
    let unmatched = compare(&exchanges, release.locations, &mut intended)?;

    report(&unmatched, &intended, &exchanges, release);
    Ok(unmatched.is_empty() && intended.stale().next().is_none())
}

/// Prints the path of an environment's Python. Creates the environment if it is missing.
pub(crate) fn venv(name: &str) -> Result<bool> {
    println!("{}", venv::prepare(&build::target_directory()?.join("peers"), name)?.display());
    Ok(true)
}

/// A difference that isn't intended, with its exchange.
type Unmatched<'a> = (&'a Exchange, Difference);

fn compare<'a>(
    exchanges: &'a [Exchange],
    locations: Locations,
    intended: &mut Intended,
) -> Result<Vec<Unmatched<'a>>> {
    let info = exchanges.iter().find(|exchange| exchange.capability == "info" && exchange.json.is_none());
    let schemas = info.context("requests.jsonl has no request for info")?;
    let schemas = Schemas::from_info(schemas, locations).context("the schemas in info")?;
    let mut unmatched = Vec::new();
    for exchange in exchanges {
        let mut found = compare::responses(exchange, locations.info, intended);
        found.extend(schemas.differences(exchange));
        found.retain(|difference| !intended.explains(exchange, difference));
        unmatched.extend(found.into_iter().map(|difference| (exchange, difference)));
    }
    Ok(unmatched)
}

fn report(unmatched: &[Unmatched<'_>], intended: &Intended, exchanges: &[Exchange], release: &Release) {
    for (exchange, difference) in unmatched.iter().take(MAX_SHOWN) {
        println!("{} ({} via {}): {difference}", exchange.name, exchange.capability, exchange.via);
    }
    if unmatched.len() > MAX_SHOWN {
        println!("… and {} more", unmatched.len() - MAX_SHOWN);
    }
    for (entry, times) in intended.matched() {
        println!("intended, {times} times: {entry}");
    }
    for entry in intended.stale() {
        println!("stale, matched nothing: {entry}");
    }
    println!("{}", release.not_compared);
    for name in exchange::uncalled(exchanges, release.locations.info) {
        println!("not compared: {name} (requests.jsonl has no request for it)");
    }
    let (matched, stale) = (intended.matched().count(), intended.stale().count());
    println!(
        "{} requests, {matched} intended differences matched, {} unmatched",
        exchanges.len(),
        unmatched.len() + stale
    );
}

/// The versions of the release, Python and pydantic, in one line.
fn versions(python: &Path) -> Result<String> {
    const CODE: &str = "import platform, importlib.metadata as m; print('connector-py', m.version('connector-py'), \
                        'on Python', platform.python_version(), 'with pydantic', m.version('pydantic'))";
    let output =
        Command::new(python).args(["-c", CODE]).output().context("cannot start the release's Python")?;
    if !output.status.success() {
        bail!("the release's Python failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_intended_differences_can_be_parsed() {
        for release in &release::RELEASES {
            let folder = Path::new(DATA).join(release.name);
            assert!(!request::read(&folder, release).unwrap().is_empty());
            Intended::read(&folder.join("differences.json")).unwrap();
        }
    }

    #[test]
    fn unsupported_release_is_rejected_before_anything_is_installed() {
        let error = run("0.0.0").unwrap_err().to_string();
        assert!(error.contains("0.0.0") && error.contains("3.2.0"), "{error}");
    }
}
