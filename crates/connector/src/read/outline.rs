//! A request's outline: that it is JSON, where its sections stand, and that no key stands twice in an object.
//!
//! Two readers of a document with a key that stands twice may see two different requests, so it is refused. Serde sees
//! duplicates only of fields that a type has; here all are seen, in one pass that allocates next to nothing. What is
//! refused is read again by `serde_json`, which has the words for what is wrong with it (see
//! [`split`](super::envelope::split)).

use std::borrow::Cow;
use std::collections::HashSet;

use super::envelope::Sections;
use super::place;
use super::problem::Problem;
use super::section::is_secret_section;

/// From this many keys on, an object's keys are kept in a set: an object of many keys must not take quadratic time.
const MANY: usize = 32;

/// How deep a document may be. No type is read from what is deeper than 128 levels, so this concerns what no type has:
/// a document of nothing but brackets must not take many times its size.
const DEEPEST: usize = 100_000;

/// Why a document has no outline.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is not JSON (RFC 8259).
    Broken,
    /// It is not taken, if it is JSON: how it goes on was not looked at.
    Refused(Problem),
}

/// The sections of `text`, which must be a JSON object.
pub(super) fn read(text: &str) -> Result<Sections<'_>, Fault> {
    let outline = Outline {
        text,
        at: 0,
        levels: Vec::with_capacity(8),
        keys: Vec::with_capacity(16),
        sets: Vec::new(),
        section: 0,
        sections: Sections::default(),
    };
    outline.read()
}

/// An array or object that is open.
enum Level {
    /// The number of the element that is being read.
    Array { element: usize },
    /// Where the object's keys begin among all that are open.
    Object { first: usize },
}

/// A document that has been read up to some place.
struct Outline<'a> {
    text: &'a str,
    at: usize,
    levels: Vec<Level>,
    /// The keys so far of each open object, the outermost first.
    keys: Vec<Cow<'a, str>>,
    /// The keys of objects that have many, each with the object's level.
    sets: Vec<(usize, HashSet<Cow<'a, str>>)>,
    /// Where the section that is being read begins.
    section: usize,
    sections: Sections<'a>,
}

