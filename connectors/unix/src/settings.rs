//! [`Settings`]: which machine to use, and what to list.

use connector::{Cancellation, ConnectorError, ErrorCode};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::machine::Machine;
use crate::reading::Gap;
use crate::root::Root;
use crate::writable::{self, WritableRoots};
use crate::write::Writer;

/// Which machine to use, and what to list. All settings are optional and can be `null`.
//
// An unknown name is rejected: with a misspelled `root`, the running machine would be changed instead of an image.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The absolute path of the directory that contains the machine's files: `/`, or that of a system image. An image
    /// can be changed only if the connector's environment allows it.
    #[schemars(extend("default" = "/"))]
    root: Option<String>,
    /// Whether listings omit system accounts: those below `UID_MIN` in `login.defs`, and `nobody`.
    #[schemars(extend("default" = false))]
    hide_system_accounts: Option<bool>,
    /// Whether a new account gets a home directory, created from `/etc/skel`.
    #[schemars(extend("default" = false))]
    create_homes: Option<bool>,
    /// Whether system accounts can be suspended and deleted: those below `UID_MIN` in `login.defs`, and `nobody`.
    /// Accounts of UID 0 never can be.
    #[schemars(extend("default" = false))]
    change_system_accounts: Option<bool>,
}

impl Settings {
    /// The machine to read. Reading stops when `cancellation` is cancelled.
    ///
    /// # Errors
    /// `bad_request` if the root isn't a directory.
    pub(crate) fn machine(&self, cancellation: Cancellation) -> Result<Machine, ConnectorError> {
        let root = self.root()?.cancelled_by(cancellation);
        Ok(Machine::new(root).hide_system_accounts(self.hide_system_accounts.unwrap_or_default()))
    }

    /// The machine to change. No change begins after `cancellation` is cancelled; one that has begun is finished.
    ///
    /// # Errors
    /// `bad_request` if the root isn't a directory, `permission_denied` if it isn't one of `roots`.
    pub(crate) fn writer(
        &self,
        roots: &WritableRoots,
        cancellation: Cancellation,
    ) -> Result<Writer, ConnectorError> {
        let root = self.root()?;
        let path = root.path().canonicalize();
        let path =
            path.map_err(|error| bad_root(Gap::from_io(&root.path().display().to_string(), &error)))?;
        if !roots.contain(&path) {
            let message = format!(
                "settings.root: changing {} is not allowed; to allow it, add it to {} in the connector's environment",
                path.display(),
                writable::VARIABLE
            );
            return Err(ConnectorError::new(message, ErrorCode::PermissionDenied));
        }
        // The path without links is the one that was allowed. A link could be changed in between.
        let writer = Writer::new(Root::new(path)).cancelled_by(cancellation);
        Ok(writer
            .create_homes(self.create_homes.unwrap_or_default())
            .change_system_accounts(self.change_system_accounts.unwrap_or_default()))
    }

    fn root(&self) -> Result<Root, ConnectorError> {
        let Some(path) = &self.root else { return Ok(Root::default()) };
        if !path.starts_with('/') {
            return Err(bad_root("expected an absolute path"));
        }
        let root = Root::new(path);
        root.check().map_err(bad_root)?;
        Ok(root)
    }
}

/// The error of a root that isn't a machine's.
pub(crate) fn bad_root(why: impl std::fmt::Display) -> ConnectorError {
    ConnectorError::new(format!("settings.root: {why}"), ErrorCode::BadRequest)
}
