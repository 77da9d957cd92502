//! Formats the result if the source is formatted, so `cargo fmt` and `--check` agree.

mod rustfmt;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

pub(crate) use rustfmt::kill_on_signals;

/// Cargo's default edition for packages that don't specify one.
const DEFAULT_EDITION: &str = "2015";

/// Time limit for rustfmt. For some nested code, its running time doubles with each level.
const TIME_LIMIT: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Formatter {
    folder: PathBuf,
    edition: String,
    program: OsString,
    limit: Duration,
}

impl Formatter {
    /// A formatter for files in `folder`, with the `rustfmt.toml` and the edition that apply there.
    pub(crate) fn new(folder: &Path) -> Self {
        let edition = edition(folder).unwrap_or_else(|| DEFAULT_EDITION.to_owned());
        let program = std::env::var_os("RUSTFMT").unwrap_or_else(|| "rustfmt".into());
        Self { folder: folder.to_owned(), edition, program, limit: TIME_LIMIT }
    }

    /// Formats `converted` if `source` is formatted.
    ///
    /// # Errors
    /// If rustfmt cannot be started or takes too long. The message doesn't contain the file's name.
    pub(crate) fn format_like(&self, source: &str, converted: String) -> Result<String, String> {
        if self.format(source)?.as_deref() != Some(source) {
            return Ok(converted);
        }
        Ok(self.format(&converted)?.unwrap_or(converted))
    }

    /// Returns `None` if rustfmt rejects the text.
    fn format(&self, text: &str) -> Result<Option<String>, String> {
        let program = self.program.display();
        let mut rustfmt = Command::new(&self.program);
        rustfmt.args(["--edition", &self.edition, "--quiet"]).current_dir(&self.folder);
        match rustfmt::run(&mut rustfmt, text, self.limit) {
            Ok(Some(formatted)) => Ok(formatted),
            Ok(None) => Err(format!(
                "{program} takes longer than {:?}: reduce the nesting, or set `format = false` in unasync.toml",
                self.limit
            )),
            Err(error) => Err(format!(
                "{program} cannot be started: {error}; install it, or set `format = false` in unasync.toml"
            )),
        }
    }
}

/// The edition of the package that contains `folder`, which may come from its workspace.
fn edition(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let mut manifests = folder.ancestors().filter_map(|folder| {
        let manifest = folder.join("Cargo.toml");
        // Reading a pipe of that name would block forever.
        let text = manifest.is_file().then(|| std::fs::read_to_string(manifest).ok()).flatten()?;
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

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::Instant;

    use super::*;

    /// A formatter that runs a shell script.
    fn formatter(script: &str) -> (tempfile::TempDir, Formatter) {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("rustfmt.sh");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        let formatter = Formatter { program: program.into(), ..Formatter::new(folder.path()) };
        (folder, formatter)
    }

    #[test]
    fn slow_formatter_is_killed() {
        let (_folder, mut formatter) = formatter("exec sleep 600");
        formatter.limit = Duration::from_millis(50);
        let begin = Instant::now();
        // More than a pipe can hold, so writing blocks too.
        let message = formatter.format_like(&"a".repeat(1 << 20), String::new()).unwrap_err();
        assert!(
            message.contains("takes longer than 50ms") && message.contains("format = false"),
            "{message}"
        );
        assert!(begin.elapsed() < Duration::from_secs(60));
    }

    #[test]
    fn formatter_that_keeps_its_output_open_is_not_waited_for() {
        let (_folder, mut formatter) = formatter("sleep 600 & echo $! >pid; exit 1");
        formatter.limit = Duration::from_millis(300);
        let begin = Instant::now();
        let _ = formatter.format_like("", String::new());
        assert!(begin.elapsed() < Duration::from_secs(60));
        let id = std::fs::read_to_string(formatter.folder.join("pid")).unwrap();
        assert!(Command::new("kill").arg(id.trim()).status().unwrap().success());
    }
}
