//! Edits a text by byte ranges. Everything that no edit touches stays the same, byte for byte.

use std::cmp::Reverse;
use std::ops::Range;

/// A byte range in a source.
pub(crate) type Bytes = Range<usize>;

/// The replacement of a range.
#[derive(Debug, Clone)]
enum Text {
    Plain(String),
    /// The edited text of another range.
    Of(Bytes),
}

/// Replacements that are all applied at once.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    edits: Vec<(Bytes, Text)>,
}

impl Edits {
    /// Replaces `range` with `text`. Edits inside `range` are ignored.
    pub(crate) fn replace(&mut self, range: Bytes, text: impl Into<String>) {
        self.edits.push((range, Text::Plain(text.into())));
    }

    /// Deletes `range`.
    pub(crate) fn delete(&mut self, range: Bytes) {
        if !range.is_empty() {
            self.replace(range, "");
        }
    }

    /// Inserts `text` at `at`.
    pub(crate) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    /// Replaces `range` with the edited text of `of`.
    pub(crate) fn replace_by(&mut self, range: Bytes, of: Bytes) {
        self.edits.push((range, Text::Of(of)));
    }

    /// The ranges that are replaced.
    pub(crate) fn covered(&self) -> Covered {
        let mut places: Vec<Bytes> = self.edits.iter().map(|(range, _)| range.clone()).collect();
        places.sort_by_key(|place| (place.start, place.end));
        let mut covered: Vec<Bytes> = Vec::new();
        for place in places {
            match covered.last_mut() {
                Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
                _ => covered.push(place),
            }
        }
        Covered(covered)
    }

    /// Returns the edited `source`. Comments inside a replaced range are kept, in front of the replacement.
    ///
    /// # Errors
    /// The range where two edits overlap.
    pub(crate) fn apply(&self, source: &str, comments: &[Bytes]) -> Result<String, Bytes> {
        self.edited(source, comments, 0..source.len(), 0)
    }

    fn edited(&self, source: &str, comments: &[Bytes], within: Bytes, depth: usize) -> Result<String, Bytes> {
        /// Deeper nesting means that a range refers to itself.
        const MAX_DEPTH: usize = 8;
        if depth > MAX_DEPTH {
            return Err(within);
        }
        let is_inside = |range: &Bytes| within.start <= range.start && range.end <= within.end;
        let mut edits: Vec<&(Bytes, Text)> =
            self.edits.iter().filter(|(range, _)| is_inside(range)).collect();
        edits.sort_by_key(|(range, _)| (range.start, !range.is_empty(), Reverse(range.end)));
        let mut output = String::with_capacity(within.len());
        let mut at = within.start;
        for (range, text) in edits {
            if range.start < at {
                if range.end <= at {
                    continue;
                }
                return Err(range.clone());
            }
            output.push_str(&source[at..range.start]);
            at = range.end;
            for comment in comments.iter().filter(|c| range.start <= c.start && c.end <= range.end) {
                let comment = &source[comment.clone()];
                output.push_str(comment);
                output.push(if comment.starts_with("//") { '\n' } else { ' ' });
            }
            match text {
                Text::Plain(text) => output.push_str(text),
                Text::Of(of) => output.push_str(&self.edited(source, comments, of.clone(), depth + 1)?),
            }
        }
        output.push_str(&source[at..within.end]);
        Ok(output)
    }
}

/// Replaced ranges, in order and without overlaps.
#[derive(Debug)]
pub(crate) struct Covered(Vec<Bytes>);

impl Covered {
    /// Whether all of `range` is replaced.
    pub(crate) fn has(&self, range: &Bytes) -> bool {
        let next = self.0.partition_point(|place| place.start <= range.start);
        next.checked_sub(1).is_some_and(|at| range.end <= self.0[at].end)
    }
}

/// The ranges to delete in order to remove the marked elements of a list, including their separators. `None` if no
/// element would remain: then the whole list must be deleted.
pub(crate) fn deletions(elements: &[(Bytes, bool)]) -> Option<Vec<Bytes>> {
    if elements.iter().all(|(_, is_deleted)| *is_deleted) {
        return None;
    }
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(offset) = elements[at..].iter().position(|(_, is_deleted)| *is_deleted) {
        let first = at + offset;
        let run = elements[first..].iter().take_while(|(_, is_deleted)| *is_deleted).count();
        let next = first + run;
        places.push(match elements.get(next) {
            Some((kept, _)) => elements[first].0.start..kept.start,
            None => elements[first - 1].0.end..elements[next - 1].0.end,
        });
        at = next;
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edit_overrides_inner_edits_and_keeps_comments() {
        let source = "a(b /* why */, c) d";
        let mut edits = Edits::default();
        edits.replace(2..3, "x");
        edits.replace(1..17, "!");
        edits.insert(18, "<");
        assert_eq!(edits.apply(source, std::slice::from_ref(&(4..13))).unwrap(), "a/* why */ ! <d");
    }

    #[test]
    fn range_can_be_replaced_by_an_edited_range() {
        let mut edits = Edits::default();
        edits.replace(0..1, "left");
        edits.replace_by(2..3, 0..1);
        assert_eq!(edits.apply("a b", &[]).unwrap(), "left left");
        let mut edits = Edits::default();
        edits.replace_by(0..1, 0..1);
        assert_eq!(edits.apply("a", &[]).unwrap_err(), 0..1, "a range cannot refer to itself");
        let mut edits = Edits::default();
        edits.replace(1..2, "y");
        edits.replace_by(4..5, 0..3);
        assert_eq!(edits.apply("axb c", &[]).unwrap(), "ayb ayb");
    }

    #[test]
    fn overlapping_edits_are_an_error() {
        let mut edits = Edits::default();
        edits.replace(0..3, "");
        edits.replace(2..5, "");
        assert_eq!(edits.apply("abcdef", &[]).unwrap_err(), 2..5);
    }

    #[test]
    fn separators_are_deleted_with_their_elements() {
        let list =
            |is_deleted: [bool; 3]| [(0..1, is_deleted[0]), (3..4, is_deleted[1]), (6..7, is_deleted[2])];
        let places = |is_deleted| {
            deletions(&list(is_deleted)).map(|places| places.iter().map(|p| (p.start, p.end)).collect())
        };
        assert_eq!(places([true, false, false]), Some(vec![(0, 3)]));
        assert_eq!(places([false, true, true]), Some(vec![(1, 7)]));
        assert_eq!(places([true, false, true]), Some(vec![(0, 3), (4, 7)]));
        assert_eq!(places([true; 3]), None);
    }
}
