//! Where an answer goes.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::NamedTempFile;

use super::{Exit, Stop};

/// Where the answer goes; opened before the call, so that a place that cannot be written to is found out in time.
pub(super) enum Output {
    Stdout,
    /// A file that gets its name only when it is complete.
    File {
        temporary: NamedTempFile,
        path: PathBuf,
    },
    /// A device or pipe, which cannot be replaced by a file.
    Special {
        file: File,
        path: PathBuf,
    },
}

impl Output {
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Stop> {
        let Some(path) = path else { return Ok(Self::Stdout) };
        Self::open_file(path).map_err(|error| cannot_write(path, &error))
    }

    fn open_file(path: &Path) -> io::Result<Self> {
        // A link is written through, not replaced.
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match std::fs::metadata(&path) {
            Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) if !found.is_file() => {
                let file = OpenOptions::new().write(true).open(&path)?;
                return Ok(Self::Special { file, path });
            }
            _ => {}
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".result-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        Ok(Self::File { temporary: builder.tempfile_in(folder)?, path })
    }

    pub(super) fn write(self, body: &[u8]) -> Result<(), Stop> {
        match self {
            Self::Stdout => stdout(&[body, b"\n"].concat()),
            Self::Special { mut file, path } => {
                write_body(&mut file, body, &path).map_err(|error| cannot_write(&path, &error))
            }
            Self::File { mut temporary, path } => {
                let written = write_body(temporary.as_file_mut(), body, &path)
                    .and_then(|()| temporary.as_file().sync_all())
                    .and_then(|()| temporary.persist(&path).map(drop).map_err(io::Error::from));
                written.map_err(|error| cannot_write(&path, &error))
            }
        }
    }
}

fn write_body(file: &mut File, body: &[u8], path: &Path) -> io::Result<()> {
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
        let mut encoder = GzEncoder::new(file, Compression::default());
        encoder.write_all(body)?;
        encoder.write_all(b"\n")?;
        encoder.finish().map(drop)
    } else {
        file.write_all(body)?;
        file.write_all(b"\n")
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Stop {
    Stop::io(format!("cannot write the result to {}: {error}", path.display()))
}

/// Writes to stdout. A reader that has gone away is not worth a message.
pub(super) fn stdout(bytes: &[u8]) -> Result<(), Stop> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            Err(Stop { exit: Exit::Io, message: String::new() })
        }
        Err(error) => Err(Stop::io(format!("cannot write the result to stdout: {error}"))),
    }
}

/// Says something to the user. If stderr is gone there is nobody left to tell.
pub(super) fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "error: {message}");
}

/// Tells the user something that is no error.
#[cfg(feature = "server")]
pub(super) fn tell(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

/// The same document, indented. Numbers and the order of keys stay as they are.
pub(super) fn pretty(body: &[u8]) -> Vec<u8> {
    let reformatted = serde_json::from_slice::<serde_json::Value>(body)
        .and_then(|document| serde_json::to_vec_pretty(&document));
    reformatted.unwrap_or_else(|_| body.to_vec())
}
