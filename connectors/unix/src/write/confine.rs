//! Keeping the tools inside another root.
//!
//! With `--prefix` the tools put the root in front of each path and open the result. They do not guard against
//! symbolic links or `..` in it, so an image could make them read and change files of the running machine.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::arguments::Arguments;
use super::{WriteError, Writer};
use crate::files::{group, gshadow, login_defs, passwd, shadow};
use crate::reading::Gap;

const ETC: &str = "etc";
const USERADD_DEFAULTS: &str = "etc/default/useradd";
const SUBUID: &str = "etc/subuid";
const SUBGID: &str = "etc/subgid";

/// The files that the tools rewrite. Next to each of them they keep others, such as `passwd-` and `passwd.lock`.
const REWRITTEN: [&str; 6] = [passwd::PATH, shadow::PATH, group::PATH, gshadow::PATH, SUBUID, SUBGID];

/// Where home directories are, unless `useradd`'s defaults say otherwise.
const HOMES: &str = "/home";

/// Where mailboxes are, unless `login.defs` says otherwise.
const MAILBOXES: &str = "/var/mail";

/// The tools read lines in pieces of 1024 bytes, and may treat a later piece as a separate line.
const MAX_LINE: usize = 1000;

impl Writer {
    /// `--prefix`, for the tools that have it.
    pub(super) fn prefix(&self) -> Result<Arguments, WriteError> {
        self.root_option("--prefix")
    }

    /// `--root`, for `gpasswd` and `chage`.
    pub(super) fn chroot(&self) -> Result<Arguments, WriteError> {
        self.root_option("--root")
    }

    fn root_option(&self, option: &'static str) -> Result<Arguments, WriteError> {
        match self.other_root()? {
            None => Ok(Arguments::new()),
            Some(root) => {
                check_etc(&root)?;
                Ok(Arguments::new().option(option, root))
            }
        }
    }

    /// The root without symbolic links in its path. `None` for the running machine.
    pub(super) fn other_root(&self) -> Result<Option<PathBuf>, WriteError> {
        let path = self.root.path();
        let root = fs::canonicalize(path)
            .map_err(|error| WriteError::from_gap(&Gap::from_io(&path.display().to_string(), &error)))?;
        Ok((root != Path::new("/")).then_some(root))
    }

    /// Where `useradd` puts the home directory of `name`, as an absolute path in the root.
    ///
    /// # Errors
    /// [`WriteError::Unsupported`] if the configuration isn't reliable.
    pub(super) fn home_of(&self, name: &str) -> Result<String, WriteError> {
        let homes = self.configured(USERADD_DEFAULTS, "HOME", "=")?.pop();
        let homes = homes.unwrap_or_else(|| HOMES.to_owned());
        Ok(format!("{}/{name}", homes.trim_end_matches('/')))
    }

    /// Checks that `useradd` won't use a file outside `root`: neither for a mailbox nor, if `home` is set, for a home
    /// directory and its contents.
    pub(super) fn check_new_files(
        &self,
        root: &Path,
        name: &str,
        home: Option<&str>,
    ) -> Result<(), WriteError> {
        let mut mailboxes = self.configured(login_defs::PATH, "MAIL_DIR", " \t")?;
        mailboxes.push(MAILBOXES.to_owned());
        for mailbox in mailboxes {
            check_inside(root, &format!("{mailbox}/{name}"))?;
        }
        if let Some(home) = home {
            check_inside(root, home)?;
            for skeleton in self.configured(USERADD_DEFAULTS, "SKEL", "=")? {
                check_inside(root, &skeleton)?;
            }
        }
        Ok(())
    }

    /// The values of `key` in a configuration file.
    fn configured(&self, path: &str, key: &str, separators: &str) -> Result<Vec<String>, WriteError> {
        let bytes = match self.root.read(path) {
            Ok(bytes) => bytes,
            Err(Gap::Missing { .. }) => Vec::new(),
            Err(gap) => return Err(WriteError::from_gap(&gap)),
        };
        if bytes.contains(&0) || bytes.split(|&byte| byte == b'\n').any(|line| line.len() > MAX_LINE) {
            let reason = format!("{path} has a NUL byte or a line over {MAX_LINE} bytes");
            return Err(WriteError::Unsupported { reason });
        }
        let text = String::from_utf8_lossy(&bytes);
        let values = text.lines().filter_map(|line| {
            let value = line.trim_start().strip_prefix(key)?.strip_prefix(|c| separators.contains(c))?;
            Some(value.trim_matches([' ', '\t', '"']).to_owned())
        });
        Ok(values.collect())
    }
}

