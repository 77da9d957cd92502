//! The source of a request.

use std::io::Read as _;
use std::path::PathBuf;

use super::Stop;

/// The source of a request.
pub(super) enum Input {
    /// The command line.
    Text(Vec<u8>),
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

/// Reads the request.
pub(super) fn read(input: Input) -> Result<Vec<u8>, Stop> {
    match input {
        Input::Text(text) => Ok(text),
        Input::File(path) => std::fs::read(&path)
            .map_err(|error| Stop::io(format!("cannot read the request from {}: {error}", path.display()))),
        Input::Stdin => {
            let mut bytes = Vec::new();
            match std::io::stdin().lock().read_to_end(&mut bytes) {
                Ok(_) => Ok(bytes),
                Err(error) => Err(Stop::io(format!("cannot read the request from stdin: {error}"))),
            }
        }
    }
}
