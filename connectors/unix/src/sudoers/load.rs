//! Reading `sudoers` and the files that it includes.

use super::rule::{self, Line, Rule};
use super::{PATH, Policy};
use crate::reading::{Gap, Oddities};
use crate::root::Root;

/// As deep as sudo goes.
const MAX_DEPTH: usize = 128;

/// More files than this are a trap rather than a configuration.
const MAX_FILES: usize = 4096;

const HOSTNAMES: [&str; 2] = ["etc/hostname", "proc/sys/kernel/hostname"];

/// The policy of the machine. Files that are missing or unreadable are among its gaps.
#[must_use]
pub fn read(root: &Root) -> Policy {
    let policy = Policy { hostname: hostname(root), ..Policy::default() };
    let mut load = Load { root, policy, open: Vec::new(), files: 0 };
    load.file(PATH.to_owned());
    load.policy
}

/// The name that the machine calls itself, if it says so in `etc/hostname` or the kernel knows it.
pub(crate) fn hostname(root: &Root) -> Option<String> {
    HOSTNAMES.iter().find_map(|path| {
        let text = String::from_utf8(root.read(path).ok()?).ok()?;
        let name = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
        Some(name.to_owned())
    })
}

struct Load<'a> {
    root: &'a Root,
    policy: Policy,
    /// The files that are being read, each including the next.
    open: Vec<String>,
    files: usize,
}

impl Load<'_> {
    fn file(&mut self, path: String) {
        if let Some(reason) = self.refusal(&path) {
            return self.gap(Gap::Unreadable { path, reason: reason.to_owned() });
        }
        self.files += 1;
        match self.root.read(&path) {
            Ok(bytes) if bytes.is_empty() && path == PATH => self.gap(Gap::Empty { path }),
            Ok(bytes) => {
                self.open.push(path.clone());
                self.lines(&path, &bytes);
                self.open.pop();
            }
            Err(gap) => self.gap(gap),
        }
    }

    fn refusal(&self, path: &str) -> Option<&'static str> {
        if self.open.iter().any(|open| open == path) {
            Some("includes itself")
        } else if self.open.len() >= MAX_DEPTH {
            Some("included more than 128 levels deep")
        } else if self.files >= MAX_FILES {
            Some("more than 4096 files are included")
        } else {
            None
        }
    }

    fn lines(&mut self, path: &str, bytes: &[u8]) {
        let mut odd = Oddities::default();
        for (number, text) in super::lines::logical(bytes) {
            match rule::parse(&text) {
                None => odd.add("line", number),
                Some(Line::Irrelevant) => {}
                Some(Line::Include(target)) => self.file(self.target(path, &target)),
                Some(Line::IncludeDir(target)) => self.directory(&self.target(path, &target)),
                Some(Line::UserAliases(aliases)) => {
                    for (name, members) in aliases {
                        self.policy.user_aliases.entry(name).or_insert(members);
                    }
                }
                Some(Line::HostAliases(aliases)) => {
                    for (name, members) in aliases {
                        self.policy.host_aliases.entry(name).or_insert(members);
                    }
                }
                Some(Line::Rule { users, privileges }) => {
                    self.policy.rules.push(Rule { users, privileges, place: format!("{path}:{number}") });
                }
            }
        }
        for gap in odd.gaps(path) {
            self.gap(gap);
        }
    }

    /// Files in the order of their names, without those that sudo passes over: backups and packages'
    /// leftovers. As for sudo, the directory need not exist.
    fn directory(&mut self, path: &str) {
        match self.root.list(path) {
            Ok(names) => {
                for name in names.iter().filter(|name| !name.ends_with('~') && !name.contains('.')) {
                    let file = format!("{path}/{name}");
                    if self.root.is_file_or_unknown(&file) {
                        self.file(file);
                    }
                }
            }
            Err(Gap::Missing { .. }) => {}
            Err(gap) => self.gap(gap),
        }
    }

    /// The path, relative to the root, that `target` means in a file at `path`. `%h` is the short host name.
    fn target(&self, path: &str, target: &str) -> String {
        let hostname = self.policy.hostname.as_deref().unwrap_or_default();
        let target = target.replace("%h", hostname.split('.').next().unwrap_or_default());
        let target = target.trim_end_matches('/');
        match target.strip_prefix('/') {
            Some(inside) => inside.trim_start_matches('/').to_owned(),
            None => match path.rsplit_once('/') {
                Some((folder, _)) => format!("{folder}/{target}"),
                None => target.to_owned(),
            },
        }
    }

    fn gap(&mut self, gap: Gap) {
        if !self.policy.gaps.contains(&gap) {
            self.policy.gaps.push(gap);
        }
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

    fn places(policy: &Policy) -> Vec<&str> {
        policy.rules.iter().map(|rule| rule.place.as_str()).collect()
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
}