/// Checks that neither `etc` nor a file in it that the tools use is a link out of the root.
fn check_etc(root: &Path) -> Result<(), WriteError> {
    for path in [ETC, login_defs::PATH, USERADD_DEFAULTS] {
        check_inside(root, path)?;
    }
    let unreadable = |error: &io::Error| WriteError::from_gap(&Gap::from_io(ETC, error));
    for entry in fs::read_dir(root.join(ETC)).map_err(|error| unreadable(&error))? {
        let path = Path::new(ETC).join(entry.map_err(|error| unreadable(&error))?.file_name());
        let path = path.to_string_lossy();
        if REWRITTEN.iter().any(|file| path.starts_with(file)) {
            check_inside(root, &path)?;
        }
    }
    Ok(())
}

/// Checks that `path` below `root`, resolved as the kernel resolves it, doesn't leave `root`. Parts that don't exist yet
/// can't lead anywhere.
fn check_inside(root: &Path, path: &str) -> Result<(), WriteError> {
    let outside = || WriteError::Unsupported { reason: format!("{path} leads out of the root") };
    let mut real = root.to_owned();
    for component in Path::new(path).components() {
        match component {
            Component::ParentDir => return Err(outside()),
            Component::Normal(name) => real.push(name),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => continue,
        }
        if fs::symlink_metadata(&real).is_ok_and(|found| found.is_symlink()) {
            real = fs::canonicalize(&real).map_err(|_| outside())?;
            if !real.starts_with(root) {
                return Err(outside());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::root::Root;
    use std::os::unix::fs::symlink;

    fn image() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(dir.path()).unwrap().join("image");
        for folder in ["etc/default", "var/home"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        fs::create_dir(dir.path().join("outside")).unwrap();
        (dir, root)
    }

    fn reason<T: std::fmt::Debug>(result: Result<T, WriteError>) -> String {
        match result.unwrap_err() {
            WriteError::Unsupported { reason } => reason,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn links_must_stay_inside_the_root() {
        let (dir, root) = image();
        symlink("var/home", root.join("home")).unwrap();
        symlink(dir.path().join("outside"), root.join("srv")).unwrap();
        symlink("../outside", root.join("opt")).unwrap();
        symlink("nowhere", root.join("mnt")).unwrap();
        for inside in ["/home/dora", "var/home", "/not/there", "/"] {
            assert!(check_inside(&root, inside).is_ok(), "{inside}");
        }
        for outside in ["/srv/dora", "/opt/dora", "/mnt/dora", "/../outside", "/home/../../outside"] {
            assert_eq!(reason(check_inside(&root, outside)), format!("{outside} leads out of the root"));
        }
    }

    #[test]
    fn files_next_to_an_account_file_must_stay_inside_the_root() {
        for name in ["passwd", "passwd-", "shadow+", "group.lock", "subuid-"] {
            let (dir, root) = image();
            symlink(dir.path().join("outside"), root.join("etc").join(name)).unwrap();
            assert_eq!(reason(check_etc(&root)), format!("etc/{name} leads out of the root"));
        }
        let (dir, root) = image();
        symlink(dir.path().join("outside"), root.join("etc/motd")).unwrap();
        assert!(check_etc(&root).is_ok());
    }

    #[test]
    fn ambiguous_configuration_is_rejected() {
        let (_dir, root) = image();
        let writer = Writer::new(Root::new(&root));
        let home = |text: &[u8]| {
            fs::write(root.join(USERADD_DEFAULTS), text).unwrap();
            writer.home_of("dora")
        };
        assert_eq!(home(b"").unwrap(), "/home/dora");
        assert_eq!(home(b"# HOME=/x\nHOME=/srv/people/\n").unwrap(), "/srv/people/dora");
        assert!(reason(home(b"HOME=/home\0/../..\n")).contains("NUL"));
        let hidden = [&[b'#'; 1023][..], b"HOME=/../outside\n"].concat();
        assert!(reason(home(&hidden)).contains("1000 bytes"));
    }
}
