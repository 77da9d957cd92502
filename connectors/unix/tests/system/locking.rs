//! Changes by several processes at the same time.

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;
use std::{env, fs, thread};

use unix_connector::root::Root;
use unix_connector::write::{Change, Writer};

use crate::private_root::{PrivateRoot, ROOT, TODAY};

const NAME: &str = "locking::two_processes_leave_one_administrator";

/// The account that the other process deactivates. It writes its result to a file of this name.
const ACCOUNT: &str = "UNIX_CONNECTOR_TEST_ACCOUNT";

fn deactivate_in_other_process(root: &Path, account: &str) -> String {
    let mut other = Command::new(env::current_exe().unwrap());
    other.args(["--exact", NAME, "--ignored"]).env(ROOT, root).env(ACCOUNT, account);
    let output = other.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    fs::read_to_string(root.join(account)).unwrap()
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn two_processes_leave_one_administrator() {
    if let (Some(root), Ok(account)) = (env::var_os(ROOT), env::var(ACCOUNT)) {
        let result = Writer::new(Root::new(&root)).deactivate(&account, TODAY);
        return fs::write(Path::new(&root).join(account), format!("{result:?}")).unwrap();
    }
    for _ in 0..5 {
        let root = PrivateRoot::new();
        root.replace("etc/shadow", "root:$6$salt$hash:", "root:*:");
        root.replace("etc/shadow", "bob:!:", "bob:$6$salt$hash:");
        root.set("etc/sudoers", "alice, bob ALL=(ALL:ALL) ALL\n");
        let directory = root.directory();
        let results = thread::scope(|scope| {
            let others = ["alice", "bob"]
                .map(|account| scope.spawn(move || deactivate_in_other_process(directory, account)));
            others.map(|other| other.join().unwrap())
        });
        let count = |text: &str| results.iter().filter(|result| result.starts_with(text)).count();
        assert_eq!(count("Ok(Changed)"), 1, "{results:?}");
        assert_eq!(count("Err(Protected"), 1, "{results:?}");
    }
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn a_lock_on_the_image_does_not_hold_up_changes() {
    let root = PrivateRoot::new();
    let directory = File::open(root.directory()).unwrap();
    directory.lock().unwrap();
    let writer = root.writer();
    let (sender, result) = mpsc::channel();
    thread::spawn(move || sender.send(writer.deactivate("alice", TODAY)));
    let result = result.recv_timeout(Duration::from_secs(30)).expect("the change waits");
    assert_eq!(result.unwrap(), Change::Changed);
}
