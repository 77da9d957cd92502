//! A base program with a server, a client and a command line, built from the libraries that the SDK uses for them.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::package::{self, Package};

/// The libraries. The client needs `rustls` with the connector's crypto provider for https.
pub(super) const LIBRARIES: [&str; 5] = ["axum", "clap", "reqwest", "rustls", "tokio"];

/// Like a connector, the program responds to `info`. `build-executable` requires that.
const MAIN: &str = r#"use clap::{Arg, Command};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let matches = command().get_matches();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match matches.subcommand() {
        Some(("serve", args)) => runtime.block_on(serve(args.get_one::<String>("where").unwrap())),
        Some(("get", args)) => runtime.block_on(get(args.get_one::<String>("where").unwrap())),
        _ => Ok(println!("{{}}")),
    }
}

fn command() -> Command {
    let place = || Arg::new("where").required(true);
    let commands = ["serve", "get"].map(|name| Command::new(name).arg(place()));
    Command::new("base").subcommand_required(true).subcommands(commands).subcommand(Command::new("info"))
}

async fn serve(address: &str) -> Result<(), Box<dyn std::error::Error>> {
    let router = axum::Router::new().route("/", axum::routing::get(|| async { "base" }));
    Ok(axum::serve(tokio::net::TcpListener::bind(address).await?, router).await?)
}

async fn get(url: &str) -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", reqwest::get(url).await?.text().await?);
    Ok(())
}

#[test]
fn command_line_is_valid() {
    command().debug_assert();
}
"#;

/// Creates the program in `parent`, with the same versions, features and profiles as a fetched connector.
pub(super) fn create(connector: &Package, parent: &Path) -> Result<Package> {
    let base = Package::new(parent, "base", "src/main.rs", "main");
    fs::create_dir_all(base.folder.join("src"))?;
    fs::write(base.folder.join("src/main.rs"), MAIN)?;
    let manifest = fs::read_to_string(connector.folder.join("Cargo.toml"))?;
    let profiles = manifest.find("\n[profile.").map_or("", |at| &manifest[at..]);
    let dependencies = dependencies(connector)?;
    let manifest = format!(
        "[package]\nname = \"base\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [dependencies]\n{dependencies}\n[workspace]\n{profiles}"
    );
    fs::write(base.folder.join("Cargo.toml"), manifest)?;
    Ok(base)
}

/// A manifest line for each library, as cargo resolved it for `connector`.
fn dependencies(connector: &Package) -> Result<String> {
    let output = package::succeed(connector.cargo().args(["metadata", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let list = |value: &Value| value.as_array().cloned().context("unexpected output of cargo metadata");
    let (packages, nodes) = (list(&metadata["packages"])?, list(&metadata["resolve"]["nodes"])?);
    let mut lines = String::new();
    for name in LIBRARIES {
        let missing = || format!("the connector does not depend on {name}");
        let package = packages.iter().find(|package| package["name"] == name).with_context(missing)?;
        let node = nodes.iter().find(|node| node["id"] == package["id"]).with_context(missing)?;
        let (version, features) = (package["version"].as_str().with_context(missing)?, &node["features"]);
        lines += &format!(
            "{name} = {{ version = \"={version}\", default-features = false, features = {features} }}\n"
        );
    }
    Ok(lines)
}
