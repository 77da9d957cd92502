//! The replacement for a call, with placeholders for its arguments.

/// A text with the placeholders `{0}`, `{1}` … Each occurs once and in order, so the arguments keep their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    /// The text before, between and after the arguments.
    pub(super) pieces: Vec<String>,
}

impl Template {
    /// # Errors
    /// If `text` doesn't contain each of the `args` placeholders once and in order.
    pub(super) fn parse(text: &str, args: usize) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        for arg in 0..args {
            let place = format!("{{{arg}}}");
            let (before, after) = rest
                .split_once(&place)
                .ok_or_else(|| format!("`{text}` must contain each argument {{0}} … once and in order"))?;
            pieces.push(before.to_owned());
            rest = after;
        }
        pieces.push(rest.to_owned());
        if pieces.iter().any(|piece| piece.contains(['{', '}'])) {
            return Err(format!("`{text}` has too many arguments"));
        }
        Ok(Self { pieces })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_occur_once_and_in_order() {
        assert_eq!(Template::parse("f({0}, {1})", 2).unwrap().pieces, ["f(", ", ", ")"]);
        assert_eq!(Template::parse("f()", 0).unwrap().pieces, ["f()"]);
        for (text, args) in [("f({1}, {0})", 2), ("f({0})", 2), ("f({0})", 0), ("f({0}{0})", 1)] {
            assert!(Template::parse(text, args).is_err(), "{text}");
        }
    }
}
