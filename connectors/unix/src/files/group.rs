//! `etc/group`, group(5).

use std::collections::{HashMap, HashSet};

use super::table;
use crate::reading::{Gap, Reading};
use crate::root::Root;

/// The path of the file below the root.
pub const PATH: &str = "etc/group";

/// A line of `group`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// The name of the group.
    pub name: String,
    /// The number of the group.
    pub gid: u32,
    /// The users for whom it is a supplementary group.
    pub members: Vec<String>,
    /// Those of `members` who are listed only in other groups with the same number.
    pub inherited: Vec<String>,
}

/// Reads the groups as the C library sees them, in the order of the file.
///
/// A group can have several lines; its members are those of all lines. If groups share a number, the first one also has
/// the members of the others, because the kernel only knows numbers.
pub fn read(root: &Root) -> Reading<Group> {
    let mut reading = table::lines(root, PATH, parse, |_| true);
    let (groups, renumbered) = merge(std::mem::take(&mut reading.items));
    reading.items = groups;
    reading.note((renumbered > 0).then(|| Gap::Assumed {
        path: PATH.to_owned(),
        what: "lines that give a group a second number",
        count: renumbered,
    }));
    reading
}

/// Merges lines into groups. Also counts the lines that give a group a second number.
fn merge(lines: Vec<Group>) -> (Vec<Group>, u64) {
    let mut groups: Vec<Group> = Vec::new();
    let mut members: Vec<HashSet<String>> = Vec::new();
    let mut listed: Vec<HashSet<String>> = Vec::new();
    let (mut by_name, mut by_gid) = (HashMap::new(), HashMap::new());
    let mut renumbered = 0;
    for line in lines {
        let place = *by_name.entry(line.name.clone()).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Group { members: Vec::new(), ..line.clone() });
            members.push(HashSet::new());
            listed.push(HashSet::new());
        }
        renumbered += u64::from(groups[place].gid != line.gid);
        let first = *by_gid.entry(line.gid).or_insert(place);
        for member in line.members {
            listed[place].insert(member.clone());
            for at in [Some(place), (first != place).then_some(first)].into_iter().flatten() {
                if members[at].insert(member.clone()) {
                    groups[at].members.push(member.clone());
                }
            }
        }
    }
    for (group, listed) in groups.iter_mut().zip(listed) {
        let inherited = group.members.iter().filter(|member| !listed.contains(*member));
        group.inherited = inherited.cloned().collect();
    }
    (groups, renumbered)
}

fn parse(line: &[u8]) -> Option<Group> {
    let mut fields = table::fields(line);
    let name = table::name(fields.next()?)?;
    let gid = table::id(fields.nth(1)?)?;
    let members = fields.next().map(table::list).unwrap_or_default();
    Some(Group { name, gid, members, inherited: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_separated_by_commas() {
        assert_eq!(parse(b"dev:x:5:a, b,,c").unwrap().members, ["a", "b", "c"]);
        assert_eq!(parse(b"dev:x:5:a ,\tb\r").unwrap().members, ["a ", "b\r"], "as the C library has them");
        assert!(parse(b"dev:x:5:").unwrap().members.is_empty());
        assert!(parse(b"dev:x:5").unwrap().members.is_empty());
        assert!(parse(b"dev:x").is_none());
        assert!(parse(b"dev:x:y:a").is_none());
    }

    #[test]
    fn lines_with_the_same_name_or_number_are_merged() {
        let lines = |text: &str| text.lines().map(|line| parse(line.as_bytes()).unwrap()).collect();
        let (groups, renumbered) = merge(lines("dev:x:5:a,a\nops:x:6:b\ndev:x:5:c,a\nold:x:6:d\nops:x:7:e"));
        let all: Vec<_> = groups.iter().map(|group| format!("{} {:?}", group.name, group.members)).collect();
        assert_eq!(all, [r#"dev ["a", "c"]"#, r#"ops ["b", "d", "e"]"#, r#"old ["d"]"#]);
        assert_eq!(renumbered, 1);
        let inherited: Vec<_> = groups.iter().map(|group| group.inherited.join(" ")).collect();
        assert_eq!(inherited, ["", "d", ""]);
    }
}
