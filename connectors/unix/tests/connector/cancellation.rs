//! Changes whose call is cancelled, with a `usermod` that waits until the test lets it continue.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use connector::Cancellation;
use serde_json::json;
use unix_connector::day::Day;
use unix_connector::write::{Change, WriteError, Writer};

use crate::image::Image;

const TODAY: Day = Day(20_000);

/// Longer than anything here takes. Only a test that fails waits for it.
const AGES: Duration = Duration::from_secs(60);

/// Records that it runs, waits for permission to continue, and does what `usermod` does to `alice`.
const USERMOD: &str = r#"
echo "$*" >> "$0.runs"
while [ ! -e "$0.go" ]; do sleep 0.01; done
shadow="${0%/*}/etc/shadow"
case "$*" in
*--unlock*) sed -i 's/^alice:!/alice:/' "$shadow" ;;
*--expiredate=*) sed -i 's/^\(alice:.*\):1:$/\1::/' "$shadow" ;;
esac"#;

/// A `usermod` that finds the account files locked.
const LOCKED: &str = r#"
echo "$*" >> "$0.runs"
echo 'usermod: cannot lock /etc/passwd; try again later.' >&2
exit 1"#;

fn image(usermod: &str) -> Image {
    let image = Image::new();
    image.set("etc/shadow", "alice:!$6$salt$hash:19000:0:99999:7::1:\n");
    // Written by another process: while one here has the file open, a fork of another test keeps it busy.
    let write = "printf '#!/bin/sh%s\n' \"$1\" > \"$0\"; chmod +x \"$0\"";
    let status = Command::new("sh").args(["-c", write]).arg(image.path("usermod")).arg(usermod).status();
    assert!(status.unwrap().success());
    image
}

fn writer(image: &Image, cancellation: &Cancellation) -> Writer {
    let folders = ["/usr/bin", "/bin"].map(PathBuf::from);
    let folders = [image.path("")].into_iter().chain(folders).collect();
    Writer::new(image.root()).search_path(folders).cancelled_by(cancellation.clone())
}

/// How often `usermod` was started.
fn runs(image: &Image) -> usize {
    fs::read_to_string(image.path("usermod.runs")).unwrap_or_default().lines().count()
}

fn wait_for_a_run(image: &Image) {
    let start = Instant::now();
    while runs(image) == 0 {
        assert!(start.elapsed() < AGES, "usermod was not started");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_waiting_change_can_be_cancelled() {
    let image = image(USERMOD);
    let cancellation = Cancellation::new();
    let (sender, response) = mpsc::channel();
    let response = thread::scope(|scope| {
        let running = scope.spawn(|| writer(&image, &Cancellation::new()).activate("alice", TODAY).unwrap());
        wait_for_a_run(&image);
        scope.spawn(|| sender.send(writer(&image, &cancellation).activate("alice", TODAY)));
        cancellation.cancel();
        // Its thread is free although the other change is still in progress.
        let response = response.recv_timeout(AGES);
        assert_eq!(runs(&image), 1);
        image.set("usermod.go", "");
        assert_eq!(running.join().unwrap(), Change::Changed);
        response.unwrap()
    });
    assert!(matches!(response, Err(WriteError::Cancelled)), "{response:?}");
}

#[test]
fn a_change_that_has_begun_is_finished() {
    let image = image(USERMOD);
    let cancellation = Cancellation::new();
    let change = thread::scope(|scope| {
        let change = scope.spawn(|| writer(&image, &cancellation).activate("alice", TODAY));
        wait_for_a_run(&image);
        cancellation.cancel();
        image.set("usermod.go", "");
        change.join().unwrap()
    });
    assert_eq!(change.unwrap(), Change::Changed);
    assert_eq!(runs(&image), 2, "unlocked, then the date removed");
    let shadow = fs::read_to_string(image.path("etc/shadow")).unwrap();
    assert_eq!(shadow, "alice:$6$salt$hash:19000:0:99999:7:::\n");
}

#[test]
fn a_cancelled_change_does_not_wait_for_locked_files() {
    let image = image(LOCKED);
    let cancellation = Cancellation::new();
    let change = thread::scope(|scope| {
        let writer = writer(&image, &cancellation).lock_patience(AGES);
        let change = scope.spawn(move || writer.activate("alice", TODAY));
        wait_for_a_run(&image);
        cancellation.cancel();
        change.join().unwrap()
    });
    assert!(matches!(change, Err(WriteError::Cancelled)), "{change:?}");
}

/// Activates an account in a separate process.
fn activate(image: &Image, options: &[&str]) -> Command {
    let root = image.path("");
    // The test runner may ignore some signals, and child processes would inherit that.
    let mut program = Command::new("env");
    program
        .args(["--default-signal", env!("CARGO_BIN_EXE_unix-connector"), "activate_account"])
        .args(options)
        .arg("--json")
        .arg(json!({ "request": { "account_id": "alice" }, "settings": { "root": root } }).to_string())
        .env("PATH", format!("{}:/usr/bin:/bin", root.display()))
        .env("UNIX_CONNECTOR_WRITABLE_ROOTS", &root)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    program
}

#[test]
fn the_program_finishes_a_change_before_it_exits() {
    let image = image(USERMOD);
    let mut program = activate(&image, &["--deadline", "5"]).spawn().unwrap();
    wait_for_a_run(&image);
    let mut response = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut response).unwrap();
    assert!(response.contains("error_code"), "the deadline has passed: {response}");
    image.set("usermod.go", "");
    program.wait().unwrap();
    assert_eq!(runs(&image), 2, "unlocked, then the date removed");
    let shadow = fs::read_to_string(image.path("etc/shadow")).unwrap();
    assert_eq!(shadow, "alice:$6$salt$hash:19000:0:99999:7:::\n");
}

#[test]
fn a_signal_does_not_interrupt_a_change() {
    for signal in ["-INT", "-TERM"] {
        let image = image(USERMOD);
        let mut program = activate(&image, &[]).stderr(Stdio::piped()).spawn().unwrap();
        wait_for_a_run(&image);
        let killed = Command::new("kill").args([signal, &program.id().to_string()]).status();
        assert!(killed.unwrap().success());
        let mut note = String::new();
        BufReader::new(program.stderr.as_mut().unwrap()).read_line(&mut note).unwrap();
        assert!(note.starts_with("waiting for the call to end"), "{note}");
        image.set("usermod.go", "");
        let output = program.wait_with_output().unwrap();
        assert!(output.status.success(), "{signal}: {:?}", output.status);
        let response = String::from_utf8(output.stdout).unwrap();
        assert!(response.contains(r#""activated":true"#), "{signal}: {response}");
        assert_eq!(runs(&image), 2, "{signal}: unlocked, then the date removed");
        let shadow = fs::read_to_string(image.path("etc/shadow")).unwrap();
        assert_eq!(shadow, "alice:$6$salt$hash:19000:0:99999:7:::\n", "{signal}");
    }
}
