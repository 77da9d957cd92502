//! Changes by two processes at the same time.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use connector::Cancellation;
use unix_connector::day::Day;
use unix_connector::root::Root;
use unix_connector::write::{Change, WriteError, Writer};

use crate::image::Image;

const NAME: &str = "locking::two_processes_do_not_remove_the_last_two_administrators";

/// Where the other process finds the machine.
const ROOT: &str = "UNIX_CONNECTOR_TEST_LOCKED_ROOT";

/// The file for the result of the other process.
const RESULT: &str = "result";

const TODAY: Day = Day(20_000);

/// The deadline of the other process's call.
const DEADLINE: Duration = Duration::from_secs(2);

/// Longer than anything here takes. Only a test that fails waits for it.
const AGES: Duration = Duration::from_secs(60);

/// Records that it runs, waits for permission to continue, and deactivates the account as `usermod` does.
const USERMOD: &str = r#"#!/bin/sh
echo "$*" >> "$0.runs"
while [ ! -e "$0.go" ]; do sleep 0.01; done
for account; do :; done
sed -i "s/^$account:\(.*\)::$/$account:!\1:1:/" "${0%/*}/etc/shadow""#;

fn image() -> Image {
    let image = Image::new();
    image.set("etc/sudoers", "alice, dan ALL=(ALL:ALL) ALL\n");
    image.rewrite("etc/passwd", |lines| lines.push("dan:x:1003:1003::/home/dan:/bin/sh"));
    image.rewrite("etc/shadow", |lines| lines.push("dan:$6$salt$hash:19000:0:99999:7:::"));
    // Written by another process: while one here has the file open, a fork of another test keeps it busy.
    let write = "printf '%s\n' \"$1\" > \"$0\"; chmod +x \"$0\"";
    let status = Command::new("sh").args(["-c", write]).arg(image.path("usermod")).arg(USERMOD).status();
    assert!(status.unwrap().success());
    image
}

fn deactivate(root: &Path, account: &str, cancellation: Cancellation) -> Result<Change, WriteError> {
    let folders = [root.to_owned()].into_iter().chain(["/usr/bin", "/bin"].map(PathBuf::from)).collect();
    let writer = Writer::new(Root::new(root)).search_path(folders).cancelled_by(cancellation);
    writer.deactivate(account, TODAY)
}

/// Deactivates `dan` in another process. Returns its result.
fn deactivate_in_other_process(root: &Path) -> String {
    let mut other = Command::new(env::current_exe().unwrap());
    let output = other.args(["--exact", NAME]).env(ROOT, root).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    fs::read_to_string(root.join(RESULT)).unwrap()
}

/// The other process. Its call has a deadline.
fn other_process(root: &Path) {
    let cancellation = Cancellation::new();
    let deadline = cancellation.clone();
    thread::spawn(move || {
        thread::sleep(DEADLINE);
        deadline.cancel();
    });
    let result = deactivate(root, "dan", cancellation);
    fs::write(root.join(RESULT), format!("{result:?}")).unwrap();
}

fn runs(image: &Image) -> usize {
    fs::read_to_string(image.path("usermod.runs")).unwrap_or_default().lines().count()
}

#[test]
fn two_processes_do_not_remove_the_last_two_administrators() {
    if let Some(root) = env::var_os(ROOT) {
        return other_process(Path::new(&root));
    }
    let image = image();
    let root = image.path("");
    thread::scope(|scope| {
        let first = scope.spawn(|| deactivate(&root, "alice", Cancellation::new()));
        let second = scope.spawn(|| {
            let start = Instant::now();
            while runs(&image) == 0 && start.elapsed() < AGES {
                thread::sleep(Duration::from_millis(5));
            }
            deactivate_in_other_process(&root)
        });
        // The second process ends at its deadline, or because it got as far as changing the files.
        let start = Instant::now();
        while !second.is_finished() && runs(&image) < 2 && start.elapsed() < AGES {
            thread::sleep(Duration::from_millis(5));
        }
        let runs = runs(&image);
        image.set("usermod.go", "");
        let second = second.join().unwrap();
        assert!(second.starts_with("Err(Cancelled)"), "{second}");
        assert_eq!(runs, 1);
        assert_eq!(first.join().unwrap().unwrap(), Change::Changed);
    });
    let later = deactivate_in_other_process(&root);
    assert!(later.starts_with("Err(Protected"), "{later}");
}
