//! The executables that an author ships, built by `connector hacking build-executable`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::line;
use super::package::{self, Package};

/// The folder with the files of the page `/docs`.
const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/connector/src/server/docs");

pub(super) fn run(connector: &Path, package: &Package, base: &Package) -> Result<()> {
    line("executable size", "connector", "base", "ratio", "target");
    let host = host(package)?;
    let Some(stem) = host.strip_suffix("-linux-gnu") else {
        return page(&compare(connector, package, base, &host, &format!("dist executable, {host}"), "")?);
    };
    page(&compare(connector, package, base, &host, "dist executable, static gnu", "≤ 6 MB")?)?;
    let (what, aim) = ("dist executable, static musl", "≤ 5 MB");
    let musl = format!("{stem}-linux-musl");
    if is_installed(package, &musl)? {
        compare(connector, package, base, &musl, what, aim)?;
    } else {
        line(what, "not installed", "", "", aim);
    }
    Ok(())
}

/// Prints the sizes of the executables for `target`. Returns the path of the connector's.
fn compare(
    connector: &Path,
    package: &Package,
    base: &Package,
    target: &str,
    what: &str,
    aim: &str,
) -> Result<PathBuf> {
    let [theirs, ours] =
        [build_executable(connector, base, target)?, build_executable(connector, package, target)?];
    let [theirs_bytes, bytes] = [fs::metadata(theirs)?.len(), fs::metadata(&ours)?.len()];
    let ratio = format!("{:.2}", bytes as f64 / theirs_bytes as f64);
    line(what, &megabytes(bytes), &megabytes(theirs_bytes), &ratio, aim);
    Ok(ours)
}

fn build_executable(connector: &Path, package: &Package, target: &str) -> Result<PathBuf> {
    let mut build = Command::new(connector);
    build.args(["hacking", "build-executable", "--json", "--target", target]).current_dir(&package.folder);
    package::plain(&mut build);
    package.isolate(&mut build);
    let mut executable = None;
    package::timed(&format!("{}: build-executable for {target}", package.name), || {
        let made: Value = serde_json::from_slice(&package::succeed(&mut build)?.stdout)?;
        executable = made["executable"].as_str().map(|path| package.folder.join(path));
        Ok(())
    })?;
    executable.context("`connector` does not report the path of the executable")
}

fn megabytes(bytes: u64) -> String {
    format!("{:.3} MB", bytes as f64 / 1e6)
}

/// Prints the size of the page `/docs` in the executable. Its files must be in the executable unchanged.
fn page(executable: &Path) -> Result<()> {
    let executable = fs::read(executable)?;
    let (mut count, mut bytes) = (0, 0_u64);
    for entry in fs::read_dir(DOCS)? {
        let path = entry?.path();
        let content = fs::read(&path)?;
        let is_in = executable.windows(content.len()).any(|window| window == content);
        ensure!(
            is_in,
            "{} is not in the executable unchanged, so its size cannot be measured",
            path.display()
        );
        count += 1;
        bytes += content.len() as u64;
    }
    line(&format!("page /docs in it, {count} files"), &megabytes(bytes), "", "", "");
    Ok(())
}

/// The compiler's default target.
fn host(package: &Package) -> Result<String> {
    let version = rustc(package, &["-vV"])?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not report its host")
}

fn is_installed(package: &Package, target: &str) -> Result<bool> {
    let folder = rustc(package, &["--print", "target-libdir", "--target", target])?;
    Ok(Path::new(folder.trim_end()).is_dir())
}

fn rustc(package: &Package, args: &[&str]) -> Result<String> {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let output = package::succeed(rustc.args(args).current_dir(&package.folder))?;
    Ok(String::from_utf8(output.stdout)?)
}
