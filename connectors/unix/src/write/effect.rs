//! What a change comes to, as the system sees it.
//!
//! The files are not all that counts on the running machine: its C library merges lines, knows groups by their numbers
//! and may ask a directory service. So there a change is compared with what `getent`, `id` and `sudo` say. Below
//! another root the files are read as the C library and sudo would read them.

use super::arguments::Arguments;
use super::{Noun, WriteError, Writer};

/// `getent`: no entry has this key.
const GETENT_NOT_FOUND: i32 = 2;

/// What sudo is asked about: everybody has it, and only a rule for all commands names it.
const PROBE: &str = "/usr/bin/env";

impl Writer {
    /// Whether the running machine counts this account among the members of a group. `None` below another root.
    ///
    /// # Errors
    /// Whatever keeps `id` from answering.
    pub(super) fn has_group_number(&self, account: &str, gid: u32) -> Result<Option<bool>, WriteError> {
        if self.other_root()?.is_some() {
            return Ok(None);
        }
        let args = Arguments::new().flag("--groups").name(Noun::Account, account)?;
        let answer = self.tools.ask("id", &args)?;
        if answer.exit != Some(0) {
            return Err(unanswered("id"));
        }
        let printed = String::from_utf8_lossy(&answer.printed);
        let gid = gid.to_string();
        Ok(Some(printed.split_ascii_whitespace().any(|number| number == gid)))
    }

    /// Whether the running machine knows this account from anywhere. `None` below another root.
    ///
    /// # Errors
    /// Whatever keeps `getent` from answering.
    pub(super) fn is_known(&self, account: &str) -> Result<Option<bool>, WriteError> {
        if self.other_root()?.is_some() {
            return Ok(None);
        }
        let args = Arguments::new().word("passwd").name(Noun::Account, account)?;
        match self.tools.ask("getent", &args)?.exit {
            Some(0) => Ok(Some(true)),
            Some(GETENT_NOT_FOUND) => Ok(Some(false)),
            _ => Err(unanswered("getent")),
        }
    }

    /// Whether sudo lets this account run everything as root on the running machine. `None` below another root.
    ///
    /// # Errors
    /// Whatever keeps `sudo` from answering.
    pub(super) fn sudo_lets(&self, account: &str) -> Result<Option<bool>, WriteError> {
        if self.other_root()?.is_some() {
            return Ok(None);
        }
        super::name::check(Noun::Account, account)?;
        let args = Arguments::new()
            .flag("--non-interactive")
            .flag("--list")
            .option("--other-user", account)
            .option("--user", "root")
            .word("--")
            .word(PROBE);
        // It prints the command if it is allowed, and nothing otherwise.
        let answer = match self.tools.ask("sudo", &args) {
            // Then it lets nobody.
            Err(WriteError::ToolMissing { .. }) => return Ok(Some(false)),
            answer => answer?,
        };
        Ok(Some(answer.exit == Some(0) && !answer.printed.trim_ascii().is_empty()))
    }
}

fn unanswered(tool: &'static str) -> WriteError {
    let message = "it could not say what the change has come to".to_owned();
    WriteError::NotApplied { tool, message }
}
