//! Where the generated crate gets the SDK from.

use std::path::Path;

/// The dependency on the SDK.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sdk {
    /// The folder of its package.
    Path(String),
    Published,
}

/// The version that this program was built with.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

impl Sdk {
    /// The checkout in `folder`; without one, that which built this program, if it is still there.
    ///
    /// # Errors
    /// What is wrong with `folder`.
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
            .ok_or_else(|| format!("{folder:?}: there is no package lumos-connector"))
    }

    /// The folder of the checkout as a whole: a package in it depends on its neighbours.
    pub(super) fn root(&self) -> Option<&str> {
        let Self::Path(path) = self else { return None };
        Some(path.strip_suffix("/crates/connector").unwrap_or(path))
    }
}

fn package_in(folder: &Path) -> Option<String> {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    let manifest: toml::Table = toml::from_str(&manifest).ok()?;
    let name = manifest.get("package")?.get("name")?.as_str()?;
    if name == "lumos-connector" { folder.to_str().map(str::to_owned) } else { None }
}
