//! Macros. Their arguments are tokens to the parser; where they are expressions they are treated as such.

use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::visit::Visit as _;
use syn::{Block, Expr, Macro, Token};

use super::super::edit::Bytes;
use super::super::rules::MacroRule;
use super::super::source::{Kind, range};
use super::{Converter, STORED, Use};

/// Macros whose arguments are evaluated where they stand.
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

/// What says that two futures talk to one another while both run.
const TALK: [&str; 6] = ["recv", "acquire", "notified", "changed", "wait", "barrier"];

impl Converter<'_> {
    /// `is_tried`: whether a `?` stands behind it.
    pub(super) fn macro_call(&mut self, mac: &Macro, is_tried: bool) {
        let path = self.resolve(&mac.path);
        if let Some(rule) = self.rules.macro_(&path) {
            return self.side_by_side(mac, rule, is_tried);
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

    /// `join!(a, b)` is `(a, b)`, `try_join!(a, b)?` is `(a?, b?)`.
    fn side_by_side(&mut self, mac: &Macro, rule: MacroRule, is_tried: bool) {
        let at = range(&mac.path).start;
        let list = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(args) = list.parse2(mac.tokens.clone()) else {
            return self.refuse(at, "its arguments are not a list of expressions");
        };
        if self.talks() {
            return self.refuse(
                at,
                "the function around waits for a message or a permit: what ran side by side could wait for itself",
            );
        }
        let is_try = rule == MacroRule::TrySequence;
        if is_try && !is_tried {
            return self.refuse(at, "it is converted only with a `?` behind it");
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
        let end = if is_try { self.question_behind(close.end) } else { close.end };
        let is_single = args.len() == 1 && !args.trailing_punct();
        self.edits.replace(close.start..end, if is_single { ",)" } else { ")" });
    }

    /// The end of the `?` that stands behind `at`.
    fn question_behind(&self, at: usize) -> usize {
        let next = self.source.tokens.iter().find(|token| token.range.start >= at);
        next.filter(|token| token.is_punct('?')).map_or(at, |token| token.range.end)
    }

    fn talks(&self) -> bool {
        self.source
            .tokens_in(&self.function)
            .windows(2)
            .any(|pair| pair[0].is_punct('.') && pair[1].ident().is_some_and(|name| TALK.contains(&name)))
    }

    /// Tokens that no syntax is known of: paths, and `.await` behind what can only be a call.
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
                        if let Some(name) = called(&tokens[..at - 1])
                            && self.rules.method(name, 0, true, |path| self.survey.uses(path)).is_some()
                        {
                            self.refuse(
                                dot.range.start,
                                format!("{name}: there is a rule for it, but these arguments of a macro are not expressions"),
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
                    _ => self.refuse(dot.range.start, STORED),
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

/// The place of a macro's arguments, without the delimiters.
fn arguments(mac: &Macro) -> Bytes {
    let span = mac.delimiter.span();
    span.open().byte_range().end..span.close().byte_range().start
}

/// The name of the method or function whose call the tokens end with.
fn called(tokens: &[super::super::source::Token]) -> Option<&str> {
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
