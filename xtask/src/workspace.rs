//! The workspace: its root, its packages, and commands that run in it.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use serde_json::Value;

/// The root of the repository, where commands run.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

/// What `cargo metadata` reports about the packages of the workspace.
#[derive(Debug)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    /// Where build output goes: `target`, unless the user has configured another folder.
    pub(crate) target_directory: PathBuf,
}

/// One package of the workspace.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// Feature names without `default`, in the order of the manifest.
    pub(crate) features: Vec<String>,
    /// Whether the package has a library or is a proc-macro.
    pub(crate) is_library: bool,
    /// Whether the manifest permits publishing it.
    pub(crate) is_published: bool,
}

impl Workspace {
    /// Finds the root, starting from the manifest of this program.
    ///
    /// # Errors
    /// If it has no workspace manifest.
    pub(crate) fn find() -> anyhow::Result<Self> {
        // `cargo run` sets the variable. If the program is started by hand, the path was compiled in.
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = manifest.parent().context("the xtask package has no parent folder")?.to_path_buf();
        if !root.join("Cargo.toml").is_file() {
            bail!("no workspace manifest in {}", root.display());
        }
        Ok(Self { root })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A command that runs `program` in the workspace root.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        // `cargo run` describes this package in variables. Build scripts that depend on one of them would run again
        // whenever `cargo xtask` and plain `cargo` alternate.
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(describes_this_package) {
                command.env_remove(name);
            }
        }
        command
    }

    /// A command for the cargo that runs this program.
    pub(crate) fn cargo<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(args);
        command
    }

    /// Gets the packages of the workspace from cargo, without their dependencies.
    ///
    /// # Errors
    /// If cargo cannot read a manifest, or its output is not in format version 1.
    pub(crate) fn metadata(&self) -> anyhow::Result<Metadata> {
        let output = self
            .cargo(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .context("cargo metadata could not be started")?;
        if !output.status.success() {
            bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Metadata::parse(&output.stdout)
    }
}

/// Whether cargo sets the variable `name` to describe the package it runs or builds.
fn describes_this_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_")
        || matches!(
            name,
            "CARGO_MANIFEST_DIR"
                | "CARGO_MANIFEST_PATH"
                | "CARGO_MANIFEST_LINKS"
                | "CARGO_CRATE_NAME"
                | "CARGO_BIN_NAME"
                | "CARGO_PRIMARY_PACKAGE"
        )
}

impl Metadata {
    fn parse(json: &[u8]) -> anyhow::Result<Self> {
        let value: Value = serde_json::from_slice(json).context("cargo metadata did not return JSON")?;
        let packages = value["packages"].as_array().context("cargo metadata has no packages")?;
        Ok(Self {
            packages: packages.iter().map(Package::read).collect::<anyhow::Result<_>>()?,
            target_directory: value["target_directory"]
                .as_str()
                .context("cargo metadata has no target directory")?
                .into(),
        })
    }
}

impl Package {
    fn read(value: &Value) -> anyhow::Result<Self> {
        let name = value["name"].as_str().context("a package without a name")?.to_owned();
        let features = value["features"].as_object().context("a package without a table of features")?;
        let targets = value["targets"].as_array().context("a package without targets")?;
        Ok(Self {
            name,
            features: features.keys().filter(|feature| *feature != "default").cloned().collect(),
            is_library: targets.iter().any(|target| {
                let kinds = target["kind"].as_array().map(Vec::as_slice).unwrap_or_default();
                kinds.iter().any(|kind| kind == "lib" || kind == "proc-macro")
            }),
            // `publish = false` is an empty list of registries, and a missing `publish` is null.
            is_published: value["publish"].as_array().is_none_or(|registries| !registries.is_empty()),
        })
    }
}

/// The command as a user would type it.
pub(crate) fn typed(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_stem().unwrap_or(program.as_os_str());
    let words = std::iter::once(program).chain(command.get_args()).map(OsStr::to_string_lossy);
    words.collect::<Vec<_>>().join(" ")
}

/// Runs `command` with the input and output of this program. Returns whether it succeeded.
///
/// # Errors
/// If it cannot be started.
pub(crate) fn succeeds(command: &mut Command) -> anyhow::Result<bool> {
    let status = command.status().with_context(|| format!("`{}` could not be started", typed(command)))?;
    Ok(status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_has_libraries_features_and_published_packages() {
        let json = br#"{"target_directory": "/elsewhere/target", "packages": [
            {"name": "sdk", "publish": null, "features": {"server": [], "default": ["server"], "client": []},
             "targets": [{"kind": ["lib"]}, {"kind": ["test"]}]},
            {"name": "macros", "publish": ["crates-io"], "features": {}, "targets": [{"kind": ["proc-macro"]}]},
            {"name": "tool", "publish": [], "features": {}, "targets": [{"kind": ["bin"]}]}]}"#;
        let metadata = Metadata::parse(json).unwrap();
        assert_eq!(metadata.target_directory, Path::new("/elsewhere/target"));
        let [sdk, macros, tool] = &metadata.packages[..] else { panic!("{:?}", metadata.packages) };
        assert_eq!(sdk.features, ["server", "client"]);
        assert!(sdk.is_library && macros.is_library && !tool.is_library);
        assert!(sdk.is_published && macros.is_published && !tool.is_published);
    }

    #[test]
    fn metadata_without_packages_is_an_error() {
        assert!(Metadata::parse(br#"{"target_directory": "target"}"#).is_err());
    }

    #[test]
    fn a_command_is_shown_as_typed() {
        let mut command = Command::new("/some/toolchain/bin/cargo");
        command.args(["doc", "--no-deps"]);
        assert_eq!(typed(&command), "cargo doc --no-deps");
    }

    #[test]
    fn variables_that_describe_this_package_are_removed() {
        assert!(describes_this_package("CARGO_PKG_VERSION"));
        assert!(describes_this_package("CARGO_MANIFEST_DIR"));
        assert!(!describes_this_package("CARGO_TARGET_DIR"));
        assert!(!describes_this_package("CARGO_HOME"));
    }
}
