//! A Rust source with its syntax tree, tokens and comments.

use std::str::FromStr as _;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::{GenericArgument, PathArguments, Type};

use super::edit::Bytes;
use super::nesting;
use super::not_rust::NotRust;

/// A token, without its surrounding tree.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) range: Bytes,
    pub(crate) kind: Kind,
    /// Whether it is part of an attribute.
    pub(crate) in_attribute: bool,
    /// Whether it is part of a macro's arguments.
    pub(crate) in_macro: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Ident(String),
    Punct(char),
    Literal,
    Open,
    Close,
}

impl Token {
    /// The identifier or keyword.
    pub(crate) fn ident(&self) -> Option<&str> {
        match &self.kind {
            Kind::Ident(name) => Some(name),
            _ => None,
        }
    }

    pub(crate) fn is_punct(&self, punct: char) -> bool {
        self.kind == Kind::Punct(punct)
    }
}

pub(crate) struct Source {
    pub(crate) text: String,
    pub(crate) tokens: Vec<Token>,
    /// Comments of all kinds, including doc comments.
    pub(crate) comments: Vec<Bytes>,
    pub(crate) file: syn::File,
}

impl Source {
    /// # Errors
    /// If `text` is not the text of a Rust module, or is nested too deeply.
    pub(crate) fn parse(text: String) -> Result<Self, NotRust> {
        Self::parse_within(text, 1)
    }

    /// Parses the result of a conversion, which may be nested twice as deeply.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub(crate) fn parse_converted(text: String) -> Result<Self, NotRust> {
        Self::parse_within(text, 2)
    }

    fn parse_within(text: String, times: usize) -> Result<Self, NotRust> {
        let not_rust =
            |span: proc_macro2::Span, reason: String| NotRust { at: span.byte_range().start, reason };
        let stream =
            TokenStream::from_str(&text).map_err(|error| not_rust(error.span(), error.to_string()))?;
        nesting::check(stream.clone(), times)?;
        let mut tokens = Vec::new();
        flatten(stream.clone(), false, false, &mut tokens);
        let file: syn::File =
            syn::parse2(stream).map_err(|error| not_rust(error.span(), error.to_string()))?;
        let comments = comments(&text, &tokens);
        // The parser treats a doc comment as an attribute. Here it is a comment.
        tokens.retain(|token| !is_comment(&text[token.range.clone()]));
        Ok(Self { text, tokens, comments, file })
    }

    /// The line and column of a byte offset, both starting at 1.
    pub(crate) fn line_column(&self, at: usize) -> (usize, usize) {
        line_column(&self.text, at)
    }

    /// The tokens that start inside `range`.
    pub(crate) fn tokens_in(&self, range: &Bytes) -> &[Token] {
        let first = self.tokens.partition_point(|token| token.range.start < range.start);
        let last = self.tokens.partition_point(|token| token.range.start < range.end);
        &self.tokens[first..last.max(first)]
    }

    /// The text before `at` on the same line.
    pub(crate) fn line_before(&self, at: usize) -> &str {
        &self.text[line_start(&self.text, at)..at]
    }

    /// The end of a `//` comment that follows `end` on the same line; otherwise `end`.
    pub(crate) fn with_comment(&self, end: usize) -> usize {
        let rest = self.text[end..].lines().next().unwrap_or_default();
        if rest.trim_start().starts_with("//") { end + rest.len() } else { end }
    }

    /// Start of the white space that ends at `at`.
    pub(crate) fn space_before(&self, at: usize) -> usize {
        self.text[..at].trim_end().len()
    }

    /// End of the white space that starts at `at`.
    pub(crate) fn space_after(&self, at: usize) -> usize {
        self.text.len() - self.text[at..].trim_start().len()
    }

    /// Extends `place` to its whole line if nothing else is on it, and to one of the empty lines around it.
    pub(crate) fn whole_lines(&self, place: Bytes) -> Bytes {
        let text = &self.text;
        let line = line_start(text, place.start);
        let Some(newline) = text[place.end..].find('\n').map(|newline| place.end + newline) else {
            return place;
        };
        if !text[line..place.start].trim().is_empty() || !text[place.end..newline].trim().is_empty() {
            return place;
        }
        let before = text[..line].trim_end_matches(['\r', '\n']);
        let follows_empty_line =
            before.len() + 2 <= line || before.trim_end().is_empty() || before.ends_with('{');
        let after = &text[newline + 1..];
        let next = after.find('\n').map_or(after.len(), |next| next + 1);
        let end = if follows_empty_line && after[..next].trim().is_empty() {
            newline + 1 + next
        } else {
            newline + 1
        };
        line..end
    }

    /// Whether `range` contains a comment.
    pub(crate) fn has_comment(&self, range: &Bytes) -> bool {
        self.comments.iter().any(|comment| range.start <= comment.start && comment.end <= range.end)
    }
}

