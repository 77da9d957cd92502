//! `connector hacking build-executable`: builds the executable to ship, with an SBOM and third-party licenses.

mod elf;
mod licenses;
mod linking;
mod parts;
mod profile;
mod sbom;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use clap::Args;
use serde_json::{Value, json};

use self::linking::{Linking, Toolchain};
use super::build::{self, Features};
use super::program::{self, Program};
use crate::output::print;
use crate::stop::Stop;

/// Name of the file with third-party licenses.
const LICENSES: &str = "THIRD-PARTY-LICENSES.txt";

pub(super) const HELP: &str = "\
Exit status:
  0  the executable and the accompanying files were written
  1  the connector doesn't build, doesn't run, or isn't static on Linux
  2  the command line is invalid
  3  a file cannot be read or written, or cargo cannot be started";

#[derive(Args)]
pub(crate) struct BuildExecutable {
    #[command(flatten)]
    build: Build,
    /// Folder for the files, created if missing [default: cargo's output folder]
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The program to build, and how.
#[derive(Args)]
pub(crate) struct Build {
    // The alias is the option's name in connector-py's `compile-on-prem`.
    /// The connector's folder
    #[arg(short, long, alias = "connector-root-module-dir", value_name = "FOLDER", default_value = ".")]
    directory: PathBuf,
    /// Program to build, if the crate has several
    #[arg(long, value_name = "NAME")]
    bin: Option<String>,
    /// Target to build for [default: this machine; on Linux, musl if rustup has that target, otherwise glibc]
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    #[command(flatten)]
    features: Features,
}

/// The built program and the accompanying files.
pub(crate) struct Built {
    pub(crate) executable: PathBuf,
    /// Version of its crate.
    pub(crate) version: String,
    /// Whether this machine can run it.
    pub(crate) can_run: bool,
    bytes: u64,
    linking: Linking,
    pub(crate) sbom: PathBuf,
    pub(crate) licenses: PathBuf,
    /// Number of crates in the executable that don't belong to the connector's workspace.
    crates: usize,
    without_text: Vec<String>,
}

impl BuildExecutable {
    pub(super) fn run(self) -> Result<ExitCode, Stop> {
        let built = self.build.run(self.output.as_deref())?;
        let text = if self.json { format!("{:#}\n", built.to_json()) } else { built.to_text() };
        print(text.as_bytes())
    }
}

impl Build {
    /// Whether the executable will be static.
    pub(crate) fn is_static(&self) -> Result<bool, Stop> {
        program::locate(&self.directory)?;
        Ok(Toolchain::detect(&self.directory)?.linking(self.target.as_deref()).is_static)
    }

    /// Builds the program. Copies it to `output`, if set; otherwise it stays in cargo's output folder.
    pub(crate) fn run(&self, output: Option<&Path>) -> Result<Built, Stop> {
        let program = program::find(&self.directory, self.bin.as_deref())?;
        let toolchain = Toolchain::detect(&self.directory)?;
        let linking = toolchain.linking(self.target.as_deref());
        if !linking.is_static {
            eprintln!("warning: {} is not a Linux target, so the executable is not static", linking.target);
        }
        let built = build::build(&program, &self.directory, |cargo| {
            cargo.args(["--profile", "dist", "--target", &linking.target]);
            profile::define(&program, cargo);
            linking.apply(cargo);
            self.features.apply(cargo);
        })
        .map_err(|stop| linking.explain(stop, linking::has_c_compiler))?;
        self.finish(&program, &toolchain, linking, &built, output)
    }

