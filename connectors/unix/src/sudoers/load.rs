//! Reading `sudoers` and the files that it includes.

use std::collections::HashMap;
use std::sync::Arc;

use super::hostname::hostname;
use super::period;
use super::rule::{self, Line, Privilege, Rule};
use super::secure::{self, Kind};
use super::{PATH, Policy};
use crate::reading::{Gap, Oddities, Reading};
use crate::root::{Root, Size};

/// As deep as sudo goes.
const MAX_DEPTH: usize = 128;

/// The most files and folders that are included, those that are missing and repeated ones counted. Every name in a
/// folder counts each time the folder is included, also if sudo passes it over.
const MAX_FILES: usize = 4096;

/// The size of all files together, in bytes.
const MAX_BYTES: u64 = 4 << 20;

/// The most names in all lists of rules and aliases.
const MAX_NAMES: usize = 500_000;

/// The longest path that the kernel takes, in bytes.
const MAX_PATH: usize = 4096;

/// The longest path that a place repeats, in bytes.
const MAX_PLACE: usize = 128;

/// The policy of the machine. Files that are missing or unreadable are among its gaps.
#[must_use]
pub fn read(root: &Root) -> Policy {
    let mut load = Load::new(root);
    load.file(PATH);
    load.policy
}

struct Load<'a> {
    root: &'a Root,
    policy: Policy,
    /// The files that are being read, each including the next, by their canonical paths.
    open: Vec<String>,
    /// What counts towards [`MAX_FILES`].
    included: usize,
    /// The names in the folders that were listed, by the folders' canonical paths.
    listed: HashMap<String, Arc<[String]>>,
    bytes_left: u64,
    names_left: usize,
    /// A limit was reached: what follows is not read.
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
        if let Some(reason) = self.refusal(&canonical) {
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
                "the files together are larger than {}, {canonical} and what follows was not read",
                Size(MAX_BYTES)
            )),
            Err(gap) => self.gap(gap),
        }
    }

    /// Counts something that is included or passed over; `false` if nothing more may be looked at.
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

    fn refusal(&self, path: &str) -> Option<&'static str> {
        if self.open.iter().any(|open| open == path) {
            Some("includes itself")
        } else if self.open.len() >= MAX_DEPTH {
            Some("included more than 128 levels deep")
        } else {
            None
        }
    }

    /// The lines of the file that was included as `path`, from which its own includes are relative.
    fn lines(&mut self, path: &str, canonical: &str, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let file: Arc<str> = shortened(canonical).into();
        let mut odd = Oddities::default();
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
                None => odd.add("line", number),
                Some(Line::Irrelevant) => {}
                Some(Line::Include(target)) => match self.target(path, &target) {
                    Some(target) => self.file(&target),
                    None => odd.add("line", number),
                },
                Some(Line::IncludeDir(target)) => match self.target(path, &target) {
                    Some(target) => self.directory(&target),
                    None => odd.add("line", number),
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
        for gap in odd.gaps(canonical) {
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

    /// Counts names that are about to be kept; `false` if they are too many.
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

    /// Files in the order of their names, without those that sudo passes over: backups and packages'
    /// leftovers. As for sudo, the directory need not exist.
    fn directory(&mut self, path: &str) {
        if !self.counts(path) {
            return;
        }
        if let Err(gap) = secure::check(self.root, path, Kind::Folder) {
            return self.gap(gap);
        }
        for name in self.names(path).iter() {
            let file = format!("{path}/{name}");
            let passed_over = name.ends_with('~') || name.contains('.');
            if !passed_over && self.root.is_file_or_unknown(&file) {
                self.file(&file);
            } else {
                self.counts(&file);
            }
            if self.stopped {
                return;
            }
        }
    }

    /// The names in a folder, which is listed only once.
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

    /// The path, relative to the root, that `target` means in a file at `path`. `%h` is the short host name.
    /// `None` if it is too long to be one.
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

/// The names in the lists of a privilege. Target users that hold for several commands count once.
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

/// A path that is short enough to be repeated for each rule and account.
fn shortened(path: &str) -> String {
    match path.len().checked_sub(MAX_PLACE) {
        None | Some(0) => path.to_owned(),
        Some(start) => format!("…{}", &path[path.ceil_char_boundary(start)..]),
    }
}

#[cfg(test)]
mod tests;
