//! What a change amounts to, as the system sees it.
//!
//! On the running machine, the files aren't all that counts: its C library merges lines, knows groups by their numbers
//! and may consult a directory service. There, a change is compared with what `getent`, `id` and `sudo` report. Below
//! another root, the files are read as the C library and sudo would read them.

use super::arguments::Arguments;
use super::error::Noun;
use super::snapshot::Snapshot;
use super::state::State;
use super::tool::Reply;
use super::{WriteError, Writer};
use crate::day::Day;
use crate::files::shadow;

/// `getent`: no entry has this key.
const GETENT_NOT_FOUND: i32 = 2;

/// `getent`: it doesn't know this database, as that of musl doesn't know `shadow`.
const GETENT_UNKNOWN_DATABASE: i32 = 1;

/// The command that sudo is asked about: everybody has it, and only a rule for all commands names it.
const PROBE: &str = "/usr/bin/env";

impl Writer {
    /// Whether the running machine counts this account among the members of a group. `None` below another root.
    ///
    /// # Errors
    /// Anything that keeps `id` from responding.
    pub(super) fn has_group_number(&self, account: &str, gid: u32) -> Result<Option<bool>, WriteError> {
        if self.other_root()?.is_some() {
            return Ok(None);
        }
        // BusyBox has no long options.
        let args = Arguments::new().flag("-G").name(Noun::Account, account)?;
        let reply = self.tools.query("id", &args)?;
        if reply.exit != Some(0) {
            return Err(no_reply("id", &reply));
        }
        let printed = String::from_utf8_lossy(&reply.stdout);
        let gid = gid.to_string();
        Ok(Some(printed.split_ascii_whitespace().any(|number| number == gid)))
    }

    /// Whether the running machine knows this account, from any source. `None` below another root.
    ///
    /// # Errors
    /// Anything that keeps `getent` from responding.
    pub(super) fn is_known(&self, account: &str) -> Result<Option<bool>, WriteError> {
        if self.other_root()?.is_some() {
            return Ok(None);
        }
        match self.getent("passwd", account) {
            Err(WriteError::ToolMissing { .. }) => {
                let args = Arguments::new().flag("-u").name(Noun::Account, account)?;
                Ok(Some(self.tools.query("id", &args)?.exit == Some(0)))
            }
            reply => match reply? {
                Reply { exit: Some(0), stdout, .. } => Ok(Some(is_line_of(&stdout, account))),
                Reply { exit: Some(GETENT_NOT_FOUND), .. } => Ok(Some(false)),
                reply => Err(no_reply("getent", &reply)),
            },
        }
    }

    /// Checks that the running machine's PAM will find an account in this state. Below another root, and if the machine
    /// can't be asked, only the files count.
    ///
    /// # Errors
    /// [`WriteError::NoEffect`] if it finds another state, or none.
    pub(super) fn check_state_effect(
        &self,
        files: &Snapshot<'_>,
        account: &str,
        today: Day,
        is_expected: fn(&State) -> bool,
    ) -> Result<(), WriteError> {
        if self.other_root()?.is_some() {
            return Ok(());
        }
        let reply = match self.getent("shadow", account) {
            Err(WriteError::ToolMissing { .. }) => return Ok(()),
            reply => reply?,
        };
        let line = match reply.exit {
            Some(0) if is_line_of(&reply.stdout, account) => shadow::parse(reply.stdout.trim_ascii_end()),
            Some(0 | GETENT_NOT_FOUND) => None,
            Some(GETENT_UNKNOWN_DATABASE) => return Ok(()),
            _ => return Err(no_reply("getent", &reply)),
        };
        if is_expected(&State::new(files.user(account)?.password, line.as_ref(), today)) {
            return Ok(());
        }
        let reason = format!("`getent shadow` does not show it for {account:?}");
        Err(WriteError::NoEffect { reason })
    }

    /// Without `--`, which musl's `getent` doesn't know.
    fn getent(&self, database: &'static str, account: &str) -> Result<Reply, WriteError> {
        let args = Arguments::new().word(database).operand(Noun::Account, account)?;
        self.tools.query("getent", &args)
    }

    /// Whether sudo lets this account run everything as root on the running machine. `None` below another root, and if
    /// sudo can't be asked about the account.
    ///
    /// # Errors
    /// Anything that keeps `sudo` from responding.
    pub(super) fn sudo_allows(
        &self,
        files: &Snapshot<'_>,
        account: &str,
    ) -> Result<Option<bool>, WriteError> {
        if self.other_root()?.is_some() {
            return Ok(None);
        }
        let uid = files.user(account)?.uid;
        if files.users()?.iter().find(|user| user.uid == uid).is_some_and(|first| first.name != account) {
            // `--other-user` looks up the rules for the name, but a login of this account has the name of the first one.
            return Ok(None);
        }
        let query = |command: &[&'static str]| {
            super::name::check(Noun::Account, account)?;
            let args =
                Arguments::new().flag("--non-interactive").flag("--list").option("--other-user", account);
            self.tools.query("sudo", &command.iter().fold(args, |args, word| args.word(word)))
        };
        // It prints the command if it is allowed, and nothing otherwise.
        let reply = match query(&["--user=root", "--", PROBE]) {
            // Then it allows nothing.
            Err(WriteError::ToolMissing { .. }) => return Ok(Some(false)),
            reply => reply?,
        };
        if reply.exit == Some(0) {
            return Ok(Some(!reply.stdout.trim_ascii().is_empty()));
        }
        // It fails silently if the command isn't allowed. If it failed for another reason, it can't list anything either.
        // What it can list, if only that the account isn't allowed to use sudo, goes to stdout, and warnings to stderr.
        if query(&[])?.stdout.trim_ascii().is_empty() {
            return Err(no_reply("sudo", &reply));
        }
        Ok(Some(false))
    }
}

/// Whether `line` is that of an account in `passwd` or `shadow`: `getent` also takes a name for a UID.
fn is_line_of(line: &[u8], account: &str) -> bool {
    line.strip_prefix(account.as_bytes()).is_some_and(|rest| rest.starts_with(b":"))
}

fn no_reply(tool: &'static str, reply: &Reply) -> WriteError {
    WriteError::NotConfirmed { tool, message: reply.message() }
}
