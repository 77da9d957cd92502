//! `etc/gshadow`, gshadow(5).

use super::table;
use crate::reading::Reading;
use crate::root::Root;

/// The path of the file below the root.
pub const PATH: &str = "etc/gshadow";

/// A line of `gshadow`. Its list of members is a copy of the one in `group`, and isn't read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gshadow {
    /// The name of the group.
    pub name: String,
    /// The users who can change the members and the password of the group.
    pub administrators: Vec<String>,
}

/// Reads the lines, in the order of the file.
pub fn read(root: &Root) -> Reading<Gshadow> {
    table::read(root, PATH, parse, |group| &group.name)
}

fn parse(line: &[u8]) -> Option<Gshadow> {
    let mut fields = table::fields(line);
    let name = table::name(fields.next()?)?;
    Some(Gshadow { name, administrators: table::list(fields.nth(1)?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn administrators_are_the_third_field() {
        assert_eq!(parse(b"dev:!:alice,bob:carol").unwrap().administrators, ["alice", "bob"]);
        assert!(parse(b"dev:!::carol").unwrap().administrators.is_empty());
        assert!(parse(b"dev:!").is_none());
    }
}
