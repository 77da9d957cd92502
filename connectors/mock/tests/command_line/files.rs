//! Requests from files, and results in files.

use std::fs;
use std::io::Read as _;

use crate::support::{REQUEST, answer, program, run, run_with, status, stderr};

#[test]
fn request_is_read_from_a_file_or_stdin() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("request.json");
    fs::write(&file, REQUEST).unwrap();
    let expected = run(&["list-accounts", "--json", REQUEST]).stdout;
    assert_eq!(run(&["list-accounts", "--json-file", file.to_str().unwrap()]).stdout, expected);
    assert_eq!(run_with(&["list-accounts", "--json-file", "-"], REQUEST.as_bytes()).stdout, expected);
}

#[test]
fn quotes_around_a_path_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let (request, result) = (folder.path().join("a request.json"), folder.path().join("a result.json"));
    fs::write(&request, REQUEST).unwrap();
    let (request, result) = (request.display(), result.display());
    let expected = run(&["list-accounts", "--json", REQUEST]).stdout;
    for (before, after) in [("\"", "\""), ("'", "'"), ("\"\"'", "'\""), ("", "\""), ("", "")] {
        let (request, result) = (format!("{before}{request}{after}"), format!("{before}{result}{after}"));
        let output = run(&["list-accounts", "--json-file", &request, "--result-file-path", &result]);
        assert_eq!((status(&output), output.stdout.len()), (0, 0), "{request}: {}", stderr(&output));
        let written = folder.path().join("a result.json");
        assert_eq!(fs::read(&written).unwrap(), expected, "{result}");
        fs::remove_file(written).unwrap();
    }
    assert_eq!(run_with(&["list-accounts", "--json-file", "\"-\""], REQUEST.as_bytes()).stdout, expected);
    for option in ["--json-file", "--result-file-path"] {
        let output = run(&["info", option, "\"\""]);
        assert_eq!((status(&output), output.stdout.len()), (2, 0));
        assert!(stderr(&output).contains(&format!("for '{option} <FILE>'")), "{}", stderr(&output));
    }
}

#[test]
fn unreadable_request_exits_with_3_and_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    for file in [folder.path().join("missing.json"), folder.path().to_owned()] {
        let output = run(&["list-accounts", "--json-file", file.to_str().unwrap()]);
        assert_eq!((status(&output), output.stdout.len()), (3, 0));
        assert!(stderr(&output).contains(file.to_str().unwrap()), "{}", stderr(&output));
    }
}

#[test]
fn result_file_replaces_stdout() {
    let folder = tempfile::tempdir().unwrap();
    let expected = run(&["list-accounts", "--json", REQUEST]).stdout;
    let plain = folder.path().join("result.json");
    fs::write(&plain, "old content").unwrap();
    let output = run(&["list-accounts", "--json", REQUEST, "--result-file-path", plain.to_str().unwrap()]);
    assert_eq!((status(&output), output.stdout.len()), (0, 0));
    assert_eq!(fs::read(&plain).unwrap(), expected);

    let zipped = folder.path().join("result.json.gz");
    run(&["list-accounts", "--json", REQUEST, "--result-file-path", zipped.to_str().unwrap()]);
    let mut unzipped = Vec::new();
    flate2::read::GzDecoder::new(fs::File::open(&zipped).unwrap()).read_to_end(&mut unzipped).unwrap();
    assert_eq!(unzipped, expected);

    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "no temporary files are left: {left:?}");
}

#[test]
fn unwritable_result_exits_with_3() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("no/such/folder/result.json");
    for path in [missing.to_str().unwrap(), folder.path().to_str().unwrap(), "/dev/full"] {
        let output = run(&["list-accounts", "--json", REQUEST, "--result-file-path", path]);
        assert_eq!((status(&output), output.stdout.len()), (3, 0), "{path}");
        assert!(stderr(&output).contains("cannot write the result"), "{}", stderr(&output));
    }
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = program().args(["list-accounts", "--json", REQUEST]).stdout(full).output().unwrap();
    assert_eq!(status(&output), 3);
}

#[test]
fn device_is_written_to_and_not_replaced() {
    let output = run(&["list-accounts", "--json", REQUEST, "--result-file-path", "/dev/null"]);
    assert_eq!(status(&output), 0);
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
#[cfg(unix)]
fn link_is_followed_even_to_a_missing_file() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("latest.json");
    std::os::unix::fs::symlink("today.json", &link).unwrap();
    run(&["list-accounts", "--json", REQUEST, "--result-file-path", link.to_str().unwrap()]);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::metadata(folder.path().join("today.json")).unwrap().is_file());
}

#[test]
fn closed_pipe_does_not_panic() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output =
        program().args(["list-accounts", "--json", REQUEST]).stdout(writer).output().expect("it runs");
    assert_eq!((status(&output), stderr(&output)), (3, String::new()));
}

#[test]
fn unwritable_result_is_detected_before_the_call() {
    let folder = tempfile::tempdir().unwrap();
    let panicking = REQUEST.replace("\"request\"", "\"settings\":{\"panic\":true},\"request\"");
    let path = folder.path().join("none/result.json");
    let output = run(&["list-accounts", "--json", &panicking, "--result-file-path", path.to_str().unwrap()]);
    assert_eq!(status(&output), 3);
    assert!(!stderr(&output).contains("panicked"), "the handler must not have run: {}", stderr(&output));
}

#[test]
fn unwritable_log_does_not_affect_the_result() {
    let panicking = REQUEST.replace("\"request\"", "\"settings\":{\"panic\":true},\"request\"");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = program().args(["list-accounts", "--json", &panicking]).stderr(full).output().unwrap();
    assert_eq!(answer(&output)["error"]["error_code"], "mock-connector.internal_error");
}

#[test]
#[cfg(unix)]
fn result_keeps_the_permissions_of_the_file_it_replaces() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("result.json");
    fs::write(&path, "old").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    run(&["list-accounts", "--json", REQUEST, "--result-file-path", path.to_str().unwrap()]);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}
