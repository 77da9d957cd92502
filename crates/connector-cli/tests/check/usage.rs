//! Mistakes in the command line and the fixture, and what cannot be reached.

use std::fs;
use std::net::TcpListener;

use crate::support::{check, ended};

#[test]
fn mistakes_end_with_2_and_name_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = folder.path().join("f.json");
    for (text, told) in [
        (r#"{ "auth": "s3cret" }"#, "f.json: auth: expected an object, found a string"),
        (r#"{ "assignment": {} }"#, "f.json: assignment.account_id: missing"),
        (r#"{ "passwort": 1 }"#, "f.json: passwort: unknown key"),
        ("{", "f.json: EOF while parsing an object at line 1"),
    ] {
        fs::write(&fixture, text).unwrap();
        let (status, stdout, stderr) = ended(check().arg("--fixture").arg(&fixture).arg("/bin/true"));
        assert_eq!((status, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(told) && !stderr.contains("s3cret"), "{stderr}");
    }
    for (args, told) in [
        (&[][..], "PROGRAM|URL"),
        (&["x", "--only", "pages-end,nonsense"], "there is no such check, only info-complete, "),
        (&["x", "--timeout", "0"], "expected a time"),
        (&["--", "http://127.0.0.1:1", "list-accounts"], "nothing can come after"),
        (&["http://127.0.0.1:1", "--token-env", "NO_SUCH_VARIABLE"], "NO_SUCH_VARIABLE holds no token"),
        (&["x", "--token-env", "PATH"], "--token-env needs an address"),
    ] {
        let (status, _, stderr) = ended(check().args(args));
        assert_eq!(status, 2, "{args:?} {stderr}");
        assert!(stderr.contains(told), "{args:?} {stderr}");
    }
}

#[test]
fn what_cannot_be_reached_or_read_ends_with_3() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = format!("http://127.0.0.1:{port}");
    for (args, told) in [
        (&["/nowhere/connector"][..], "/nowhere/connector cannot be started"),
        (&[nobody.as_str()], "cannot be reached"),
        (&["--fixture", "/nowhere/f.json", "x"], "cannot read /nowhere/f.json"),
    ] {
        let (status, stdout, stderr) = ended(check().args(args));
        assert_eq!((status, stdout.as_str()), (3, ""), "{stderr}");
        assert!(stderr.contains(told), "{stderr}");
    }
}

#[test]
fn a_check_is_explained() {
    let (status, stdout, _) = ended(check().args(["--explain", "pages-end"]));
    assert_eq!(status, 0);
    assert!(stdout.starts_with("## pages-end\n\n**Demands** that a listing can be walked"), "{stdout}");
    assert!(stdout.contains("**Mend**") && !stdout.contains("## pages-agree"), "{stdout}");
}
