//! Names that say `async`, everywhere at once, and the proof that nothing of `async` is left.

use std::collections::BTreeMap;

use super::super::scope::unknown_crate;
use super::super::source::{Kind, Token};
use super::{Converter, Refusal};

/// Where a name can stand. Two names of one kind must not become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Space {
    /// Behind a dot: a field or a method.
    Member,
    /// Behind `::`.
    Qualified,
    Bare,
}

impl Converter<'_> {
    /// Renames what the table's names say.
    pub(super) fn rename(&mut self) {
        let tokens = &self.source.tokens;
        let mut renamed: BTreeMap<(Space, String), (usize, String)> = BTreeMap::new();
        let mut kept: Vec<(Space, &str)> = Vec::new();
        let mut refusals = Vec::new();
        let covered = self.edits.covered();
        for (at, token) in tokens.iter().enumerate() {
            if token.in_attribute || covered.has(&token.range) {
                continue;
            }
            if token.kind == Kind::Literal && token.in_macro {
                refusals.extend(self.placeholder(token));
            }
            let Some(name) = token.ident() else { continue };
            let space = space(tokens, at);
            let Some(space) = space else { continue };
            let Some(new) = self.rules.name(name) else {
                kept.push((space, name));
                continue;
            };
            if space == Space::Bare && is_path(tokens, at) && self.is_foreign(name) {
                refusals.push(Refusal { at: token.range.start, reason: unknown_crate(name) });
                continue;
            }
            self.edits.replace(token.range.clone(), new.clone());
            renamed.entry((space, new)).or_insert_with(|| (token.range.start, name.to_owned()));
        }
        for ((space, new), (at, old)) in renamed {
            if space != Space::Qualified && kept.contains(&(space, new.as_str())) {
                refusals
                    .push(Refusal { at, reason: format!("{old} becomes {new}, which is another name here") });
            }
        }
        self.refusals.extend(refusals);
    }

    /// A lower-case name at a path's beginning that nothing here declares is a crate's.
    fn is_foreign(&self, name: &str) -> bool {
        name.starts_with(char::is_lowercase)
            && !self.survey.modules.iter().any(|module| module == name)
            && !self.survey.imports.iter().any(|import| import == name)
    }

    /// A string that has a renamed name in braces: a format string, most likely.
    fn placeholder(&self, token: &Token) -> Option<Refusal> {
        let text = &self.source.text[token.range.clone()];
        if !text.contains('"') {
            return None;
        }
        text.match_indices('{').find_map(|(at, _)| {
            let rest = &text[at + 1..];
            let name = &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '_')?];
            self.rules.name(name).map(|new| Refusal {
                at: token.range.start + at,
                reason: format!("{name} becomes {new}, but strings are kept: pass it as an argument"),
            })
        })
    }

    /// Every `async` and `await` is converted or refused: one that was not understood is refused here.
    pub(super) fn account_for_keywords(&mut self) {
        let covered = self.edits.covered();
        for token in &self.source.tokens {
            let is_keyword = matches!(token.ident(), Some("async" | "await"));
            if is_keyword && !token.in_attribute && !covered.has(&token.range) {
                let at = token.range.start;
                let is_told = self.refusals.iter().any(|refusal| {
                    refusal.at <= at && self.source.line_column(refusal.at).0 == self.source.line_column(at).0
                });
                if !is_told {
                    let reason = "there is no rule for what stands here".to_owned();
                    self.refusals.push(Refusal { at, reason });
                }
            }
        }
    }
}

/// `None` for what is not a name: a lifetime.
fn space(tokens: &[Token], at: usize) -> Option<Space> {
    let before = |back: usize, punct: char| {
        at.checked_sub(back).and_then(|at| tokens.get(at)).is_some_and(|token| token.is_punct(punct))
    };
    if before(1, '\'') {
        return None;
    }
    Some(if before(1, ':') && before(2, ':') {
        Space::Qualified
    } else if before(1, '.') && !before(2, '.') {
        Space::Member
    } else {
        Space::Bare
    })
}

/// Whether `::` follows.
fn is_path(tokens: &[Token], at: usize) -> bool {
    matches!(&tokens[at + 1..], [first, second, ..] if first.is_punct(':') && second.is_punct(':'))
}
