//! `connector compile-on-prem`: builds the archive that the on-premise agent runs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use clap::Args;
use flate2::{Compression, GzBuilder};
use serde_json::Value;
use tar::{EntryType, Header};
use tempfile::NamedTempFile;

use crate::hacking::build_executable::{Build, Built};
use crate::output::print;
use crate::stop::Stop;

pub(crate) const HELP: &str = "\
The archive is <OUTPUT>/bundled/<ID>-<VERSION>.tar.gz, where <VERSION> is that of the crate. It contains `main`, the
static executable; `metadata.toml`, which the agent reads; third-party licenses and an SBOM. The same sources and
compiler produce the same archive, byte for byte.

The path of the archive is the last line on stdout. Everything else goes to stderr.

Exit status:
  0  the archive was written
  1  the connector doesn't build, doesn't run, doesn't use openapi, or has another app ID
  2  the command line is invalid
  3  a file cannot be read or written, or cargo cannot be started";

#[derive(Args)]
pub(crate) struct CompileOnPrem {
    /// The connector's app ID, as `info` reports it; the suffix `_on_prem` is optional
    #[arg(long, value_name = "ID")]
    app_id: String,
    #[command(flatten)]
    build: Build,
    /// Folder for the archive, created if missing
    #[arg(short, long, value_name = "OUTPUT", default_value = ".")]
    output_directory: PathBuf,
}

/// The suffix of an app ID that the agent requires.
const SUFFIX: &str = "_on_prem";

/// How many characters of an unexpected `info` an error shows.
const MAX_SHOWN: usize = 200;

impl CompileOnPrem {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let app_id = self.app_id.strip_suffix(SUFFIX).unwrap_or(&self.app_id);
        if app_id.is_empty()
            || !app_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        {
            return Err(Stop::usage("--app-id: an app ID consists of ASCII letters, digits, `-` and `_`"));
        }
        if !self.build.is_static()? {
            return Err(Stop::failed(
                "the agent requires a static executable, which is only possible on Linux",
            ));
        }
        // Built into a temporary folder, because only the archive is kept.
        let parts = tempfile::tempdir()
            .map_err(|error| Stop::io(format!("cannot create a temporary folder: {error}")))?;
        let built = self.build.run(Some(parts.path()))?;
        if built.can_run {
            check_info(app_id, &built.executable)?;
        } else {
            eprintln!("warning: built for another machine, so it was not checked that the agent can call it");
        }
        let folder = self.output_directory.join("bundled");
        fs::create_dir_all(&folder).map_err(|error| Stop::cannot("create", &folder, &error))?;
        let archive = folder.join(format!("{}-{}.tar.gz", self.app_id, built.version));
        write(&archive, &members(app_id, &built)?)?;
        let archive = archive.canonicalize().map_err(|error| Stop::at(&archive, error))?;
        print(format!("{}\n", archive.display()).as_bytes())
    }
}

/// Checks that the agent can call the connector: it identifies it by its app ID and uses the openapi wire format.
fn check_info(app_id: &str, executable: &Path) -> Result<(), Stop> {
    let mut info = Command::new(executable);
    // The agent doesn't set this variable, so the connector itself must choose the wire format.
    info.arg("info").env_remove("CONNECTOR_WIRE").stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = info.output().map_err(|error| Stop::cannot("run", executable, &error))?;
    let info: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| Stop::failed(format!("`info` does not return JSON: {error}")))?;
    let Some(reported) = info["response"]["app_id"].as_str() else {
        if info["app_id"].is_string() {
            return Err(Stop::failed(
                "the connector uses the classic wire format, but the agent requires openapi: add \
                 `.wire(Wire::OpenApi)` to the integration",
            ));
        }
        let text = info.to_string();
        let beginning: String = text.chars().take(MAX_SHOWN).collect();
        let more = if beginning.len() < text.len() { "…" } else { "" };
        return Err(Stop::failed(format!("`info` has no app ID: it returns {beginning}{more}")));
    };
    if reported.strip_suffix(SUFFIX).unwrap_or(reported) != app_id {
        return Err(Stop::failed(format!("--app-id is {app_id}, but the connector's app ID is {reported}")));
    }
    Ok(())
}

/// A file in the archive.
struct Member {
    name: String,
    mode: u32,
    content: Vec<u8>,
}

fn members(app_id: &str, built: &Built) -> Result<Vec<Member>, Stop> {
    let read = |path: &Path| fs::read(path).map_err(|error| Stop::cannot("read", path, &error));
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    // App IDs and versions contain no characters that TOML must escape.
    let metadata = format!("[connector]\napp_id = \"{app_id}{SUFFIX}\"\nversion = \"{}\"\n", built.version);
    Ok(vec![
        Member { name: "main".to_owned(), mode: 0o770, content: read(&built.executable)? },
        Member { name: "metadata.toml".to_owned(), mode: 0o644, content: metadata.into_bytes() },
        Member { name: name(&built.licenses), mode: 0o644, content: read(&built.licenses)? },
        Member { name: name(&built.sbom), mode: 0o644, content: read(&built.sbom)? },
    ])
}

/// Writes the archive. An existing one is only replaced after the new one is complete.
fn write(path: &Path, members: &[Member]) -> Result<(), Stop> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let cannot = |error: std::io::Error| Stop::cannot("write", path, &error);
    let file = NamedTempFile::new_in(folder).map_err(cannot)?;
    pack(file.as_file(), members).map_err(cannot)?;
    make_readable(file.as_file()).map_err(cannot)?;
    file.persist(path).map_err(|error| cannot(error.error))?;
    Ok(())
}

/// Packs the archive. Times and owners are always the same.
fn pack(file: &File, members: &[Member]) -> std::io::Result<()> {
    let gzip = GzBuilder::new().mtime(0).write(file, Compression::best());
    let mut archive = tar::Builder::new(gzip);
    for member in members {
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_size(member.content.len() as u64);
        header.set_mode(member.mode);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        archive.append_data(&mut header, &member.name, member.content.as_slice())?;
    }
    archive.into_inner()?.finish()?.sync_all()
}

/// Makes the archive readable by everyone. By default, only the owner can read a temporary file.
fn make_readable(file: &File) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    let _ = file;
    Ok(())
}
