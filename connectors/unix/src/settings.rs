//! [`Settings`]: which machine, and what of it.

use connector::{Cancellation, ConnectorError, ErrorCode};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::machine::Machine;
use crate::reading::Gap;
use crate::root::Root;
use crate::writable::{self, WritableRoots};
use crate::write::Writer;

/// Which machine, and what of it. All of it may be left out or `null`.
//
// An unknown name is refused: with a misspelled `root` the running machine would be changed instead of an image.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The absolute path below which the machine's files lie: `/`, or the directory of a system image. An image is
    /// changed only if the connector's environment allows it.
    #[schemars(extend("default" = "/"))]
    root: Option<String>,
    /// Whether listings leave out system accounts: those below `UID_MIN` of `login.defs`, and `nobody`.
    #[schemars(extend("default" = false))]
    hide_system_accounts: Option<bool>,
    /// Whether a new account gets a home directory, made from `/etc/skel`.
    #[schemars(extend("default" = false))]
    create_homes: Option<bool>,
    /// Whether system accounts may be suspended and deleted: those below `UID_MIN` of `login.defs`, and `nobody`.
    /// Accounts of UID 0 never are.
    #[schemars(extend("default" = false))]
    change_system_accounts: Option<bool>,
}

impl Settings {
    /// The machine to be read, until `cancellation` is cancelled.
    ///
    /// # Errors
    /// `bad_request` if the root is no directory.
    pub(crate) fn machine(&self, cancellation: Cancellation) -> Result<Machine, ConnectorError> {
        let root = self.root()?.cancelled_by(cancellation);
        Ok(Machine::new(root).hide_system_accounts(self.hide_system_accounts.unwrap_or_default()))
    }

    /// The machine to be changed. No change begins once `cancellation` is cancelled; one that has begun is finished.
    ///
    /// # Errors
    /// `bad_request` if the root is no directory, `permission_denied` if it is not one of `roots`.
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
        // The path without links is the one that was allowed: a link may be changed in between.
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

/// The root is not that of a machine.
pub(crate) fn bad_root(why: impl std::fmt::Display) -> ConnectorError {
    ConnectorError::new(format!("settings.root: {why}"), ErrorCode::BadRequest)
}
