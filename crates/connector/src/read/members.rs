//! The members of a JSON array or object, for what reads some of them, each by itself.

use std::borrow::Cow;

/// The members of the array or object that `text` is, which is known to be valid JSON: the text of each value, and in
/// an object its key.
pub(crate) fn members(text: &str) -> Members<'_> {
    Members { text: text.trim_ascii(), at: 1 }
}

/// See [`members`].
pub(crate) struct Members<'a> {
    text: &'a str,
    /// Behind the bracket or comma before the next member.
    at: usize,
}

impl<'a> Members<'a> {
    /// The text up to where it is read to, from `begin` on.
    fn since(&self, begin: usize) -> &'a str {
        self.text.get(begin..self.at).unwrap_or_default().trim_ascii()
    }

    /// Goes to the next of these bytes that is in no member of a member and in no string.
    fn find(&mut self, ends: &[u8]) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            if depth == 0 && ends.contains(&byte) {
                return Some(());
            }
            self.at += 1;
            match byte {
                b'"' => self.at = end_of_string(self.text.as_bytes(), self.at) + 1,
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }
}

impl<'a> Iterator for Members<'a> {
    /// The key, empty in an array, and the value.
    type Item = (Cow<'a, str>, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let mut key = Cow::Borrowed("");
        if self.text.starts_with('{') {
            let begin = self.at;
            self.find(b":")?;
            key = unquoted(self.since(begin));
            self.at += 1;
        }
        let begin = self.at;
        self.find(b",]}")?;
        let value = self.since(begin);
        self.at += 1;
        (!value.is_empty()).then_some((key, value))
    }
}

fn unquoted(quoted: &str) -> Cow<'_, str> {
    if quoted.contains('\\') {
        return serde_json::from_str(quoted).unwrap_or_default();
    }
    quoted.trim_matches('"').into()
}

/// Where the string that begins before `at` has its closing quote.
pub(crate) fn end_of_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => break,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_what_is_between_the_commas_of_the_outermost_level() {
        for (text, expected) in [
            ("[]", &[][..]),
            (" { } ", &[]),
            ("[1, null ,[2,[3]]]", &[("", "1"), ("", "null"), ("", "[2,[3]]")]),
            (
                r#"{"a":{"b":"}","c":[{}]}, "d" : "x,\"]" }"#,
                &[("a", r#"{"b":"}","c":[{}]}"#), ("d", r#""x,\"]""#)],
            ),
            (r#"{"b\u0061sic":1,"":2,"a:b":3}"#, &[("basic", "1"), ("", "2"), ("a:b", "3")]),
            ("{\n\t\"a\"\r\n:\n\t1\n}\n", &[("a", "1")]),
        ] {
            let found: Vec<_> = members(text).collect();
            let expected: Vec<_> = expected.iter().map(|(key, value)| (Cow::from(*key), *value)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_json_ends() {
        for text in ["", "{", "[1", "{\"a", "{\"a\\", "{\"a\"", "{\"a\":", "5", "[,]", "}{"] {
            assert!(members(text).count() < 3, "{text}");
        }
    }
}
