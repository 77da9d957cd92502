//! Accounts of the running machine, for tests that can't use a private root.

use std::process::Command;

/// An account of the running machine, deleted at the end.
pub(crate) struct LiveAccount {
    pub(crate) name: &'static str,
}

impl LiveAccount {
    /// An account with this password field.
    pub(crate) fn new(name: &'static str, password: &str) -> Self {
        run("useradd", &["--no-create-home", "--password", password, name]);
        Self { name }
    }

    /// Changes dates and periods with `chage`.
    pub(crate) fn age(&self, args: &[&str]) {
        run("chage", &[args, &[self.name]].concat());
    }

    pub(crate) fn uid(&self) -> u32 {
        run("id", &["-u", self.name]).trim().parse().unwrap()
    }
}

impl Drop for LiveAccount {
    fn drop(&mut self) {
        run("userdel", &[self.name]);
    }
}

fn run(tool: &str, args: &[&str]) -> String {
    let output = Command::new(tool).args(args).output().unwrap();
    assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
