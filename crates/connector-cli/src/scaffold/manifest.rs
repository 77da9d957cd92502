//! `.scaffold.json`: records the generated files, to distinguish them from files written or changed by hand.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::choices::Choices;
use super::render::File;
use super::sdk;
use crate::stop::Stop;

/// The file's name.
pub(super) const NAME: &str = ".scaffold.json";

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The version of the program that generated the files.
    version: String,
    /// The choices, by the name of the flag.
    values: BTreeMap<String, String>,
    /// The SHA-256 of each file, in hexadecimal.
    files: BTreeMap<String, String>,
}

impl Manifest {
    pub(super) fn new(choices: &Choices, files: &[File]) -> Self {
        let capabilities: Vec<_> = choices.capabilities.iter().map(|capability| capability.name).collect();
        let values = [
            ("name", choices.name.clone()),
            ("author", choices.author.clone()),
            ("auth", choices.auth.as_str().to_owned()),
            ("wire", choices.wire.as_str().to_owned()),
            ("pagination", choices.pagination.as_str().to_owned()),
            ("capabilities", capabilities.join(",")),
            ("base-url", choices.base_url.clone()),
            ("ci", choices.ci.as_str().to_owned()),
        ];
        Self {
            version: sdk::VERSION.to_owned(),
            values: values.map(|(key, value)| (key.to_owned(), value)).into(),
            files: files.iter().map(|file| (file.path.clone(), hash(file.text.as_bytes()))).collect(),
        }
    }

    /// Reads the manifest in `folder`; without one, returns an empty manifest.
    ///
    /// # Errors
    /// If it can't be read.
    pub(super) fn read(folder: &Path) -> Result<Self, Stop> {
        let path = folder.join(NAME);
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| Stop::cannot("read", &path, error)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(Stop::cannot("read", &path, error)),
        }
    }

    /// Whether `bytes` were generated at `path`.
    pub(super) fn has_generated(&self, path: &str, bytes: &[u8]) -> bool {
        self.files.get(path).is_some_and(|known| *known == hash(bytes))
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    pub(super) fn text(&self) -> Result<String, Stop> {
        serde_json::to_string_pretty(self)
            .map(|text| text + "\n")
            .map_err(|error| Stop::io(format!("cannot write {NAME}: {error}")))
    }
}

fn hash(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}