impl<'a> Outline<'a> {
    fn read(mut self) -> Result<Sections<'a>, Fault> {
        loop {
            let mut has_ended = self.begin_value()?;
            while has_ended {
                if let ([_], [.., key]) = (self.levels.as_slice(), self.keys.as_slice()) {
                    self.sections.set(key, self.text.get(self.section..self.at).unwrap_or_default());
                }
                self.skip_space();
                let Some(level) = self.levels.last_mut() else {
                    return if self.at == self.text.len() { Ok(self.sections) } else { Err(Fault::Broken) };
                };
                match (level, peek(self.text, self.at)) {
                    (Level::Array { element }, Some(b',')) => {
                        *element += 1;
                        self.at += 1;
                        has_ended = false;
                    }
                    (Level::Object { .. }, Some(b',')) => {
                        self.at += 1;
                        self.key()?;
                        has_ended = false;
                    }
                    (Level::Array { .. }, Some(b']')) | (Level::Object { .. }, Some(b'}')) => self.leave(),
                    _ => return Err(Fault::Broken),
                }
            }
        }
    }

    /// Reads a value, or of an array or object that is not empty as much as is before its first value. Whether the
    /// value has ended.
    fn begin_value(&mut self) -> Result<bool, Fault> {
        self.skip_space();
        if self.levels.len() == 1 {
            self.section = self.at;
        }
        match self.next()? {
            b'{' => {
                self.enter(Level::Object { first: self.keys.len() })?;
                if self.is_next(b'}') {
                    self.leave();
                    return Ok(true);
                }
                self.key()?;
                return Ok(false);
            }
            b'[' => {
                self.enter(Level::Array { element: 0 })?;
                if !self.is_next(b']') {
                    return Ok(false);
                }
                self.leave();
            }
            b'"' => _ = self.string()?,
            b't' => self.literal("rue")?,
            b'f' => self.literal("alse")?,
            b'n' => self.literal("ull")?,
            first => self.number(first)?,
        }
        Ok(true)
    }

    fn enter(&mut self, level: Level) -> Result<(), Fault> {
        if self.levels.len() == DEEPEST {
            return Err(Fault::Refused(self.problem("recursion limit exceeded")));
        }
        self.levels.push(level);
        Ok(())
    }

    /// Goes past the bracket that closes the innermost array or object.
    fn leave(&mut self) {
        self.at += 1;
        if let Some(Level::Object { first }) = self.levels.pop() {
            self.keys.truncate(first);
            if self.sets.last().is_some_and(|(level, _)| *level > self.levels.len()) {
                self.sets.pop();
            }
        }
    }

    /// Reads a key of the innermost object, with its colon.
    fn key(&mut self) -> Result<(), Fault> {
        self.skip_space();
        if self.next()? != b'"' {
            return Err(Fault::Broken);
        }
        let begin = self.at;
        let has_escape = self.string()?;
        let raw = self.text.get(begin..self.at - 1).unwrap_or_default();
        let key = if has_escape {
            let quoted = self.text.get(begin - 1..self.at).unwrap_or_default();
            match serde_json::from_str(quoted) {
                Ok(key) => Cow::Owned(key),
                Err(_) => {
                    self.keys.push(raw.into());
                    return Err(Fault::Refused(self.problem("half a pair of surrogates is no text")));
                }
            }
        } else {
            Cow::Borrowed(raw)
        };
        if !self.is_next(b':') {
            return Err(Fault::Broken);
        }
        self.at += 1;
        if self.repeats(key) { Err(Fault::Refused(self.problem("duplicate key"))) } else { Ok(()) }
    }

    /// Adds a key to the innermost object. Whether it was there before.
    fn repeats(&mut self, key: Cow<'a, str>) -> bool {
        let Some(&Level::Object { first }) = self.levels.last() else { return false };
        let before = self.keys.get(first..).unwrap_or_default();
        let is_repeated = if before.len() < MANY {
            before.contains(&key)
        } else {
            let level = self.levels.len();
            if self.sets.last().is_none_or(|(of, _)| *of != level) {
                self.sets.push((level, before.iter().cloned().collect()));
            }
            // Of these keys only the last is asked for again.
            self.keys.truncate(first + MANY);
            self.sets.last_mut().is_some_and(|(_, set)| !set.insert(key.clone()))
        };
        self.keys.push(key);
        is_repeated
    }

    /// Reads the rest of a string. Whether there is an escape in it.
    fn string(&mut self) -> Result<bool, Fault> {
        let mut has_escape = false;
        loop {
            self.at += plain(self.text.as_bytes().get(self.at..).unwrap_or_default());
            match self.next()? {
                b'"' => return Ok(has_escape),
                b'\\' => {
                    has_escape = true;
                    self.escape()?;
                }
                _ => return Err(Fault::Broken),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        match self.next()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(()),
            b'u' => {
                let digits = self.text.as_bytes().get(self.at..self.at + 4).ok_or(Fault::Broken)?;
                self.at += 4;
                if digits.iter().all(u8::is_ascii_hexdigit) { Ok(()) } else { Err(Fault::Broken) }
            }
            _ => Err(Fault::Broken),
        }
    }

    fn literal(&mut self, rest: &str) -> Result<(), Fault> {
        let begins =
            self.text.as_bytes().get(self.at..).is_some_and(|text| text.starts_with(rest.as_bytes()));
        self.at += rest.len();
        if begins { Ok(()) } else { Err(Fault::Broken) }
    }

    /// Reads a number whose first character has been read.
    fn number(&mut self, first: u8) -> Result<(), Fault> {
        let first = if first == b'-' { self.next()? } else { first };
        match first {
            b'0' => {}
            b'1'..=b'9' => _ = self.digits(),
            _ => return Err(Fault::Broken),
        }
        if peek(self.text, self.at) == Some(b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if matches!(peek(self.text, self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(peek(self.text, self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.some_digits()?;
        }
        Ok(())
    }

    fn some_digits(&mut self) -> Result<(), Fault> {
        if self.digits() == 0 { Err(Fault::Broken) } else { Ok(()) }
    }

    /// Goes past digits. How many there were.
    fn digits(&mut self) -> usize {
        let begin = self.at;
        while peek(self.text, self.at).is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - begin
    }

    /// The next byte, which is gone past.
    fn next(&mut self) -> Result<u8, Fault> {
        let byte = peek(self.text, self.at).ok_or(Fault::Broken)?;
        self.at += 1;
        Ok(byte)
    }

    /// Whether this byte comes next but for space.
    fn is_next(&mut self, byte: u8) -> bool {
        self.skip_space();
        peek(self.text, self.at) == Some(byte)
    }

    fn skip_space(&mut self) {
        while matches!(peek(self.text, self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// What is wrong where the document has been read to. The place is named by its path, but for what is below `auth`
    /// and `settings`.
    fn problem(&self, what: &str) -> Problem {
        // From within: the last key of each object is the one that leads on.
        let mut keys = self.keys.as_slice();
        let mut section = "";
        let mut steps = Vec::with_capacity(self.levels.len());
        for level in self.levels.iter().rev() {
            match level {
                Level::Array { element } => steps.push(format!("[{element}]")),
                Level::Object { first } => {
                    section = keys.last().map(AsRef::as_ref).unwrap_or_default();
                    steps.push(place::key(section));
                    keys = keys.get(..*first).unwrap_or_default();
                }
            }
        }
        steps.reverse();
        if is_secret_section(section) {
            steps.truncate(1);
        }
        Problem::at(place::path(&steps), what)
    }
}

/// How many bytes there are before the first that is special in a string: a quote, a backslash, or a control.
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    let (words, _) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // A byte that is zero here borrows, which sets its high bit; those before it in the text are not touched.
        let is = |byte: u8| {
            let other = word ^ (ONES * u64::from(byte));
            other.wrapping_sub(ONES) & !other
        };
        let is_control = word.wrapping_sub(ONES * u64::from(b' ')) & !word;
        let special = (is(b'"') | is(b'\\') | is_control) & HIGH;
        if special != 0 {
            return at * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    let rest = words.len() * 8;
    let is_special = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < b' ';
    rest + bytes.iter().skip(rest).position(is_special).unwrap_or(bytes.len() - rest)
}

fn peek(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}

#[cfg(test)]
mod tests;
