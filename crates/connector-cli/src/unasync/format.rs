//! Formats what was made from a formatted file, so that `cargo fmt` and `--check` agree about it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Failure;

/// What Cargo takes for a package that names none.
const OLDEST_EDITION: &str = "2015";

#[derive(Debug)]
pub(crate) struct Formatter {
    folder: PathBuf,
    edition: String,
}

impl Formatter {
    /// For files in `folder`: with the `rustfmt.toml` and the edition that are theirs.
    pub(crate) fn new(folder: &Path) -> Self {
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() };
        let edition = edition(&folder).unwrap_or_else(|| OLDEST_EDITION.to_owned());
        Self { folder, edition }
    }

    /// `converted`, formatted if `source` is.
    ///
    /// # Errors
    /// If rustfmt cannot be started: whether the result is as it should be could not be told.
    pub(crate) fn format_like(&self, source: &str, converted: String) -> Result<String, Failure> {
        if self.format(source)?.as_deref() != Some(source) {
            return Ok(converted);
        }
        Ok(self.format(&converted)?.unwrap_or(converted))
    }

    /// `None` if rustfmt does not take the text.
    fn format(&self, text: &str) -> Result<Option<String>, Failure> {
        let program = std::env::var_os("RUSTFMT").unwrap_or_else(|| "rustfmt".into());
        let failed = |error: std::io::Error| {
            Failure::Io(format!(
                "{} cannot be started: {error}; install it, or say `format = false` in unasync.toml",
                program.display()
            ))
        };
        let mut child = Command::new(&program)
            .args(["--edition", &self.edition, "--quiet"])
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        // It reads all before it writes, so neither waits for the other. If it does not read, its status says so.
        if let Some(mut stdin) = child.stdin.take() {
            let _ = stdin.write_all(text.as_bytes());
        }
        let output = child.wait_with_output().map_err(failed)?;
        Ok(output.status.success().then(|| String::from_utf8(output.stdout).ok()).flatten())
    }
}

/// The edition of the package around `folder`, its workspace's if it says so.
fn edition(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let mut manifests = folder.ancestors().filter_map(|folder| {
        let text = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        toml::from_str::<toml::Table>(&text).ok()
    });
    let manifest = manifests.find(|manifest| manifest.contains_key("package"))?;
    let edition = manifest.get("package")?.get("edition")?;
    if let Some(edition) = edition.as_str() {
        return Some(edition.to_owned());
    }
    std::iter::once(manifest.clone()).chain(manifests).find_map(|manifest| {
        manifest.get("workspace")?.get("package")?.get("edition")?.as_str().map(str::to_owned)
    })
}
