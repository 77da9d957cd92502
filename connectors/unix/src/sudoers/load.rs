//! Reading `sudoers` and the files that it includes.

use std::collections::HashMap;
use std::sync::Arc;

use super::hostname::hostname;
use super::period;
use super::rule::{self, Line, Privilege, Rule};
use super::secure::{self, Kind};
use super::{PATH, Policy};
use crate::reading::{Gap, MalformedCounts, Reading};
use crate::root::{Root, Size};

/// The deepest nesting of includes, as in sudo.
const MAX_DEPTH: usize = 128;

/// The most files and folders that are included. Missing and repeated ones count too, and so does every name in a folder,
/// each time the folder is included, even if sudo ignores it.
const MAX_FILES: usize = 4096;

/// The total size of all files, in bytes.
const MAX_BYTES: u64 = 4 << 20;

/// The most names in all lists of rules and aliases.
const MAX_NAMES: usize = 500_000;

/// The longest path that the kernel accepts, in bytes.
const MAX_PATH: usize = 4096;

/// The longest path that a rule's position repeats, in bytes.
const MAX_PLACE: usize = 128;

/// Reads the rules of the machine. Missing and unreadable files are gaps.
#[must_use]
pub fn read(root: &Root) -> Policy {
    let mut load = Load::new(root);
    load.file(PATH);
    load.policy
}

struct Load<'a> {
    root: &'a Root,
    policy: Policy,
    /// The canonical paths of the files that are being read. Each includes the next.
    open: Vec<String>,
    /// What counts towards [`MAX_FILES`].
    included: usize,
    /// The names in the folders that were listed, by the folders' canonical paths.
    listed: HashMap<String, Arc<[String]>>,
    bytes_left: u64,
    names_left: usize,
    /// Whether a limit was reached. Then nothing more is read.
    stopped: bool,
}

impl<'a> Load<'a> {
    fn new(root: &'a Root) -> Self {
        let cancellation = root.cancellation().clone();
        Self {
            root,
            policy: Policy {
                hostname: hostname(root),
                cancellation,
                now: period::now(),
                ..Policy::default()
            },
            open: Vec::new(),
            included: 0,
            listed: HashMap::new(),
            bytes_left: MAX_BYTES,
            names_left: MAX_NAMES,
            stopped: false,
        }
    }

    fn file(&mut self, path: &str) {
        if !self.counts(path) {
            return;
        }
        let canonical = match self.root.canonical(path) {
            Ok(canonical) => canonical,
            Err(error) => return self.gap(Gap::from_io(path, &error)),
        };
        if let Some(reason) = self.rejection(&canonical) {
            return self.gap(Gap::Unreadable { path: canonical, reason: reason.to_owned() });
        }
        if let Err(gap) = secure::check(self.root, &canonical, Kind::File) {
            return self.gap(gap);
        }
        match self.root.read_up_to(&canonical, self.bytes_left) {
            Ok(bytes) if bytes.is_empty() && path == PATH => self.gap(Gap::Empty { path: canonical }),
            Ok(bytes) => {
                self.bytes_left -= bytes.len() as u64;
                self.open.push(canonical.clone());
                self.lines(path, &canonical, &bytes);
                self.open.pop();
            }
            Err(Gap::Limited { .. }) => self.stop(format!(
                "the files together are larger than {}, {canonical} and later files were not read",
                Size(MAX_BYTES)
            )),
            Err(gap) => self.gap(gap),
        }
    }

    /// Counts a file or folder. Returns `false` if nothing more should be read.
    fn counts(&mut self, path: &str) -> bool {
        if !self.stopped {
            if let Err(gap) = self.root.check_cancelled(path) {
                self.stopped = true;
                self.gap(gap);
            } else if self.included >= MAX_FILES {
                self.stop(format!(
                    "more than {MAX_FILES} files and folders are included, the rest was not read"
                ));
            }
        }
        self.included += 1;
        !self.stopped
    }

