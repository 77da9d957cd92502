//! Tests of what is deployed: the archive for the on-premise agent; and of `deploy/`, the image, as far as possible
//! without a container engine, and the manifests, as far as they depend on the program. `cargo xtask test --system`
//! validates the manifests against the schemas of Kubernetes.

#[cfg(target_os = "linux")]
mod agent;
mod dockerfile;
mod image;
mod manifests;

use std::path::PathBuf;

/// A file of the repository.
fn read(path: &str) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
