//! The sources of a package.

use std::fs;
use std::path::{Path, PathBuf};

use crate::stop::Stop;
use crate::unasync::source::Source;

/// A package with its modules in `src`.
pub(super) struct Package {
    pub(super) folder: PathBuf,
    pub(super) modules: Vec<Module>,
}

/// A module with its own file.
pub(super) struct Module {
    pub(super) path: PathBuf,
    /// Its path in the crate, such as `capabilities`, `accounts`; empty for `lib.rs` and `main.rs`.
    pub(super) names: Vec<String>,
    pub(super) source: Source,
}

impl Module {
    /// Describes a position: the file and the line.
    pub(super) fn place(&self, at: usize) -> String {
        let (line, _) = self.source.line_column(at);
        format!("{}:{line}", self.path.display())
    }
}

impl Package {
    /// Reads the package with this manifest.
    ///
    /// # Errors
    /// If it has no folder `src`, or that can't be read.
    pub(super) fn read(manifest: &Path) -> Result<Self, Stop> {
        let folder = manifest.parent().unwrap_or(Path::new(".")).to_owned();
        let sources = folder.join("src");
        if !sources.is_dir() {
            return Err(Stop::usage(format!(
                "{} has no folder src: pass the folder of the connector's crate with --directory",
                folder.display()
            )));
        }
        let mut modules = Vec::new();
        read_folder(&sources, &sources, &mut modules)?;
        Ok(Self { folder, modules })
    }

    /// The module with this path in the crate. An empty path is the root of the library, or of the program without one.
    pub(super) fn module(&self, names: &[&str]) -> Option<&Module> {
        self.modules.iter().find(|module| module.names == names)
    }

    /// The root of the crate that `module` is in.
    pub(super) fn root_of<'a>(&'a self, module: &'a Module) -> Option<&'a Module> {
        if module.names.is_empty() { Some(module) } else { self.module(&[]) }
    }

    pub(super) fn sources(&self) -> PathBuf {
        self.folder.join("src")
    }
}

fn read_folder(folder: &Path, sources: &Path, modules: &mut Vec<Module>) -> Result<(), Stop> {
    let entries = fs::read_dir(folder).map_err(|error| Stop::cannot("read", folder, error))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        // Files in `bin` are other crates.
        if path.is_dir() && path != sources.join("bin") {
            read_folder(&path, sources, modules)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") && path.is_file() {
            let text = fs::read_to_string(&path).map_err(|error| Stop::cannot("read", &path, error))?;
            // Files with syntax errors are skipped: cargo reports them better.
            if let Ok(source) = Source::parse(text) {
                let names = names(path.strip_prefix(sources).unwrap_or(&path));
                modules.push(Module { path, names, source });
            }
        }
    }
    Ok(())
}

fn names(path: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        path.with_extension("").iter().map(|name| name.to_string_lossy().into_owned()).collect();
    let is_root = names.len() == 1 && ["lib", "main"].contains(&names[0].as_str());
    if is_root || names.last().is_some_and(|name| name == "mod") {
        names.pop();
    }
    names
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A module with this path and text.
    pub(in crate::add) fn module(names: &[&str], text: &str) -> Module {
        let source = Source::parse(text.to_owned()).map_err(|error| error.reason).unwrap();
        let names = names.iter().map(|&name| name.to_owned()).collect();
        Module { path: "src/x.rs".into(), names, source }
    }

    #[test]
    fn files_are_modules_by_their_path() {
        let module_of = |path: &str| names(Path::new(path)).join("::");
        assert_eq!(module_of("lib.rs"), "");
        assert_eq!(module_of("main.rs"), "");
        assert_eq!(module_of("read.rs"), "read");
        assert_eq!(module_of("read/mod.rs"), "read");
        assert_eq!(module_of("read/main.rs"), "read::main");
    }
}