/// The line and column of a byte offset in `text`, both starting at 1.
pub(crate) fn line_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let column = before[line_start(before, before.len())..].chars().count();
    (before.matches('\n').count() + 1, column + 1)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// The byte range of a syntax tree node.
pub(crate) fn range(node: &impl Spanned) -> Bytes {
    node.span().byte_range()
}

/// The names of a path.
pub(crate) fn names(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect()
}

/// The first type among the arguments of a path: `A` of `<'a, A, B>`.
pub(crate) fn first_type(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn flatten(stream: TokenStream, in_attribute: bool, in_macro: bool, tokens: &mut Vec<Token>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        let mut push = |range: Bytes, kind| tokens.push(Token { range, kind, in_attribute, in_macro });
        let before = |back: usize, punct: char| {
            at.checked_sub(back)
                .and_then(|at| trees.get(at))
                .is_some_and(|tree| matches!(tree, TokenTree::Punct(p) if p.as_char() == punct))
        };
        match tree {
            TokenTree::Ident(ident) => push(ident.span().byte_range(), Kind::Ident(ident.to_string())),
            TokenTree::Punct(punct) => push(punct.span().byte_range(), Kind::Punct(punct.as_char())),
            TokenTree::Literal(literal) => push(literal.span().byte_range(), Kind::Literal),
            TokenTree::Group(group) => {
                let is_attribute = group.delimiter() == Delimiter::Bracket
                    && (before(1, '#') || (before(1, '!') && before(2, '#')));
                let is_macro = !is_attribute && (before(1, '!') || is_macro_rules(&trees, at));
                push(group.span_open().byte_range(), Kind::Open);
                flatten(group.stream(), in_attribute || is_attribute, in_macro || is_macro, tokens);
                tokens.push(Token {
                    range: group.span_close().byte_range(),
                    kind: Kind::Close,
                    in_attribute,
                    in_macro,
                });
            }
        }
    }
}

/// Whether the group at `at` is the body of a `macro_rules! name`.
fn is_macro_rules(trees: &[TokenTree], at: usize) -> bool {
    at >= 3
        && matches!(&trees[at - 3], TokenTree::Ident(ident) if ident == "macro_rules")
        && matches!(&trees[at - 2], TokenTree::Punct(punct) if punct.as_char() == '!')
}

fn is_comment(text: &str) -> bool {
    text.starts_with("//") || text.starts_with("/*")
}

/// Finds the comments: anything between the tokens that isn't white space.
fn comments(text: &str, tokens: &[Token]) -> Vec<Bytes> {
    let mut comments: Vec<Bytes> = Vec::new();
    let mut at = 0;
    for token in tokens {
        if token.range.start > at {
            in_gap(text, at..token.range.start, &mut comments);
        }
        if is_comment(&text[token.range.clone()]) && comments.last() != Some(&token.range) {
            comments.push(token.range.clone());
        }
        at = at.max(token.range.end);
    }
    in_gap(text, at..text.len(), &mut comments);
    comments
}

fn in_gap(text: &str, gap: Bytes, comments: &mut Vec<Bytes>) {
    let mut at = gap.start;
    while let Some(offset) = text[at..gap.end].find('/') {
        let start = at + offset;
        let rest = &text[start..gap.end];
        let length =
            if rest.starts_with("/*") { block_comment(rest) } else { rest.find('\n').unwrap_or(rest.len()) };
        let length = rest[..length].trim_end().len().max(1);
        comments.push(start..start + length);
        at = start + length;
    }
}

/// Length of the block comment at the start of `text`. Block comments nest.
fn block_comment(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_comments_of_all_kinds() {
        let text = "//! a\n/// b\nfn f() { /* c /* d */ e */ g(); // h \n} // \u{fc}\n";
        let source = Source::parse(text.to_owned()).unwrap();
        let found: Vec<&str> = source.comments.iter().map(|comment| &text[comment.clone()]).collect();
        assert_eq!(found, ["//! a", "/// b", "/* c /* d */ e */", "// h", "// \u{fc}"]);
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(line_column("\u{fc}b\nc", 2), (1, 2));
        assert_eq!(line_column("\u{fc}b\nc", 4), (2, 1));
    }
}
