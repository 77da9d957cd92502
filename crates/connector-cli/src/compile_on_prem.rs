//! `connector compile-on-prem`: the archive that the on-premise agent unpacks and runs.

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
The archive is <FOLDER>/bundled/<ID>-<VERSION>.tar.gz, where <VERSION> is that of the crate. It contains `main`, the
static executable; `metadata.toml`, which the agent reads; the licenses of the code inside, and an SBOM. The same
sources and compiler produce the same archive, byte for byte.

The path of the archive is the last line on stdout. Everything else goes to stderr.

Exit status:
  0  the archive was written
  1  the connector doesn't build, doesn't run, or isn't one that the agent can call
  2  a mistake in the command line
  3  a file could not be read or written";

#[derive(Args)]
pub(crate) struct CompileOnPrem {
    /// The connector's app id, as its `info` reports it; `_on_prem` at its end is optional
    #[arg(long, value_name = "ID")]
    app_id: String,
    #[command(flatten)]
    build: Build,
    /// Where to put the archive; created if it doesn't exist
    #[arg(short, long, value_name = "FOLDER", default_value = ".")]
    output_directory: PathBuf,
}

/// What the agent looks for at the end of an app id.
const SUFFIX: &str = "_on_prem";

impl CompileOnPrem {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let app_id = self.app_id.strip_suffix(SUFFIX).unwrap_or(&self.app_id);
        if app_id.is_empty()
            || !app_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        {
            return Err(Stop::usage("--app-id: an app id consists of ASCII letters, digits, `-` and `_`"));
        }
        // Built into a folder of its own: the archive is all that stays.
        let parts = tempfile::tempdir().map_err(|error| Stop::io(format!("no temporary folder: {error}")))?;
        let built = self.build.run(Some(parts.path()))?;
        if !built.is_static() {
            return Err(Stop::failed("the agent needs a static executable, which only Linux has"));
        }
        if built.can_run {
            check_info(app_id, &built.executable)?;
        } else {
            eprintln!("built for another machine: whether the agent can call it was not checked");
        }
        let folder = self.output_directory.join("bundled");
        fs::create_dir_all(&folder).map_err(|error| Stop::cannot("create", &folder, &error))?;
        let archive = folder.join(format!("{}-{}.tar.gz", self.app_id, built.version));
        write(&archive, &members(app_id, &built)?)?;
        let archive = archive.canonicalize().map_err(|error| Stop::at(&archive, error))?;
        print(format!("{}\n", archive.display()).as_bytes())
    }
}

/// Checks that the agent can call the connector: it knows the connector by its app id and speaks openapi to it.
fn check_info(app_id: &str, executable: &Path) -> Result<(), Stop> {
    let mut info = Command::new(executable);
    // The agent sets no such variable: what the connector speaks has to be its own choice.
    info.arg("info").env_remove("CONNECTOR_WIRE").stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = info.output().map_err(|error| Stop::cannot("run", executable, &error))?;
    let info: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| Stop::failed(format!("`info` does not return JSON: {error}")))?;
    let Some(reported) = info["response"]["app_id"].as_str() else {
        return Err(Stop::failed(
            "the connector speaks the classic wire format, and the agent speaks openapi: add \
             `.wire(Wire::OpenApi)` to the integration",
        ));
    };
    if reported != app_id {
        return Err(Stop::failed(format!("--app-id is {app_id}, but the connector's app id is {reported}")));
    }
    Ok(())
}

/// A file of the archive.
struct Member {
    name: String,
    mode: u32,
    content: Vec<u8>,
}

fn members(app_id: &str, built: &Built) -> Result<Vec<Member>, Stop> {
    let read = |path: &Path| fs::read(path).map_err(|error| Stop::cannot("read", path, &error));
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    // Neither an app id nor a version has characters that TOML escapes.
    let metadata = format!("[connector]\napp_id = \"{app_id}{SUFFIX}\"\nversion = \"{}\"\n", built.version);
    Ok(vec![
        Member { name: "main".to_owned(), mode: 0o770, content: read(&built.executable)? },
        Member { name: "metadata.toml".to_owned(), mode: 0o644, content: metadata.into_bytes() },
        Member { name: name(&built.licences), mode: 0o644, content: read(&built.licences)? },
        Member { name: name(&built.sbom), mode: 0o644, content: read(&built.sbom)? },
    ])
}

/// Writes the archive. An older one of this name is replaced once the new one is complete.
fn write(path: &Path, members: &[Member]) -> Result<(), Stop> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let cannot = |error: std::io::Error| Stop::cannot("write", path, &error);
    let file = NamedTempFile::new_in(folder).map_err(cannot)?;
    pack(file.as_file(), members).map_err(cannot)?;
    readable_by_all(file.as_file()).map_err(cannot)?;
    file.persist(path).map_err(|error| cannot(error.error))?;
    Ok(())
}

/// Times and owners are the same in every archive.
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

/// A temporary file can be read by its owner only; an archive is there to be handed on.
fn readable_by_all(file: &File) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    let _ = file;
    Ok(())
}
