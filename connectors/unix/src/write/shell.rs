//! Login shells.

use std::path::Path;

use crate::reading::Gap;
use crate::root::Root;

/// The shells with which people may log in, shells(5).
const SHELLS: &str = "etc/shells";

/// The shell of an account that has none, passwd(5).
const DEFAULT_SHELL: &str = "/bin/sh";

/// The names of programs that let nobody work.
const NO_SHELLS: [&str; 8] = ["false", "git-shell", "halt", "nologin", "passwd", "shutdown", "sync", "true"];

/// Whether somebody certainly can work with this shell: it is a program, not known to let nobody work, and listed in
/// `etc/shells` if that file exists.
pub(super) fn is_usable(root: &Root, shell: &str) -> bool {
    let shell = if shell.is_empty() { DEFAULT_SHELL } else { shell };
    let Ok(program) = root.canonical(shell) else { return false };
    let lets_nobody_work = |path: &str| {
        NO_SHELLS.iter().any(|name| Path::new(path).file_name().is_some_and(|file| file == *name))
    };
    shell.starts_with('/')
        && !lets_nobody_work(shell)
        && !lets_nobody_work(&program)
        && root.has_program(shell)
        && is_listed(root, shell)
}

fn is_listed(root: &Root, shell: &str) -> bool {
    match root.read(SHELLS) {
        Ok(text) => {
            let text = String::from_utf8_lossy(&text);
            text.lines().any(|line| line.split('#').next().unwrap_or_default().trim() == shell)
        }
        Err(Gap::Missing { .. }) => true,
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    /// A machine with these programs.
    fn image(programs: &[&str]) -> (tempfile::TempDir, Root) {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["bin", "dev", "etc", "usr/bin", "usr/sbin"] {
            fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        for program in programs {
            let path = dir.path().join(program);
            fs::write(&path, "").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let root = Root::new(dir.path());
        (dir, root)
    }

    #[test]
    fn a_shell_must_be_a_program_in_the_root() {
        let (dir, root) = image(&["bin/sh", "usr/sbin/nologin", "usr/bin/passwd"]);
        fs::write(dir.path().join("bin/text"), "").unwrap();
        symlink("/dev/null", dir.path().join("bin/null")).unwrap();
        symlink("/usr/sbin/nologin", dir.path().join("bin/rsh")).unwrap();
        symlink("/bin/sh", dir.path().join("bin/zsh")).unwrap();
        for usable in ["", "/bin/sh", "/bin/zsh"] {
            assert!(is_usable(&root, usable), "{usable}");
        }
        for unusable in [
            "bin/sh",
            "/bin",
            "/bin/ksh",
            "/bin/text",
            "/bin/null",
            "/bin/rsh",
            "/usr/sbin/nologin",
            "/usr/bin/passwd",
        ] {
            assert!(!is_usable(&root, unusable), "{unusable}");
        }
    }

    #[test]
    fn a_shell_must_be_listed_if_there_is_a_list() {
        let (dir, root) = image(&["bin/sh", "bin/menu"]);
        assert!(is_usable(&root, "/bin/menu"));
        fs::write(dir.path().join("etc/shells"), "# /bin/menu\n /bin/sh # the default\n").unwrap();
        assert!(is_usable(&root, "/bin/sh") && is_usable(&root, ""));
        assert!(!is_usable(&root, "/bin/menu"));
        fs::remove_file(dir.path().join("etc/shells")).unwrap();
        fs::create_dir(dir.path().join("etc/shells")).unwrap();
        assert!(!is_usable(&root, "/bin/sh"), "the list can't be read");
    }
}
