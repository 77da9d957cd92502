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
        zipped: bool,
    },
    /// A device or pipe, which cannot be replaced by a file.
    Special {
        file: File,
        path: PathBuf,
        zipped: bool,
    },
}

impl Output {
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Stop> {
        let Some(path) = path else { return Ok(Self::Stdout) };
        Self::open_file(path).map_err(|error| cannot_write(path, &error))
    }

    fn open_file(path: &Path) -> io::Result<Self> {
        // The name that the user gave decides, wherever a link may lead.
        let zipped = path.as_os_str().as_encoded_bytes().to_ascii_lowercase().ends_with(b".gz");
        // A link is written through, not replaced.
        let path = through_links(path);
        // What others may read of the old result stays what they may read of the new one.
        let mut mode = None;
        match std::fs::metadata(&path) {
            Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) if !found.is_file() => {
                let file = OpenOptions::new().write(true).open(&path)?;
                return Ok(Self::Special { file, path, zipped });
            }
            Ok(found) => mode = Some(found.permissions()),
            Err(_) => {}
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".result-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let temporary = builder.tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))?;
        if let Some(mode) = mode {
            temporary.as_file().set_permissions(mode)?;
        }
        Ok(Self::File { temporary, path, zipped })
    }

    pub(super) fn write(self, body: &[u8]) -> Result<(), Stop> {
        match self {
            Self::Stdout => stdout(&[body, b"\n"].concat()),
            Self::Special { mut file, path, zipped } => {
                write_body(&mut file, body, zipped).map_err(|error| cannot_write(&path, &error))
            }
            Self::File { mut temporary, path, zipped } => {
                let written = write_body(temporary.as_file_mut(), body, zipped)
                    .and_then(|()| temporary.as_file().sync_all())
                    .and_then(|()| temporary.persist(&path).map(drop).map_err(io::Error::from));
                written.map_err(|error| cannot_write(&path, &error))
            }
        }
    }
}

/// Where a path leads, be it to a file that is not there yet.
fn through_links(path: &Path) -> PathBuf {
    // As many as Linux follows.
    const MOST: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MOST {
        let Ok(target) = std::fs::read_link(&path) else { break };
        path = path.parent().map_or_else(|| target.clone(), |folder| folder.join(&target));
    }
    path
}

fn write_body(file: &mut File, body: &[u8], zipped: bool) -> io::Result<()> {
    if zipped {
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
pub(super) fn complain_as_is(message: &str) {
    let _ = io::stderr().write_all(message.as_bytes());
}

/// Tells the user something that is no error.
#[cfg(feature = "server")]
pub(super) fn tell(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

/// The same document, indented. Nothing in it is read, so that numbers and the order of keys stay as they are.
pub(super) fn pretty(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() * 2);
    let mut depth = 0_usize;
    let (mut in_string, mut escaped) = (false, false);
    let mut bytes = body.iter().copied().peekable();
    let line = |out: &mut Vec<u8>, depth: usize| {
        out.push(b'\n');
        out.extend(std::iter::repeat_n(b' ', depth * 2));
    };
    while let Some(byte) = bytes.next() {
        if in_string {
            out.push(byte);
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => {
                in_string = true;
                out.push(byte);
            }
            b'{' | b'[' => {
                out.push(byte);
                if let Some(end) = bytes.next_if(|next| matches!(next, b'}' | b']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                line(&mut out, depth);
            }
            b':' => out.extend(b": "),
            _ => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indenting_changes_the_layout_and_nothing_else() {
        let body = br#"{"a":[6.1e-24,340282366920938463463374607431768211455,{}],"b":"x,{\"y\\","c":[]}"#;
        let pretty = String::from_utf8(pretty(body)).unwrap();
        let expected = "{\n  \"a\": [\n    6.1e-24,\n    340282366920938463463374607431768211455,\n    {}\n  ],\n  \"b\": \"x,{\\\"y\\\\\",\n  \"c\": []\n}";
        assert_eq!(pretty, expected);
    }
}
