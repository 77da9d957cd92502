//! Edits of a text by byte ranges. What no edit touches stays as it is, byte for byte.

use std::cmp::Reverse;
use std::ops::Range;

/// A place in a source, in bytes.
pub(crate) type Bytes = Range<usize>;

/// What stands in for an edited place.
#[derive(Debug, Clone)]
enum Text {
    Plain(String),
    /// The edited text of another place.
    Of(Bytes),
}

/// Replacements that are applied all at once.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    edits: Vec<(Bytes, Text)>,
}

impl Edits {
    /// Puts `text` in the place of `range`. Edits inside of `range` are void.
    pub(crate) fn replace(&mut self, range: Bytes, text: impl Into<String>) {
        self.edits.push((range, Text::Plain(text.into())));
    }

    /// Takes `range` out.
    pub(crate) fn delete(&mut self, range: Bytes) {
        if !range.is_empty() {
            self.replace(range, "");
        }
    }

    /// Puts `text` before what stands at `at`.
    pub(crate) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    /// Puts the edited text of `of` in the place of `range`.
    pub(crate) fn replace_by(&mut self, range: Bytes, of: Bytes) {
        self.edits.push((range, Text::Of(of)));
    }

    /// All that is replaced.
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

    /// The edited `source`. Comments in a place that is edited are kept in front of what replaces it.
    ///
    /// # Errors
    /// The place where two edits overlap.
    pub(crate) fn apply(&self, source: &str, comments: &[Bytes]) -> Result<String, Bytes> {
        self.edited(source, comments, 0..source.len(), 0)
    }

    fn edited(&self, source: &str, comments: &[Bytes], within: Bytes, depth: usize) -> Result<String, Bytes> {
        /// Deeper nesting is a place that stands for itself.
        const DEEPEST: usize = 8;
        if depth > DEEPEST {
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

/// Places that are replaced, in order and apart.
#[derive(Debug)]
pub(crate) struct Covered(Vec<Bytes>);

impl Covered {
    /// Whether all of `range` is replaced.
    pub(crate) fn has(&self, range: &Bytes) -> bool {
        let next = self.0.partition_point(|place| place.start <= range.start);
        next.checked_sub(1).is_some_and(|at| range.end <= self.0[at].end)
    }
}

/// The places to delete so that the marked elements of a list are gone, with the separators that are one too many.
/// `None` if nothing would be left: then what encloses the list has to go.
pub(crate) fn deletions(elements: &[(Bytes, bool)]) -> Option<Vec<Bytes>> {
    if elements.iter().all(|(_, goes)| *goes) {
        return None;
    }
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(offset) = elements[at..].iter().position(|(_, goes)| *goes) {
        let first = at + offset;
        let run = elements[first..].iter().take_while(|(_, goes)| *goes).count();
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
    fn an_edit_voids_those_inside_it_and_keeps_its_comments() {
        let source = "a(b /* why */, c) d";
        let mut edits = Edits::default();
        edits.replace(2..3, "x");
        edits.replace(1..17, "!");
        edits.insert(18, "<");
        assert_eq!(edits.apply(source, std::slice::from_ref(&(4..13))).unwrap(), "a/* why */ ! <d");
    }

    #[test]
    fn a_place_can_stand_in_for_another_with_its_own_edits() {
        let mut edits = Edits::default();
        edits.replace(0..1, "left");
        edits.replace_by(2..3, 0..1);
        assert_eq!(edits.apply("a b", &[]).unwrap(), "left left");
        let mut edits = Edits::default();
        edits.replace_by(0..1, 0..1);
        assert_eq!(edits.apply("a", &[]).unwrap_err(), 0..1, "a place cannot stand for itself");
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
    fn elements_leave_a_list_with_their_separators() {
        let list = |goes: [bool; 3]| [(0..1, goes[0]), (3..4, goes[1]), (6..7, goes[2])];
        let places =
            |goes| deletions(&list(goes)).map(|places| places.iter().map(|p| (p.start, p.end)).collect());
        assert_eq!(places([true, false, false]), Some(vec![(0, 3)]));
        assert_eq!(places([false, true, true]), Some(vec![(1, 7)]));
        assert_eq!(places([true, false, true]), Some(vec![(0, 3), (4, 7)]));
        assert_eq!(places([true; 3]), None);
    }
}
