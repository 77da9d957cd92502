//! Changes by several processes at the same time.

use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, thread};

use unix_connector::root::Root;
use unix_connector::write::Writer;

use crate::private_root::{PrivateRoot, ROOT, TODAY};

const NAME: &str = "locking::two_processes_leave_one_administrator";

/// The account that the other process deactivates.
const ACCOUNT: &str = "UNIX_CONNECTOR_TEST_ACCOUNT";

fn deactivate_in_other_process(root: &Path, account: &str) -> String {
    let mut other = Command::new(env::current_exe().unwrap());
    other.args(["--exact", NAME, "--ignored", "--nocapture"]).env(ROOT, root).env(ACCOUNT, account);
    let output = other.stdin(Stdio::null()).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn two_processes_leave_one_administrator() {
    if let (Some(root), Ok(account)) = (env::var_os(ROOT), env::var(ACCOUNT)) {
        println!("other process: {:?}", Writer::new(Root::new(root)).deactivate(&account, TODAY));
        return;
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
        let count = |text: &str| results.iter().filter(|result| result.contains(text)).count();
        assert_eq!(count("other process: Ok(Changed)"), 1, "{results:?}");
        assert_eq!(count("other process: Err(Protected"), 1, "{results:?}");
    }
}
