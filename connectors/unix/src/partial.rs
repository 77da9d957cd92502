//! How a listing reports its gaps.

use connector::Response;

use crate::reading::Gap;

/// The most gaps that a reason names.
const MAX_GAPS: usize = 10;

/// The most characters of a gap that a reason repeats: it can contain paths from a file.
const MAX_CHARS: usize = 200;

/// Reports on every page what is missing from the whole listing: nobody knows on which page it would have been.
pub(crate) fn with_gaps<R>(response: Response<R>, gaps: &[Gap]) -> Response<R> {
    if gaps.is_empty() {
        return response;
    }
    response.partial(reason(gaps), gaps.iter().map(Gap::skipped).sum())
}

fn reason(gaps: &[Gap]) -> String {
    // A limit explains most, and it can come after very many missing files.
    let (limits, others): (Vec<&Gap>, Vec<&Gap>) =
        gaps.iter().partition(|gap| matches!(gap, Gap::Limited { .. }));
    let mut parts: Vec<String> = limits.into_iter().chain(others).take(MAX_GAPS).map(one).collect();
    if gaps.len() > MAX_GAPS {
        parts.push(format!("and {} more", gaps.len() - MAX_GAPS));
    }
    parts.join("; ")
}

/// One gap, on one line.
fn one(gap: &Gap) -> String {
    let text = gap.to_string().replace(char::is_control, "\u{fffd}");
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(path: impl Into<String>) -> Gap {
        Gap::Missing { path: path.into() }
    }

    #[test]
    fn a_listing_without_gaps_is_complete() {
        assert_eq!(with_gaps(Response::new(()), &[]).partiality(), None);
    }

    #[test]
    fn all_gaps_are_named_and_their_counts_added() {
        let malformed =
            |path: &str, count| Gap::Malformed { path: path.to_owned(), unit: "line", count, first: 3 };
        let gaps = [missing("etc/shadow"), malformed("etc/passwd", 2), malformed("etc/group", 1)];
        let response = with_gaps(Response::new(()), &gaps);
        let partial = response.partiality().unwrap();
        assert_eq!(partial.skipped, 3);
        assert_eq!(
            partial.reason,
            "etc/shadow: missing; etc/passwd: skipped 2 malformed lines, the first is line 3; etc/group: skipped malformed line 3"
        );
    }

    #[test]
    fn limits_are_named_first() {
        let mut gaps: Vec<Gap> = (0..500).map(|i| missing(i.to_string())).collect();
        gaps.push(Gap::limited("etc/sudoers", "larger than 1 MiB"));
        assert!(reason(&gaps).starts_with("etc/sudoers: larger than 1 MiB; 0: missing; "));
    }

    #[test]
    fn reasons_are_short_and_on_one_line() {
        let gaps: Vec<Gap> = (0..500).map(|i| missing(format!("{i}\n{}", "ü".repeat(5000)))).collect();
        let reason = reason(&gaps);
        assert!(reason.ends_with("; and 490 more"), "{reason}");
        assert!(reason.chars().count() < 2_100 && !reason.contains('\n'), "{reason}");
    }
}
