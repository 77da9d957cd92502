//! The arguments of a system tool.

use std::ffi::{OsStr, OsString};

use super::error::{Noun, WriteError};
use super::name;

/// The arguments of a system tool, none of which a caller can turn into an option.
///
/// The shadow tools look for `--root`, `--prefix`, `-R` and `-P` before they parse their options. That search visits
/// every argument, including option values and what follows `--`. Therefore a value is always attached to its option,
/// and the only argument that stands alone is a checked name.
#[derive(Debug, Clone, Default)]
pub(super) struct Arguments(Vec<OsString>);

impl Arguments {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds an option without a value.
    pub(super) fn flag(mut self, option: &'static str) -> Self {
        self.0.push(OsString::from(option));
        self
    }

    /// Adds a fixed word, such as the database that `getent` looks into.
    pub(super) fn word(mut self, word: &'static str) -> Self {
        self.0.push(OsString::from(word));
        self
    }

    /// Adds an option with its value, as `--option=value`.
    pub(super) fn option(mut self, option: &'static str, value: impl AsRef<OsStr>) -> Self {
        let mut argument = OsString::from(option);
        argument.push("=");
        argument.push(value);
        self.0.push(argument);
        self
    }

    /// Ends the options with the name of the account or group to change.
    ///
    /// # Errors
    /// [`WriteError::InvalidName`] if it can't be a name, in particular if it starts with `-`.
    pub(super) fn name(self, noun: Noun, name: &str) -> Result<Self, WriteError> {
        self.word("--").operand(noun, name)
    }

    /// Adds a name, for a tool that doesn't know `--`.
    ///
    /// # Errors
    /// [`WriteError::InvalidName`] if it can't be a name, in particular if it starts with `-`.
    pub(super) fn operand(mut self, noun: Noun, name: &str) -> Result<Self, WriteError> {
        name::check(noun, name)?;
        self.0.push(OsString::from(name));
        Ok(self)
    }

    pub(super) fn as_slice(&self) -> &[OsString] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the shadow tools act on this argument in any position.
    fn changes_root(argument: &OsString) -> bool {
        let text = argument.to_str().unwrap();
        ["-R", "-P", "-Q", "--root", "--prefix"].contains(&text)
            || text.starts_with("--root=")
            || text.starts_with("--prefix=")
    }

    #[test]
    fn no_value_or_name_becomes_an_option() {
        for hostile in ["--root=/tmp/jail", "--prefix=/tmp/jail", "--root", "--prefix", "-R", "-P", "-Q"] {
            let args = Arguments::new().flag("--lock").option("--comment", hostile);
            assert!(args.clone().name(Noun::Account, hostile).is_err(), "{hostile}");
            assert!(args.clone().operand(Noun::Account, hostile).is_err(), "{hostile}");
            let args = args.name(Noun::Account, "dora").unwrap();
            assert!(!args.as_slice().iter().any(changes_root), "{hostile}: {args:?}");
        }
    }
}
