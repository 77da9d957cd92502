//! `etc/gshadow`, gshadow(5).

use super::table;
use crate::reading::Reading;
use crate::root::Root;

/// Where the file lies below the root.
pub const PATH: &str = "etc/gshadow";

/// A line of `gshadow`. Its member list is a copy of the one in `group` and not read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gshadow {
    /// The name of the group.
    pub name: String,
    /// The users who may change the members and the password of the group.
    pub administrators: Vec<String>,
}

/// The shadow lines of the groups, in the order of the file.
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
    fn administrators_stand_before_the_members() {
        assert_eq!(parse(b"dev:!:alice,bob:carol").unwrap().administrators, ["alice", "bob"]);
        assert!(parse(b"dev:!::carol").unwrap().administrators.is_empty());
        assert!(parse(b"dev:!").is_none());
    }
}
