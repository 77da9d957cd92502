//! [`Error`]: any error that a handler returns.

use std::error::Error as StdError;
use std::fmt;

use super::{ConnectorError, origin};

/// Any error, together with the name of its type.
///
/// The `?` operator converts every [`std::error::Error`] into it. For that reason it can't implement the trait itself.
///
/// ```
/// fn parse(text: &str) -> connector::Result<u16> {
///     Ok(text.parse()?)
/// }
/// let error = parse("many").unwrap_err();
/// assert!(error.downcast_ref::<std::num::ParseIntError>().is_some());
/// ```
pub struct Error {
    source: Box<dyn StdError + Send + Sync>,
    type_name: &'static str,
}

impl Error {
    /// Wraps an error whose type has already been erased.
    ///
    /// The name of its type is lost: `raised_by` is `Error`. Exception handlers can still match on the type. For an
    /// `anyhow::Error`, this holds if you convert it with its `reallocate_into_boxed_dyn_error_without_backtrace`.
    #[must_use]
    pub fn from_boxed(source: Box<dyn StdError + Send + Sync>) -> Self {
        let type_name = if source.is::<ConnectorError>() {
            std::any::type_name::<ConnectorError>()
        } else {
            std::any::type_name::<Self>()
        };
        Self { source, type_name }
    }

    /// Returns the error as an `E`, if it is one.
    #[must_use]
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        self.source.downcast_ref()
    }

    /// Returns the first `E` in the chain of the error and its causes.
    #[must_use]
    pub fn find<E: StdError + 'static>(&self) -> Option<&E> {
        self.chain().find_map(|error| error.downcast_ref())
    }

    /// Iterates over the error and its causes, outermost first.
    pub fn chain(&self) -> impl Iterator<Item = &(dyn StdError + 'static)> {
        let first: &(dyn StdError + 'static) = self.source.as_ref();
        std::iter::successors(Some(first), |error: &&(dyn StdError + 'static)| (*error).source())
    }

    /// The name of the error's type as in `raised_by`: without a path for the SDK's own types, otherwise `crate::Type`.
    #[must_use]
    pub fn type_name(&self) -> String {
        origin::type_label(self.type_name)
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(source: E) -> Self {
        Self { source: Box::new(source), type_name: std::any::type_name::<E>() }
    }
}

/// For code that returns boxed errors. Their types can still be matched.
impl From<Error> for Box<dyn StdError + Send + Sync> {
    fn from(error: Error) -> Self {
        error.source
    }
}

/// Writes the error and its causes, separated by colons. A cause is omitted if the preceding text already ends with it.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = String::new();
        for error in self.chain() {
            let text = error.to_string();
            if last.is_empty() {
                f.write_str(&text)?;
            } else if !last.ends_with(&text) {
                write!(f, ": {text}")?;
            }
            last = text;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.source, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot list users")]
    struct Outer(#[source] std::num::ParseIntError);

    #[test]
    fn display_shows_the_whole_chain() {
        let cause = "x".parse::<u8>().unwrap_err();
        assert_eq!(Error::from(Outer(cause)).to_string(), "cannot list users: invalid digit found in string");
    }

    #[test]
    fn a_boxed_error_keeps_its_type() {
        fn boxed() -> std::result::Result<u8, Box<dyn StdError + Send + Sync>> {
            fn parse(text: &str) -> crate::Result<u8> {
                Ok(text.parse()?)
            }
            Ok(parse("x")?)
        }
        let error = Error::from_boxed(boxed().unwrap_err());
        assert!(error.downcast_ref::<std::num::ParseIntError>().is_some());
        assert_eq!(error.type_name(), "Error");
    }

    #[test]
    fn find_returns_a_cause_by_type() {
        let error = Error::from(Outer("x".parse::<u8>().unwrap_err()));
        assert!(error.find::<std::num::ParseIntError>().is_some());
        assert!(error.find::<std::io::Error>().is_none());
    }
}
