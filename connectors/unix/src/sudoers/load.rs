//! Reading `sudoers` and the files that it includes.

use std::collections::HashMap;
use std::sync::Arc;

use super::item::Item;
use super::rule::{self, Line, Rule};
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

const MAX_HOSTNAME_FILE: u64 = 64 << 10;

/// The longest name that a host can have, in bytes.
const MAX_HOSTNAME: usize = 255;

const HOSTNAMES: [&str; 2] = ["etc/hostname", "proc/sys/kernel/hostname"];

/// The policy of the machine. Files that are missing or unreadable are among its gaps.
#[must_use]
pub fn read(root: &Root) -> Policy {
    let mut load = Load::new(root);
    load.file(PATH);
    load.policy
}

/// The name that the machine calls itself, if it says so in `etc/hostname` or the kernel knows it.
pub(crate) fn hostname(root: &Root) -> Option<String> {
    HOSTNAMES.iter().find_map(|path| {
        let text = String::from_utf8(root.read_up_to(path, MAX_HOSTNAME_FILE).ok()?).ok()?;
        let name = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
        (name.len() <= MAX_HOSTNAME).then(|| name.to_owned())
    })
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
            policy: Policy { hostname: hostname(root), cancellation, ..Policy::default() },
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
                Some(Line::Rule { users, privileges }) => {
                    let hosts = privileges.iter().map(|privilege| privilege.hosts.len()).sum::<usize>();
                    if self.takes(users.len() + hosts) {
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
    fn aliases(
        &mut self,
        aliases: Vec<(String, Vec<Item>)>,
        map: fn(&mut Policy) -> &mut HashMap<String, Vec<Item>>,
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

/// A path that is short enough to be repeated for each rule and account.
fn shortened(path: &str) -> String {
    match path.len().checked_sub(MAX_PLACE) {
        None | Some(0) => path.to_owned(),
        Some(start) => format!("…{}", &path[path.ceil_char_boundary(start)..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn machine(files: &[(&str, &str)]) -> (tempfile::TempDir, Root) {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let root = Root::new(dir.path());
        (dir, root)
    }

    fn places(policy: &Policy) -> Vec<String> {
        policy.rules.iter().map(Rule::place).collect()
    }

    #[test]
    fn included_files_stand_where_they_are_included() {
        let (_dir, root) = machine(&[
            ("etc/sudoers", "@include sudoers.%h\na ALL=ALL\n#includedir /etc/sudoers.d/\nb ALL=ALL\n"),
            ("etc/hostname", "web1.example.com\n"),
            ("etc/sudoers.web1", "c ALL=ALL\n"),
            ("etc/sudoers.d/20-x", "d ALL=ALL\n"),
            ("etc/sudoers.d/10-x", "\n# only rules\ne ALL=ALL\n"),
            ("etc/sudoers.d/10-x~", "f ALL=ALL\n"),
            ("etc/sudoers.d/old.dpkg-old", "g ALL=ALL\n"),
            ("etc/sudoers.d/folder/x", "h ALL=ALL\n"),
        ]);
        let policy = read(&root);
        assert_eq!(
            places(&policy),
            [
                "etc/sudoers.web1:1",
                "etc/sudoers:2",
                "etc/sudoers.d/10-x:3",
                "etc/sudoers.d/20-x:1",
                "etc/sudoers:4"
            ]
        );
        assert_eq!(policy.gaps, []);
    }

    #[test]
    fn files_that_include_each_other_end() {
        let (_dir, root) = machine(&[
            ("etc/sudoers", "@include /etc/a\nx ALL=ALL\n"),
            ("etc/a", "@include /etc/b\n@include /etc/b\n"),
            ("etc/b", "@include /etc/a\ny ALL=ALL\n"),
        ]);
        let policy = read(&root);
        assert_eq!(places(&policy), ["etc/b:2", "etc/b:2", "etc/sudoers:2"]);
        assert_eq!(policy.gaps[0].to_string(), "etc/a: includes itself");
    }

    #[test]
    fn a_tree_of_includes_cannot_grow_without_end() {
        let names: Vec<String> = (0..40).map(|i| format!("etc/f{i}")).collect();
        let texts: Vec<String> =
            (1..=40).map(|i| format!("@include /etc/f{i}\n@include /etc/f{i}\n")).collect();
        let mut files: Vec<(&str, &str)> =
            vec![("etc/sudoers", "@include /etc/f0\n"), ("etc/f40", "z ALL=ALL\n")];
        files.extend(names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)));
        let (_dir, root) = machine(&files);
        let policy = read(&root);
        assert!(policy.gaps.iter().any(|gap| gap.to_string().contains("more than 4096 files")));
    }

    #[test]
    fn what_is_missing_or_malformed_is_told() {
        let (_dir, root) =
            machine(&[("etc/sudoers", "a ALL=ALL\nnonsense\n@include gone\n@includedir gone.d\n")]);
        let gaps: Vec<String> = read(&root).gaps.iter().map(ToString::to_string).collect();
        assert_eq!(gaps, ["etc/gone: missing", "etc/sudoers: skipped odd line 2"]);
        let (_dir, nothing) = machine(&[]);
        assert_eq!(read(&nothing).gaps[0].to_string(), "etc/sudoers: missing");
    }

    #[test]
    fn a_file_is_known_under_every_path_to_it() {
        let (dir, root) =
            machine(&[("etc/sudoers", "@include ../etc/sudoers\n@include /link/sudoers\na ALL=ALL\n")]);
        std::os::unix::fs::symlink("etc", dir.path().join("link")).unwrap();
        let policy = read(&root);
        assert_eq!(places(&policy), ["etc/sudoers:3"]);
        let gaps: Vec<String> = policy.gaps.iter().map(ToString::to_string).collect();
        assert_eq!(gaps, ["etc/sudoers: includes itself"]);
    }

    #[test]
    fn the_search_for_missing_files_ends_and_leaves_one_gap() {
        let includes = |number| (0..number).map(|i| format!("@include gone{i}\n")).collect::<String>();
        let (_dir, root) = machine(&[("etc/sudoers", &includes(2 * MAX_FILES))]);
        let policy = read(&root);
        // The first file is `sudoers` itself.
        assert_eq!(policy.gaps.len(), MAX_FILES);
        let last = policy.gaps.last().unwrap().to_string();
        assert_eq!(last, "etc/sudoers: more than 4096 files and folders are included, the rest was not read");
    }

    #[test]
    fn folders_and_the_names_in_them_count_as_included() {
        let (dir, root) =
            machine(&[("etc/sudoers", &format!("{}a ALL=ALL\n", "@includedir d\n".repeat(2000)))]);
        let limit = ["etc/sudoers: more than 4096 files and folders are included, the rest was not read"];
        let problems = |root: &Root| read(root).gaps.iter().map(ToString::to_string).collect::<Vec<_>>();
        // Folders are no files, and may be missing.
        assert_eq!(problems(&root), [""; 0]);
        for number in 0..2 {
            fs::create_dir_all(root.path().join(format!("etc/d/{number}"))).unwrap();
        }
        assert_eq!(problems(&root), limit);
        fs::remove_dir_all(root.path().join("etc/d")).unwrap();
        fs::create_dir(root.path().join("etc/d")).unwrap();
        for name in ["old.rpmsave", "backup~"] {
            fs::write(dir.path().join("etc/d").join(name), "b ALL=ALL\n").unwrap();
        }
        assert_eq!(problems(&root), limit);
        fs::remove_dir_all(root.path().join("etc/d")).unwrap();
        fs::write(root.path().join("etc/sudoers"), "@includedir d\n".repeat(2 * MAX_FILES)).unwrap();
        assert_eq!(problems(&root), limit);
    }

    #[test]
    fn a_folder_is_listed_once() {
        let (_dir, root) =
            machine(&[("etc/sudoers", ""), ("etc/d/a", "a ALL=ALL\n"), ("etc/d/b", "b ALL=ALL\n")]);
        let mut load = Load::new(&root);
        let first = load.names("etc/d");
        assert_eq!(*first, ["a", "b"]);
        assert!(Arc::ptr_eq(&first, &load.names("etc/../etc/d")));
    }

    #[test]
    fn a_folder_that_is_included_twice_counts_in_both_places() {
        let (_dir, root) = machine(&[
            ("etc/sudoers", "@includedir d\na ALL=ALL\n@includedir d\n"),
            ("etc/d/x", "b ALL=ALL\n"),
        ]);
        assert_eq!(places(&read(&root)), ["etc/d/x:1", "etc/sudoers:2", "etc/d/x:1"]);
    }

    #[test]
    fn the_files_together_have_a_limit() {
        let half = "#".repeat(usize::try_from(MAX_BYTES).unwrap() / 2);
        let (_dir, root) = machine(&[
            ("etc/sudoers", "@include half\n@include half\na ALL=ALL\n"),
            ("etc/half", &format!("b ALL=ALL\n{half}")),
        ]);
        let policy = read(&root);
        assert_eq!(places(&policy), ["etc/half:1"]);
        let gap = "the files together are larger than 4 MiB, etc/half and what follows was not read";
        assert_eq!(policy.gaps[0].to_string(), format!("etc/sudoers: {gap}"));
    }

    #[test]
    fn the_names_in_rules_and_aliases_have_a_limit() {
        let names = "a,".repeat(50_000);
        for line in ["LISTa ALL=ALL\n", "a LISTa=ALL\n", "User_Alias A = LISTa\n", "Host_Alias A = LISTa\n"] {
            let text = line.replace("LIST", &names).repeat(11);
            let (_dir, root) = machine(&[("etc/sudoers", &text)]);
            let policy = read(&root);
            let lists = policy.rules.iter().map(|rule| rule.users.len() + rule.privileges[0].hosts.len());
            assert!(lists.sum::<usize>() <= MAX_NAMES);
            let gap = "etc/sudoers: its rules have more than 500000 names, the rest was not read";
            assert_eq!(policy.gaps[0].to_string(), gap);
        }
    }

    #[test]
    fn a_long_path_is_not_repeated_for_each_rule() {
        let folder = format!("etc/{}", vec!["long"; 200].join("/"));
        let (_dir, root) = machine(&[
            ("etc/sudoers", &format!("@include /{folder}/x\n")),
            (&format!("{folder}/x"), "a ALL=ALL\n"),
        ]);
        let place = read(&root).rules[0].place();
        assert!(
            place.starts_with('…') && place.ends_with("/long/x:1") && place.len() < 2 * MAX_PLACE,
            "{place}"
        );
    }

    #[test]
    fn a_path_that_is_too_long_is_odd() {
        let (_dir, root) = machine(&[("etc/sudoers", &format!("@include {}\n", "%h".repeat(2000)))]);
        fs::write(root.path().join("etc/hostname"), "h".repeat(200)).unwrap();
        assert_eq!(read(&root).gaps[0].to_string(), "etc/sudoers: skipped odd line 1");
    }
}
