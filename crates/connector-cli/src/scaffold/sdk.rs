//! The generated crate's dependency on the SDK.

use std::path::Path;

/// The source of the SDK.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sdk {
    /// The folder of its package.
    Path(String),
    Published,
}

/// The version of this program, which is also the SDK's.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

impl Sdk {
    /// The checkout in `folder`. Without a folder, the checkout that this program was built from, if it still exists.
    ///
    /// # Errors
    /// The reason if `folder` has no SDK.
    pub(super) fn find(folder: Option<&str>) -> Result<Self, String> {
        let Some(folder) = folder else {
            let built_from = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("connector");
            return Ok(package_in(&built_from).map_or(Self::Published, Self::Path));
        };
        let absolute = std::path::absolute(folder).map_err(|error| format!("{folder:?}: {error}"))?;
        let places = [absolute.join("crates/connector"), absolute];
        places
            .iter()
            .find_map(|place| package_in(place))
            .map(Self::Path)
            .ok_or_else(|| format!("{folder:?}: expected a checkout with the package lumos-connector"))
    }

    /// The folder of the checkout, whose packages depend on each other, and the parts of it that a build needs.
    pub(super) fn root(&self) -> Option<(&str, &'static [&'static str])> {
        let Self::Path(path) = self else { return None };
        Some(match path.strip_suffix("/crates/connector") {
            Some(root) => (root, &["Cargo.toml", "crates"]),
            None => (path, &["."]),
        })
    }
}

fn package_in(folder: &Path) -> Option<String> {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    let manifest: toml::Table = toml::from_str(&manifest).ok()?;
    let name = manifest.get("package")?.get("name")?.as_str()?;
    if name == "lumos-connector" { folder.to_str().map(str::to_owned) } else { None }
}
