//! Converts macro calls. The parser sees their arguments as tokens; arguments that are expressions are converted as
//! such.

use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::visit::Visit as _;
use syn::{Block, Expr, Macro, Token};

use super::super::edit::Bytes;
use super::super::rules::MacroRule;
use super::super::source::{Kind, range};
use super::{Converter, STORED, Use};

/// Macros that evaluate their arguments in place.
const PLAIN: [&str; 22] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "dbg",
    "eprint",
    "eprintln",
    "format",
    "format_args",
    "matches",
    "panic",
    "print",
    "println",
    "todo",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
    "writeln",
    "thread_local",
];

/// Methods that show that two futures may communicate while both run.
const COMMUNICATING: [&str; 6] = ["recv", "acquire", "notified", "changed", "wait", "barrier"];

impl Converter<'_> {
    /// `is_tried` is whether a `?` follows.
    pub(super) fn macro_call(&mut self, mac: &Macro, is_tried: bool) {
        let path = self.resolve(&mac.path);
        if let Some(rule) = self.rules.macro_(&path) {
            return self.join_macro(mac, rule, is_tried);
        }
        self.visit_path(&mac.path);
        let is_foreign = !(path.len() == 1 && PLAIN.contains(&path[0].as_str()));
        self.foreign_macros += usize::from(is_foreign);
        let list = Punctuated::<Expr, Token![,]>::parse_terminated;
        if let Ok(args) = list.parse2(mac.tokens.clone()) {
            args.iter().for_each(|arg| self.visit_expr(arg));
        } else if let Ok(stmts) = Block::parse_within.parse2(mac.tokens.clone()) {
            self.block(&Block { brace_token: syn::token::Brace::default(), stmts }, Use::Value);
        } else {
            self.tokens(&arguments(mac));
        }
        self.foreign_macros -= usize::from(is_foreign);
    }

    /// `join!(a, b)` becomes `(a, b)`, and `try_join!(a, b)?` becomes `(a?, b?)`.
    fn join_macro(&mut self, mac: &Macro, rule: MacroRule, is_tried: bool) {
        let at = range(&mac.path).start;
        let list = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(args) = list.parse2(mac.tokens.clone()) else {
            return self.reject(at, "the arguments are not a list of expressions");
        };
        if self.has_communication() {
            return self.reject(
                at,
                "the enclosing function waits for a message or a permit: calls that ran concurrently might block each other",
            );
        }
        let is_try = rule == MacroRule::TrySequence;
        if is_try && !is_tried {
            return self.reject(at, "it is converted only if a `?` follows");
        }
        for arg in &args {
            self.expr(arg, Use::Awaited);
            if is_try {
                self.edits.insert(range(arg).end, "?");
            }
        }
        let place = arguments(mac);
        self.edits.replace(at..place.start, "(");
        let close = place.end..place.end + 1;
        let end = if is_try { self.end_of_question_mark(close.end) } else { close.end };
        let is_single = args.len() == 1 && !args.trailing_punct();
        self.edits.replace(close.start..end, if is_single { ",)" } else { ")" });
    }

    /// The end of the `?` that follows `at`, if any.
    fn end_of_question_mark(&self, at: usize) -> usize {
        let next = self.source.tokens.iter().find(|token| token.range.start >= at);
        next.filter(|token| token.is_punct('?')).map_or(at, |token| token.range.end)
    }

    fn has_communication(&self) -> bool {
        self.source.tokens_in(&self.function).windows(2).any(|pair| {
            pair[0].is_punct('.') && pair[1].ident().is_some_and(|name| COMMUNICATING.contains(&name))
        })
    }

    /// Converts tokens with unknown syntax: paths, and `.await` after something that can only be a call.
    pub(super) fn tokens(&mut self, place: &Bytes) {
        let tokens = self.source.tokens_in(place).to_vec();
        for (at, token) in tokens.iter().enumerate() {
            if token.in_attribute {
                continue;
            }
            if token.ident() == Some("await") && at > 0 && tokens[at - 1].is_punct('.') {
                let dot = &tokens[at - 1];
                match at.checked_sub(2).map(|at| &tokens[at]) {
                    Some(before) if before.is_punct('?') => {
                        self.edits.delete(before.range.end..token.range.end);
                    }
                    Some(before) if before.kind == Kind::Close => {
                        if let Some(name) = called_name(&tokens[..at - 1])
                            && self.rules.method(name, 0, true, |path| self.survey.uses(path)).is_some()
                        {
                            self.reject(
                                dot.range.start,
                                format!("{name}: there is a rule for this method, but these macro arguments are not expressions"),
                            );
                        } else {
                            let start = if self.source.has_comment(&(before.range.end..dot.range.start)) {
                                dot.range.start
                            } else {
                                before.range.end
                            };
                            self.edits.delete(start..token.range.end);
                        }
                    }
                    _ => self.reject(dot.range.start, STORED),
                }
            }
            let is_first = at == 0
                || !(tokens[at - 1].is_punct('.')
                    || tokens[at - 1].is_punct(':')
                    || tokens[at - 1].is_punct('\''));
            if is_first && token.ident().is_some() {
                let mut path =
                    vec![(token.ident().unwrap_or_default().to_owned(), token.range.clone(), false)];
                let mut next = at + 1;
                while let [first, second, name, ..] = &tokens[next..]
                    && first.is_punct(':')
                    && second.is_punct(':')
                    && let Some(ident) = name.ident()
                {
                    path.push((ident.to_owned(), name.range.clone(), false));
                    next += 3;
                }
                self.convert_path(&path);
            }
        }
    }
}

/// The range of a macro's arguments, without the delimiters.
fn arguments(mac: &Macro) -> Bytes {
    let span = mac.delimiter.span();
    span.open().byte_range().end..span.close().byte_range().start
}

/// The name of the method or function whose call ends the tokens.
fn called_name(tokens: &[super::super::source::Token]) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().rev() {
        match token.kind {
            Kind::Close => depth += 1,
            Kind::Open => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at.checked_sub(1).and_then(|at| tokens[at].ident());
                }
            }
            _ => {}
        }
    }
    None
}
