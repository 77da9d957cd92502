//! Invalid input gets an error response.

use std::fs;
use std::io::{BufWriter, Write as _};

use serde_json::Value;

use crate::support::{REQUEST, answer, run, run_with, status};

fn rejection_message(input: &[u8]) -> String {
    let output = run_with(&["list-accounts", "--json-file", "-"], input);
    assert_eq!(status(&output), 0);
    let answer = answer(&output);
    assert_eq!(answer["error"]["error_code"], "mock-connector.bad_request", "{answer}");
    assert_eq!(answer["response"], Value::Null);
    answer["error"]["message"].as_str().expect("a message").to_owned()
}

#[test]
fn malformed_documents_get_an_error_response() {
    assert_eq!(rejection_message(b""), "malformed JSON at line 1 column 0: EOF while parsing a value");
    assert_eq!(rejection_message(b"null"), "expected an object, found null");
    assert_eq!(rejection_message(b"[]"), "expected an object, found an array");
    assert_eq!(
        rejection_message(&b"[".repeat(1 << 20)),
        "malformed JSON at line 1 column 1048576: EOF while parsing a list"
    );
    assert_eq!(rejection_message(b"{\"auth\": \"\xff\xfe\"}"), "malformed JSON: invalid UTF-8 after byte 10");
    assert_eq!(
        rejection_message(&[b"\xef\xbb\xbf", REQUEST.as_bytes()].concat()),
        "malformed JSON: the document starts with a byte order mark; send it without one"
    );
    assert_eq!(
        rejection_message(REQUEST.replace(":2}", ":2.5}").as_bytes()),
        "page.size: expected an integer, found a number"
    );
}

#[test]
fn a_string_of_100_megabytes_gets_an_error_response() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.json");
    let mut file = BufWriter::new(fs::File::create(&path).unwrap());
    let (before, after) = REQUEST.split_once("\"request\":{}").unwrap();
    write!(file, "{before}\"request\":{{\"custom_attributes\":\"").unwrap();
    for _ in 0..100 {
        file.write_all(&[b'x'; 1 << 20]).unwrap();
    }
    write!(file, "\"}}{after}").unwrap();
    drop(file);
    let output = run(&["list-accounts", "--json-file", path.to_str().unwrap()]);
    assert_eq!(
        answer(&output)["error"]["message"],
        "request.custom_attributes: expected an array, found a string"
    );
}

#[test]
#[cfg(unix)]
fn invalid_utf_8_argument_gets_an_error_response() {
    use std::os::unix::ffi::OsStrExt as _;
    let output = crate::support::program()
        .arg("list-accounts")
        .arg("--json")
        .arg(std::ffi::OsStr::from_bytes(b"\xff"))
        .output()
        .unwrap();
    assert_eq!(answer(&output)["error"]["message"], "malformed JSON: invalid UTF-8 after byte 0");
    let other = std::ffi::OsStr::from_bytes(b"/no/such/\xff");
    for (args, status) in [
        (&[other][..], 2),
        (&["list-accounts".as_ref(), "--bogus".as_ref(), other], 2),
        (&["list-accounts".as_ref(), "--json-file".as_ref(), other], 3),
    ] {
        let output = crate::support::program().args(args).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(status), 0), "{args:?} {output:?}");
    }
}
