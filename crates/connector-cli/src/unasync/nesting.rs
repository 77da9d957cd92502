//! Rejects sources that are nested so deeply that parsing or visiting them would overflow the stack.
//!
//! The parser recurses without a limit, so the limit is checked on the tokens before it runs. Brackets are counted
//! exactly. Any other kind of nesting (`&&&u8`, `A<A<A<u8>>>`, `|| || x`) needs at least one token per level in one
//! statement, so the number of preceding tokens bounds its depth.

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

use super::not_rust::NotRust;
use crate::stop::Stop;

/// Maximum number of open brackets.
const MAX_BRACKETS: usize = 128;
/// Maximum number of tokens before a token in its statement and in the enclosing statements.
const MAX_TOKENS: usize = 2000;

/// Stack size for the deepest source within the limits, in a debug build: up to 60 KB per level.
const STACK: usize = 256 << 20;

/// Runs `work` on a stack that is large enough for any source that [`check`] accepts.
///
/// # Errors
/// The errors of `work`, or if the thread cannot be started.
pub(crate) fn on_deep_stack<T: Send>(work: impl FnOnce() -> Result<T, Stop> + Send) -> Result<T, Stop> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, work)
            .map_err(|error| Stop::io(format!("cannot start a thread: {error}")))?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Checks the limits, multiplied by `times`.
///
/// # Errors
/// The first token that is nested too deeply.
pub(super) fn check(stream: TokenStream, times: usize) -> Result<(), NotRust> {
    let (max_brackets, max_tokens) = (MAX_BRACKETS * times, MAX_TOKENS * times);
    let mut levels = vec![Level::new(stream, 0)];
    while let Some(level) = levels.last_mut() {
        let Some(tree) = level.trees.next() else {
            levels.pop();
            continue;
        };
        level.take(&tree);
        let tokens = level.outside + level.tokens;
        let too_deep = |reason| Err(NotRust { at: tree.span().byte_range().start, reason });
        if tokens > max_tokens {
            return too_deep(format!("statement is too long: more than {max_tokens} tokens"));
        }
        if let TokenTree::Group(group) = &tree {
            if levels.len() > max_brackets {
                return too_deep(format!("nested too deeply: more than {max_brackets} brackets"));
            }
            levels.push(Level::new(group.stream(), tokens));
        }
    }
    Ok(())
}

/// The tokens of one pair of brackets, as far as they have been read.
struct Level {
    trees: IntoIter,
    /// Number of tokens before the brackets.
    outside: usize,
    /// Number of tokens read in the current statement.
    tokens: usize,
    /// Number of open `<` in the current statement.
    angles: usize,
    /// Whether it contains a closure, or something like one, whose parameters are also separated by commas.
    has_bar: bool,
    before: Before,
}

/// The kind of the previous token.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Block,
    /// The `#` or `#!` of an attribute.
    Hash,
    /// The first character of `->` or `=>`.
    Arrow,
    Other,
}

impl Level {
    fn new(stream: TokenStream, outside: usize) -> Self {
        let trees = stream.into_iter();
        Self { trees, outside, tokens: 0, angles: 0, has_bar: false, before: Before::Other }
    }

    fn take(&mut self, tree: &TokenTree) {
        let before = std::mem::replace(&mut self.before, Before::Other);
        // A block ends a statement unless an operator follows.
        if before == Before::Block && !matches!(tree, TokenTree::Punct(punct) if punct.as_char() != '#') {
            self.reset();
        }
        self.tokens += 1;
        match tree {
            TokenTree::Group(group) => match group.delimiter() {
                Delimiter::Brace => self.before = Before::Block,
                // Attributes don't nest.
                Delimiter::Bracket if before == Before::Hash => self.tokens -= 1,
                _ => {}
            },
            TokenTree::Punct(punct) => match punct.as_char() {
                ';' => self.reset(),
                ',' if self.angles == 0 && !self.has_bar => self.reset(),
                '#' => {
                    self.tokens -= 1;
                    self.before = Before::Hash;
                }
                '!' if before == Before::Hash => {
                    self.tokens -= 1;
                    self.before = Before::Hash;
                }
                '<' => self.angles += 1,
                '>' if before != Before::Arrow => self.angles = self.angles.saturating_sub(1),
                '|' => self.has_bar = true,
                '-' | '=' if punct.spacing() == Spacing::Joint => self.before = Before::Arrow,
                _ => {}
            },
            _ => {}
        }
    }

    fn reset(&mut self) {
        self.tokens = 0;
        self.angles = 0;
        self.has_bar = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<(), String> {
        check(text.parse().unwrap(), 1).map_err(|error| error.reason)
    }

    #[test]
    fn every_kind_of_nesting_is_bounded() {
        for (open, close) in [
            ("(", ")"),
            ("{ ", " }"),
            ("join!(", ")"),
            ("|| { ", " }"),
            ("A<", ">"),
            ("A<u8, ", ">"),
            ("A<<B as C>::D, ", ">"),
            ("&", ""),
            ("|| ", ""),
            ("|a, b| 1 | ", ""),
            ("return ", ""),
            ("fn() -> ", ""),
            ("if ", " {}"),
            ("A {} + ", ""),
        ] {
            let text = |levels: usize| format!("{}a{}", open.repeat(levels), close.repeat(levels));
            assert_eq!(checked(&text(60)), Ok(()), "{open}");
            assert!(checked(&text(2001)).is_err(), "{open}");
        }
    }

    #[test]
    fn long_lists_and_modules_are_not_deep() {
        for part in [
            "a, ",
            "a: A<u8, B>, ",
            "-1, ",
            "b(|x, y| x);",
            "fn f(a: &str) -> R<(), E> { a < b }\n",
            "/// A doc comment.\n",
            "#![allow(x)]\n",
            "#[a] struct A { b: u8 }\n",
            "A => b(), ",
            "A => { b } ",
        ] {
            assert_eq!(checked(&part.repeat(20_000)), Ok(()), "{part}");
        }
    }
}
