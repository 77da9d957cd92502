//! [`NotRust`]: an error of the parser, or of what is checked before it runs.

/// Why a text is not Rust: a place in bytes, and the parser's words.
#[derive(Debug)]
pub(crate) struct NotRust {
    pub(crate) at: usize,
    pub(crate) reason: String,
}
