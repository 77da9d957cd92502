//! What a call becomes: a text with places for its arguments.

/// A text with `{0}`, `{1}` … for the arguments, each once and in order, so that they stay where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    /// What stands before, between and behind the arguments.
    pub(super) pieces: Vec<String>,
}

impl Template {
    /// # Errors
    /// If `text` does not have all of `args` arguments once and in order.
    pub(super) fn parse(text: &str, args: usize) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        for arg in 0..args {
            let place = format!("{{{arg}}}");
            let (before, after) = rest
                .split_once(&place)
                .ok_or_else(|| format!("`{text}` has to have the arguments {{0}} … once each, in order"))?;
            pieces.push(before.to_owned());
            rest = after;
        }
        pieces.push(rest.to_owned());
        if pieces.iter().any(|piece| piece.contains(['{', '}'])) {
            return Err(format!("`{text}` has an argument too many"));
        }
        Ok(Self { pieces })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_there_once_and_in_order() {
        assert_eq!(Template::parse("f({0}, {1})", 2).unwrap().pieces, ["f(", ", ", ")"]);
        assert_eq!(Template::parse("f()", 0).unwrap().pieces, ["f()"]);
        for (text, args) in [("f({1}, {0})", 2), ("f({0})", 2), ("f({0})", 0), ("f({0}{0})", 1)] {
            assert!(Template::parse(text, args).is_err(), "{text}");
        }
    }
}
