//! [`NotRust`]: an error of the parser, or of the checks that run before it.

/// Why a text is not Rust: a byte offset and the parser's message.
#[derive(Debug)]
pub(crate) struct NotRust {
    pub(crate) at: usize,
    pub(crate) reason: String,
}
