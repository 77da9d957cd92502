//! A small machine in a temporary directory.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use unix_connector::day::Day;
use unix_connector::machine::{Machine, Status};
use unix_connector::root::Root;
use unix_connector::write::Writer;

pub(crate) const TODAY: Day = Day(20_000);

/// Where a test that runs itself again finds its machine.
pub(crate) const ROOT: &str = "UNIX_CONNECTOR_TEST_ROOT";

const NOBODY: u32 = 65_534;

const FILES: [(&str, u32, &str); 5] = [
    (
        "etc/passwd",
        0o644,
        "root:x:0:0:root:/root:/bin/sh\n\
         alice:x:1000:1000:Alice Liddell:/home/alice:/bin/sh\n\
         bob:x:1001:100::/home/bob:/bin/sh\n\
         carol:x:1002:100::/home/carol:/bin/sh\n",
    ),
    (
        "etc/shadow",
        0o640,
        "root:$6$salt$hash:19000:0:99999:7:::\n\
         alice:$6$salt$hash:19000:0:99999:7:::\n\
         bob:!:19000:0:99999:7:::\n\
         carol:*:19000:0:99999:7:::\n",
    ),
    (
        "etc/group",
        0o644,
        "root:x:0:\nsudo:x:27:\nusers:x:100:\nalice:x:1000:\ndev:x:2000:alice,bob\nops:x:2001:\n",
    ),
    ("etc/gshadow", 0o640, "root:*::\nsudo:*::\nusers:*::\nalice:!::\ndev:!:alice:alice,bob\n"),
    ("etc/sudoers", 0o440, "root ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n"),
];

/// A machine, deleted at the end.
pub(crate) struct PrivateRoot {
    dir: tempfile::TempDir,
}

impl PrivateRoot {
    pub(crate) fn new() -> Self {
        let root = Self { dir: tempfile::tempdir().unwrap() };
        fs::set_permissions(root.dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for (path, mode, text) in FILES {
            root.set(path, text);
            fs::set_permissions(root.path(path), fs::Permissions::from_mode(mode)).unwrap();
        }
        fs::create_dir(root.path("home")).unwrap();
        root.set("bin/sh", "");
        fs::set_permissions(root.path("bin/sh"), fs::Permissions::from_mode(0o755)).unwrap();
        root
    }

    pub(crate) fn directory(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub(crate) fn set(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn add(&self, path: &str, line: &str) {
        let text = fs::read_to_string(self.path(path)).unwrap();
        self.set(path, &format!("{text}{line}\n"));
    }

    pub(crate) fn replace(&self, path: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.path(path)).unwrap();
        assert!(text.contains(old), "{path}: {text}");
        self.set(path, &text.replace(old, new));
    }

    pub(crate) fn writer(&self) -> Writer {
        Writer::new(Root::new(self.dir.path()))
    }

    /// A writer that runs `script` instead of `tool`.
    pub(crate) fn writer_with(&self, tool: &str, script: &str) -> Writer {
        self.set(&format!("{tool}.sh"), &format!("#!/bin/sh\n{script}\n"));
        fs::create_dir_all(self.path("fake")).unwrap();
        self.install(&self.path(&format!("{tool}.sh")), &format!("fake/{tool}"));
        let system = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].map(PathBuf::from);
        self.writer().search_path([self.path("fake")].into_iter().chain(system).collect())
    }

    /// Copies a program. Done by another process: while one here has the file open, a fork of another test keeps
    /// it busy.
    fn install(&self, program: &Path, path: &str) {
        let mut install = Command::new("install");
        install.args(["-m", "755", "--"]).arg(program).arg(self.path(path));
        assert!(install.status().unwrap().success());
    }

    /// Runs the test of this name again as `nobody`, with this directory in the environment variable [`ROOT`].
    pub(crate) fn again_as_nobody(&self, test: &str) {
        self.install(&env::current_exe().unwrap(), "program");
        let output = Command::new(self.path("program"))
            .args(["--exact", test, "--ignored", "--nocapture"])
            .env(ROOT, self.directory())
            .uid(NOBODY)
            .gid(NOBODY)
            .current_dir("/")
            .output()
            .unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}");
    }

    pub(crate) fn machine(&self) -> Machine {
        Machine::new(Root::new(self.dir.path()))
    }

    pub(crate) fn status(&self, account: &str) -> Option<Status> {
        let accounts = self.machine().accounts(TODAY).items;
        accounts.into_iter().find(|found| found.user.name == account).and_then(|found| found.status)
    }

    /// The line of `name` in a file, or an empty string.
    pub(crate) fn line(&self, path: &str, name: &str) -> String {
        let text = fs::read_to_string(self.path(path)).unwrap();
        let prefix = format!("{name}:");
        text.lines().find(|line| line.starts_with(&prefix)).unwrap_or_default().to_owned()
    }

    /// All files of the account database, to check that nothing has changed.
    pub(crate) fn snapshot(&self) -> Vec<String> {
        FILES.iter().map(|(path, ..)| fs::read_to_string(self.path(path)).unwrap()).collect()
    }
}