    fn rejection(&self, path: &str) -> Option<&'static str> {
        if self.open.iter().any(|open| open == path) {
            Some("includes itself")
        } else if self.open.len() >= MAX_DEPTH {
            Some("included more than 128 levels deep")
        } else {
            None
        }
    }

    /// Reads the lines of a file that was included as `path`. Its own includes are relative to that.
    fn lines(&mut self, path: &str, canonical: &str, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let file: Arc<str> = shortened(canonical).into();
        let mut malformed = MalformedCounts::default();
        for (number, line) in super::lines::logical(&text) {
            if let Err(gap) = self.root.check_cancelled(canonical) {
                self.stopped = true;
                self.gap(gap);
            }
            if self.stopped {
                break;
            }
            let Some(line) = line else {
                self.gap(Gap::limited(canonical, "lines longer than 128 KiB were skipped"));
                continue;
            };
            match rule::parse(&line) {
                None => malformed.add("line", number),
                Some(Line::Irrelevant) => {}
                Some(Line::Include(target)) => match self.target(path, &target) {
                    Some(target) => self.file(&target),
                    None => malformed.add("line", number),
                },
                Some(Line::IncludeDir(target)) => match self.target(path, &target) {
                    Some(target) => self.directory(&target),
                    None => malformed.add("line", number),
                },
                Some(Line::UserAliases(aliases)) => self.aliases(aliases, |policy| &mut policy.user_aliases),
                Some(Line::HostAliases(aliases)) => self.aliases(aliases, |policy| &mut policy.host_aliases),
                Some(Line::TargetAliases(aliases)) => {
                    self.aliases(aliases, |policy| &mut policy.target_aliases);
                }
                Some(Line::CommandAliases(aliases)) => {
                    self.aliases(aliases, |policy| &mut policy.command_aliases);
                }
                Some(Line::Defaults(defaults)) => {
                    if self.takes(defaults.names()) {
                        self.policy.defaults.push(defaults);
                    }
                }
                Some(Line::Rule { users, privileges }) => {
                    let names = privileges.iter().map(names_in).sum::<usize>();
                    if self.takes(users.len() + names) {
                        let file = Arc::clone(&file);
                        self.policy.rules.push(Rule { users, privileges, file, line: number });
                    }
                }
            }
        }
        for gap in malformed.gaps(canonical) {
            self.gap(gap);
        }
    }

    /// The first definition of an alias counts.
    fn aliases<T>(
        &mut self,
        aliases: Vec<(String, Vec<T>)>,
        map: fn(&mut Policy) -> &mut HashMap<String, Vec<T>>,
    ) {
        for (name, members) in aliases {
            if self.takes(members.len() + 1) {
                map(&mut self.policy).entry(name).or_insert(members);
            }
        }
    }

    /// Counts names. Returns `false` if there are too many.
    fn takes(&mut self, names: usize) -> bool {
        match self.names_left.checked_sub(names) {
            Some(left) => self.names_left = left,
            None => self.stop(format!("its rules have more than {MAX_NAMES} names, the rest was not read")),
        }
        !self.stopped
    }

    fn stop(&mut self, reason: String) {
        self.stopped = true;
        self.gap(Gap::limited(PATH, reason));
    }

    /// Reads the files of a folder in the order of their names, except those that sudo ignores: backups, and leftovers of
    /// packages. As in sudo, the folder can be missing.
    fn directory(&mut self, path: &str) {
        if !self.counts(path) {
            return;
        }
        if let Err(gap) = secure::check(self.root, path, Kind::Folder) {
            return self.gap(gap);
        }
        for name in self.names(path).iter() {
            let file = format!("{path}/{name}");
            let ignored = name.ends_with('~') || name.contains('.');
            if !ignored && self.root.is_file_or_unknown(&file) {
                self.file(&file);
            } else {
                self.counts(&file);
            }
            if self.stopped {
                return;
            }
        }
    }

    /// The names in a folder. Each folder is listed only once.
    fn names(&mut self, path: &str) -> Arc<[String]> {
        let folder = self.root.canonical(path).unwrap_or_else(|_| path.to_owned());
        if let Some(names) = self.listed.get(&folder) {
            return Arc::clone(names);
        }
        let Reading { items, gaps } = self.root.list(path);
        for gap in gaps.into_iter().filter(|gap| !matches!(gap, Gap::Missing { .. })) {
            self.gap(gap);
        }
        let names: Arc<[String]> = items.into();
        self.listed.insert(folder, Arc::clone(&names));
        names
    }

    /// The path, relative to the root, of `target` in a file at `path`. `%h` is the short hostname. `None` if it is too
    /// long.
    fn target(&self, path: &str, target: &str) -> Option<String> {
        if target.len() > MAX_PATH {
            return None;
        }
        let hostname = self.policy.hostname.as_deref().unwrap_or_default();
        let target = target.replace("%h", hostname.split('.').next().unwrap_or_default());
        let target = target.trim_end_matches('/');
        let target = match target.strip_prefix('/') {
            Some(inside) => inside.trim_start_matches('/').to_owned(),
            None => match path.rsplit_once('/') {
                Some((folder, _)) => format!("{folder}/{target}"),
                None => target.to_owned(),
            },
        };
        (target.len() <= MAX_PATH).then_some(target)
    }

    fn gap(&mut self, gap: Gap) {
        if !self.policy.gaps.contains(&gap) {
            self.policy.gaps.push(gap);
        }
    }
}

/// The number of names in the lists of a privilege. Target users that apply to several commands count once.
fn names_in(privilege: &Privilege) -> usize {
    let mut last = None;
    let mut names = privilege.hosts.len() + privilege.entries.len();
    for targets in privilege.entries.iter().filter_map(|entry| entry.targets.as_ref()) {
        if last.is_none_or(|last| !Arc::ptr_eq(last, targets)) {
            names += targets.len();
        }
        last = Some(targets);
    }
    names
}

/// Shortens a path, because it is repeated for each rule and account.
fn shortened(path: &str) -> String {
    match path.len().checked_sub(MAX_PLACE) {
        None | Some(0) => path.to_owned(),
        Some(start) => format!("…{}", &path[path.ceil_char_boundary(start)..]),
    }
}

#[cfg(test)]
mod tests;
