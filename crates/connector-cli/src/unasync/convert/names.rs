//! Renames names that contain `async`, and checks that no `async` is left.

use std::collections::BTreeMap;

use super::super::scope::unknown_crate;
use super::super::source::{Kind, Token};
use super::{Converter, Rejection};

/// The position of a name. Two different names in the same kind of position must not become the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Position {
    /// After a dot: a field or a method.
    Member,
    /// After `::`.
    Qualified,
    Bare,
}

impl Converter<'_> {
    /// Renames the names that the table covers.
    pub(super) fn rename(&mut self) {
        let tokens = &self.source.tokens;
        let mut renamed: BTreeMap<(Position, String), (usize, String)> = BTreeMap::new();
        let mut kept: Vec<(Position, &str)> = Vec::new();
        let mut rejections = Vec::new();
        let covered = self.edits.covered();
        for (at, token) in tokens.iter().enumerate() {
            if token.in_attribute || covered.has(&token.range) {
                continue;
            }
            if token.kind == Kind::Literal && token.in_macro {
                rejections.extend(self.placeholder(token));
            }
            let Some(name) = token.ident() else { continue };
            let position = position(tokens, at);
            let Some(position) = position else { continue };
            let Some(new) = self.rules.name(name) else {
                kept.push((position, name));
                continue;
            };
            if position == Position::Bare && is_path(tokens, at) && self.is_foreign(name) {
                rejections.push(Rejection { at: token.range.start, reason: unknown_crate(name) });
                continue;
            }
            self.edits.replace(token.range.clone(), new.clone());
            renamed.entry((position, new)).or_insert_with(|| (token.range.start, name.to_owned()));
        }
        for ((position, new), (at, old)) in renamed {
            if position != Position::Qualified && kept.contains(&(position, new.as_str())) {
                rejections.push(Rejection {
                    at,
                    reason: format!("{old} becomes {new}, which is already another name here"),
                });
            }
        }
        self.rejections.extend(rejections);
    }

    /// Whether the first name of a path is a crate's: it is lowercase, and nothing here declares it.
    fn is_foreign(&self, name: &str) -> bool {
        name.starts_with(char::is_lowercase)
            && !self.survey.modules.iter().any(|module| module == name)
            && !self.survey.imports.iter().any(|import| import == name)
    }

    /// Rejects a string that contains a renamed name in braces, which is probably a format string.
    fn placeholder(&self, token: &Token) -> Option<Rejection> {
        let text = &self.source.text[token.range.clone()];
        if !text.contains('"') {
            return None;
        }
        text.match_indices('{').find_map(|(at, _)| {
            let rest = &text[at + 1..];
            let name = &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '_')?];
            self.rules.name(name).map(|new| Rejection {
                at: token.range.start + at,
                reason: format!("{name} becomes {new}, but strings are not changed: pass it as an argument"),
            })
        })
    }

    /// Rejects every `async` and `await` that was neither converted nor rejected.
    pub(super) fn reject_remaining_keywords(&mut self) {
        let covered = self.edits.covered();
        for token in &self.source.tokens {
            let is_keyword = matches!(token.ident(), Some("async" | "await"));
            if is_keyword && !token.in_attribute && !covered.has(&token.range) {
                let at = token.range.start;
                let is_rejected = self.rejections.iter().any(|rejection| {
                    rejection.at <= at
                        && self.source.line_column(rejection.at).0 == self.source.line_column(at).0
                });
                if !is_rejected {
                    let reason = "there is no rule for this code".to_owned();
                    self.rejections.push(Rejection { at, reason });
                }
            }
        }
    }
}

/// Returns `None` for a lifetime, which isn't a name.
fn position(tokens: &[Token], at: usize) -> Option<Position> {
    let before = |back: usize, punct: char| {
        at.checked_sub(back).and_then(|at| tokens.get(at)).is_some_and(|token| token.is_punct(punct))
    };
    if before(1, '\'') {
        return None;
    }
    Some(if before(1, ':') && before(2, ':') {
        Position::Qualified
    } else if before(1, '.') && !before(2, '.') {
        Position::Member
    } else {
        Position::Bare
    })
}

/// Whether `::` follows.
fn is_path(tokens: &[Token], at: usize) -> bool {
    matches!(&tokens[at + 1..], [first, second, ..] if first.is_punct(':') && second.is_punct(':'))
}
