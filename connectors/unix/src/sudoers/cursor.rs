//! A position in the text of a line.

/// A position in a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
}

/// A word in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// The text without quotes and escapes.
    pub(super) text: String,
    /// Whether it was in quotes. Then it is neither `ALL` nor an alias.
    pub(super) quoted: bool,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(super) fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) const fn rest(&self) -> &'a str {
        self.rest
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Skips `expected` and the blanks before it, if it comes next.
    pub(super) fn eat(&mut self, expected: char) -> bool {
        let Some(rest) = self.rest.trim_start().strip_prefix(expected) else { return false };
        self.rest = rest;
        true
    }

    pub(super) fn eat_str(&mut self, expected: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(expected) else { return false };
        self.rest = rest;
        true
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    pub(super) fn take_while(&mut self, expected: impl Fn(char) -> bool) -> &'a str {
        self.take_str(self.rest.find(|c| !expected(c)).unwrap_or(self.rest.len()))
    }

    /// Skips this many bytes, which must end at a character.
    pub(super) fn take_str(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// The next word of a list: in quotes, or up to a blank or one of `,:=!()"`. Resolves `\c`, and `\xHH` for a byte of
    /// UTF-8.
    ///
    /// `None` if there is no word, or its quote isn't closed.
    pub(super) fn word(&mut self) -> Option<Word> {
        self.skip_blanks();
        if self.eat_str("\"") {
            return self.quoted().map(|text| Word { text, quoted: true });
        }
        if let Some(address) = self.ipv6() {
            return Some(Word { text: address.to_owned(), quoted: false });
        }
        let mut text = Vec::new();
        if self.eat_str("%:") {
            text.extend_from_slice(b"%:");
        }
        while let Some(c) = self.peek() {
            if c.is_whitespace() || ",:=!()\"".contains(c) {
                break;
            }
            self.next();
            if c == '\\' { self.escape(&mut text)? } else { push(&mut text, c) }
        }
        let text = String::from_utf8_lossy(&text).into_owned();
        (!text.is_empty()).then_some(Word { text, quoted: false })
    }

    /// The text up to the closing quote. A backslash is literal, except before a quote.
    fn quoted(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            match self.next()? {
                '"' => return (!text.is_empty()).then_some(text),
                '\\' if self.eat_str("\"") => text.push('"'),
                c => text.push(c),
            }
        }
    }

    fn escape(&mut self, text: &mut Vec<u8>) -> Option<()> {
        let escaped = self.next()?;
        let code = self.rest.get(..2).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if escaped == 'x' => {
                self.rest = &self.rest[2..];
                text.push(byte);
            }
            _ => push(text, escaped),
        }
        Some(())
    }

    /// An IPv6 address. Its colons don't end the word.
    fn ipv6(&mut self) -> Option<&'a str> {
        let mut ahead = *self;
        let address = ahead.take_while(|c| c.is_ascii_hexdigit() || c == ':' || c == '.' || c == '/');
        if address.matches(':').count() < 2 {
            return None;
        }
        *self = ahead;
        Some(address)
    }
}

fn push(text: &mut Vec<u8>, c: char) {
    text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Option<(String, bool)> {
        Cursor::new(text).word().map(|word| (word.text, word.quoted))
    }

    #[test]
    fn quotes_and_escapes_are_resolved() {
        assert_eq!(word(r#""a, b" ALL"#), Some(("a, b".to_owned(), true)));
        assert_eq!(word(r"a\ b ALL"), Some(("a b".to_owned(), false)));
        assert_eq!(word(r"do\x20m=ALL"), Some(("do m".to_owned(), false)));
        assert_eq!(word(r"DOM\\u"), Some((r"DOM\u".to_owned(), false)));
        assert_eq!(word(r"a\xé"), Some(("axé".to_owned(), false)));
        assert_eq!(word(r"jos\xc3\xa9"), Some(("josé".to_owned(), false)));
        assert_eq!(word(r#""a\x62\\\"c""#), Some((r#"a\x62\\"c"#.to_owned(), true)));
    }

    #[test]
    fn open_quotes_and_bare_escapes_are_rejected() {
        assert_eq!(word("\"abc"), None);
        assert_eq!(word("\"\""), None);
        assert_eq!(word("abc\\"), None);
        assert_eq!(word("  "), None);
    }

    #[test]
    fn addresses_and_directory_groups_contain_colons() {
        assert_eq!(word("fe80::1=ALL").unwrap().0, "fe80::1");
        assert_eq!(word("%:ad ALL").unwrap().0, "%:ad");
        assert_eq!(word("web:B").unwrap().0, "web");
    }
}
