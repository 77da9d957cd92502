//! The destination of a response.

mod destination;
mod replaceable;
mod result_file;

use std::fs::{Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use self::destination::Destination;
use self::result_file::ResultFile;
use super::{Exit, Stop};

/// The destination of a response. It is opened before the call, so that an unwritable path is reported before anything
/// happens upstream.
pub(super) enum Output {
    Stdout,
    File {
        target: Target,
        /// The path as the user entered it.
        path: PathBuf,
        zipped: bool,
    },
}

/// What a path refers to.
pub(super) enum Target {
    /// A regular file, which is replaced once the response is complete.
    Replaced(Box<ResultFile>),
    /// A device, pipe or descriptor, which can only be written to.
    Stream(Box<dyn Write>),
}

impl Output {
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Stop> {
        let Some(path) = path else { return Ok(Self::Stdout) };
        let target = Target::open(path).map_err(|error| cannot_write(path, &error))?;
        // The name that the user entered decides, even if it is a link.
        let zipped = path.as_os_str().as_encoded_bytes().to_ascii_lowercase().ends_with(b".gz");
        Ok(Self::File { target, path: path.to_owned(), zipped })
    }

    pub(super) fn write(self, body: &[u8]) -> Result<(), Stop> {
        let Self::File { target, path, zipped } = self else { return stdout(&[body, b"\n"].concat()) };
        target.write(body, zipped).map_err(|error| cannot_write(&path, &error))
    }
}

impl Target {
    fn open(path: &Path) -> io::Result<Self> {
        let path = match Destination::of(path) {
            Destination::Stdout => return Ok(Self::Stream(Box::new(io::stdout()))),
            Destination::Stderr => return Ok(Self::Stream(Box::new(io::stderr()))),
            Destination::Descriptor(path) => {
                // An open file may already have content, which must not be overwritten.
                let file = OpenOptions::new().append(true).open(path)?;
                return Ok(Self::Stream(Box::new(file)));
            }
            Destination::Path(path) => path,
        };
        match std::fs::metadata(&path) {
            Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) if found.is_file() => Self::replaced(path, Some(found)),
            Ok(_) => {
                let file = OpenOptions::new().write(true).open(path)?;
                Ok(Self::Stream(Box::new(file)))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::replaced(path, None),
            Err(error) => Err(error),
        }
    }

    fn replaced(path: PathBuf, old: Option<Metadata>) -> io::Result<Self> {
        ResultFile::create(path, old).map(Box::new).map(Self::Replaced)
    }

    fn write(self, body: &[u8], zipped: bool) -> io::Result<()> {
        match self {
            Self::Replaced(mut file) => {
                write_body(file.as_file_mut(), body, zipped)?;
                file.persist()
            }
            Self::Stream(mut stream) => write_body(&mut *stream, body, zipped),
        }
    }
}

fn write_body(mut stream: &mut dyn Write, body: &[u8], zipped: bool) -> io::Result<()> {
    if zipped {
        let mut encoder = GzEncoder::new(&mut stream, Compression::default());
        encoder.write_all(body)?;
        encoder.write_all(b"\n")?;
        encoder.finish()?;
    } else {
        stream.write_all(body)?;
        stream.write_all(b"\n")?;
    }
    stream.flush()
}

fn cannot_write(path: &Path, error: &io::Error) -> Stop {
    match error.kind() {
        io::ErrorKind::BrokenPipe => reader_gone(),
        _ => Stop::io(format!("cannot write the result to {}: {error}", path.display())),
    }
}

/// If the reader has closed the pipe, no message is needed.
fn reader_gone() -> Stop {
    Stop { exit: Exit::Io, message: String::new() }
}

/// Writes to stdout.
pub(super) fn stdout(bytes: &[u8]) -> Result<(), Stop> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(reader_gone()),
        Err(error) => Err(Stop::io(format!("cannot write the result to stdout: {error}"))),
    }
}

/// Writes a message to stderr, ignoring errors.
pub(super) fn print_error(message: &str) {
    let _ = io::stderr().write_all(message.as_bytes());
}

/// Writes an informational line to stderr, ignoring errors.
#[cfg(feature = "server")]
pub(super) fn print_line(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

/// Indents a document. It isn't parsed, so that numbers and the order of keys don't change.
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
    fn pretty_changes_only_white_space() {
        let body = br#"{"a":[6.1e-24,340282366920938463463374607431768211455,{}],"b":"x,{\"y\\","c":[]}"#;
        let pretty = String::from_utf8(pretty(body)).unwrap();
        let expected = "{\n  \"a\": [\n    6.1e-24,\n    340282366920938463463374607431768211455,\n    {}\n  ],\n  \"b\": \"x,{\\\"y\\\\\",\n  \"c\": []\n}";
        assert_eq!(pretty, expected);
    }
}
