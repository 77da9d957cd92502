//! `etc/group`, group(5).

use super::table;
use crate::reading::Reading;
use crate::root::Root;

/// Where the file lies below the root.
pub const PATH: &str = "etc/group";

/// A line of `group`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// The name of the group.
    pub name: String,
    /// The number of the group.
    pub gid: u32,
    /// The users for whom it is a supplementary group, as listed.
    pub members: Vec<String>,
}

/// The groups, in the order of the file.
pub fn read(root: &Root) -> Reading<Group> {
    table::read(root, PATH, parse, |group| &group.name)
}

fn parse(line: &[u8]) -> Option<Group> {
    let mut fields = table::fields(line);
    let name = table::name(fields.next()?)?;
    let gid = table::id(fields.nth(1)?)?;
    Some(Group { name, gid, members: fields.next().map(table::list).unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_separated_by_commas() {
        assert_eq!(parse(b"dev:x:5:a, b,,c").unwrap().members, ["a", "b", "c"]);
        assert!(parse(b"dev:x:5:").unwrap().members.is_empty());
        assert!(parse(b"dev:x:5").unwrap().members.is_empty());
        assert!(parse(b"dev:x").is_none());
        assert!(parse(b"dev:x:y:a").is_none());
    }
}
