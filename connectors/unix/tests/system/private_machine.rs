//! The running machine with another `/etc` and another name, for one test.
//!
//! The test runs itself again in mount and hostname namespaces, where a copy of `/etc` is mounted over the real one. Its
//! changes are gone at the end.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use unix_connector::machine::Machine;
use unix_connector::root::Root;
use unix_connector::write::Writer;

/// Set inside the namespaces.
const INSIDE: &str = "UNIX_CONNECTOR_TEST_INSIDE";

/// The kernel's hostname inside. `/etc/hostname` has another one.
pub(crate) const HOSTNAME: &str = "web1";

const PREPARE: &str = "\
mount --make-rprivate / && mount --bind \"$1\" /etc && hostname \"$2\" && exec \"$3\" --exact \"$4\" --ignored --nocapture";

/// Runs `test` on a private machine. `name` is the test that calls this.
pub(crate) fn on_private_machine(name: &str, test: impl FnOnce()) {
    if env::var_os(INSIDE).is_some() {
        return test();
    }
    let dir = tempfile::tempdir().unwrap();
    let etc = dir.path().join("etc");
    assert!(Command::new("cp").args(["-a", "/etc"]).arg(&etc).status().unwrap().success());
    let output = Command::new("unshare")
        .args(["--mount", "--uts", "sh", "-c", PREPARE, "sh"])
        .arg(&etc)
        .arg(HOSTNAME)
        .arg(env::current_exe().unwrap())
        .arg(name)
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}\n{stderr}");
}

/// Writes or replaces a file of the private machine.
pub(crate) fn set(path: &str, text: &str) {
    assert!(env::var_os(INSIDE).is_some(), "only inside the namespaces");
    let path = Path::new("/").join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

pub(crate) fn machine() -> Machine {
    Machine::new(Root::default())
}

pub(crate) fn writer() -> Writer {
    Writer::new(Root::default())
}

/// What a command prints, and whether it succeeds.
pub(crate) fn run(program: &str, args: &[&str]) -> (bool, String) {
    let output = Command::new(program).args(args).env("LC_ALL", "C").output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