    /// Checks the executable, copies it to the output folder and writes the accompanying files.
    fn finish(
        &self,
        program: &Program,
        toolchain: &Toolchain,
        linking: Linking,
        built: &Path,
        output: Option<&Path>,
    ) -> Result<Built, Stop> {
        let content = fs::read(built).map_err(|error| Stop::cannot("read", built, &error))?;
        if linking.is_static {
            check_static(&program.name, &content)?;
        }
        let can_run = toolchain.can_run(&linking.target);
        if can_run {
            check_runs(&program.name, built)?;
        }
        let executable = match output {
            None => built.to_owned(),
            Some(folder) => {
                fs::create_dir_all(folder).map_err(|error| Stop::cannot("create", folder, &error))?;
                let place = folder.join(built.file_name().unwrap_or(program.name.as_ref()));
                // A running executable can be replaced, but not overwritten.
                let _ = fs::remove_file(&place);
                fs::copy(built, &place).map_err(|error| Stop::cannot("write", &place, &error))?;
                place
            }
        };
        let parts = parts::collect(program, &self.directory, &linking.target, &self.features)?;
        let runtime = toolchain.runtime(&linking);
        let sibling = |name: &str| executable.with_file_name(name);
        let (licenses, sbom) = (sibling(LICENSES), sibling(&format!("{}.cdx.json", program.name)));
        let report = licenses::report(program, &parts, &runtime);
        write(&licenses, report.text.as_bytes())?;
        let document = sbom::document(&sbom::Subject {
            program,
            executable: &content,
            target: &linking.target,
            parts: &parts,
            runtime: &runtime,
        })?;
        write(&sbom, format!("{document:#}\n").as_bytes())?;
        Ok(Built {
            version: program.version.clone(),
            can_run,
            bytes: content.len() as u64,
            executable,
            linking,
            sbom,
            licenses,
            crates: parts.iter().filter(|part| !part.is_own).count(),
            without_text: report.without_text,
        })
    }
}

impl Built {
    fn to_json(&self) -> Value {
        json!({
            "executable": self.executable,
            "bytes": self.bytes,
            "target": self.linking.target,
            "static": self.linking.is_static,
            "sbom": self.sbom,
            "licenses": self.licenses,
            "crates": self.crates,
            "without_license_text": self.without_text,
        })
    }

    fn to_text(&self) -> String {
        let kind = if self.linking.is_static { "static, " } else { "" };
        let megabytes = self.bytes as f64 / 1e6;
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{}: {megabytes:.1} MB ({kind}{})",
            self.executable.display(),
            self.linking.target
        );
        let crates = if self.crates == 1 { "crate" } else { "crates" };
        let sbom = self.sbom.display();
        let _ = writeln!(text, "{sbom}: CycloneDX SBOM with {} {crates}", self.crates);
        let _ = writeln!(text, "{}: third-party licenses", self.licenses.display());
        if !self.without_text.is_empty() {
            let _ = writeln!(text, "packages without a license text: {}", self.without_text.join(", "));
        }
        if let Some(hint) = self.linking.hint() {
            let _ = writeln!(text, "{hint}");
        }
        text
    }
}

fn check_static(name: &str, content: &[u8]) -> Result<(), Stop> {
    match elf::interpreter(content) {
        Ok(None) => Ok(()),
        Ok(Some(interpreter)) => Err(Stop::failed(format!(
            "{name} is not static: it requires {interpreter}. Does a cargo config.toml disable crt-static?"
        ))),
        Err(reason) => Err(Stop::failed(format!("cannot check that {name} is static: {reason}"))),
    }
}

/// Checks that the executable starts and is a connector, before it is shipped.
fn check_runs(name: &str, executable: &Path) -> Result<(), Stop> {
    let mut info = Command::new(executable);
    info.arg("info").stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = info
        .output()
        .map_err(|error| Stop::failed(format!("{name} was built but cannot be started: {error}")))?;
    let responded = output.status.success() && serde_json::from_slice::<Value>(&output.stdout).is_ok();
    if responded {
        return Ok(());
    }
    Err(Stop::failed(format!(
        "{name} was built but does not respond to `{name} info` ({}): is it a connector?",
        output.status
    )))
}

fn write(path: &Path, content: &[u8]) -> Result<(), Stop> {
    fs::write(path, content).map_err(|error| Stop::cannot("write", path, &error))
}
