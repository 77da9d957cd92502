//! The sources of a package.

use std::fs;
use std::path::{Path, PathBuf};

use crate::stop::Stop;
use crate::unasync::source::Source;

/// A package, with all of its modules that are in `src` and can be read.
pub(super) struct Package {
    pub(super) manifest: PathBuf,
    pub(super) folder: PathBuf,
    pub(super) modules: Vec<Module>,
}

/// A module in a file of its own.
pub(super) struct Module {
    pub(super) path: PathBuf,
    /// Its path in the crate: `capabilities`, `accounts`; nothing for `lib.rs` and `main.rs`.
    pub(super) names: Vec<String>,
    pub(super) source: Source,
}

impl Module {
    /// A place in it, for people: the file and the line.
    pub(super) fn place(&self, at: usize) -> String {
        let (line, _) = self.source.line_column(at);
        format!("{}:{line}", self.path.display())
    }
}

impl Package {
    /// # Errors
    /// If it has no folder `src`, or that cannot be read.
    pub(super) fn read(manifest: &Path) -> Result<Self, Stop> {
        let folder = manifest.parent().unwrap_or(Path::new(".")).to_owned();
        let sources = folder.join("src");
        if !sources.is_dir() {
            return Err(Stop::usage(format!(
                "there is no folder src in {}: say with --directory where the connector's crate is",
                folder.display()
            )));
        }
        let mut modules = Vec::new();
        read_folder(&sources, &sources, &mut modules)?;
        Ok(Self { manifest: manifest.to_owned(), folder, modules })
    }

    /// The module of this path in the crate. Where both are there, the library's root is meant.
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
        // What is in `bin` are other crates.
        if path.is_dir() && path != sources.join("bin") {
            read_folder(&path, sources, modules)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") && path.is_file() {
            let text = fs::read_to_string(&path).map_err(|error| Stop::cannot("read", &path, error))?;
            // What is not Rust does not compile either: cargo tells that better.
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

    /// A module of this path in its crate and with this text.
    pub(in crate::add) fn module(names: &[&str], text: &str) -> Module {
        let source = Source::parse(text.to_owned()).map_err(|error| error.reason).unwrap();
        let names = names.iter().map(|&name| name.to_owned()).collect();
        Module { path: "src/x.rs".into(), names, source }
    }

    #[test]
    fn a_file_is_the_module_of_its_place() {
        let told = |path: &str| names(Path::new(path)).join("::");
        assert_eq!(told("lib.rs"), "");
        assert_eq!(told("main.rs"), "");
        assert_eq!(told("read.rs"), "read");
        assert_eq!(told("read/mod.rs"), "read");
        assert_eq!(told("read/main.rs"), "read::main");
    }
}
