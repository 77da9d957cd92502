//! Files that include others, and limits.

use super::*;
use std::fs;

fn machine(files: &[(&str, &str)]) -> (tempfile::TempDir, Root) {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let root = Root::new(dir.path());
    (dir, root)
}

fn places(policy: &Policy) -> Vec<String> {
    policy.rules.iter().map(Rule::place).collect()
}

#[test]
fn includes_are_read_in_place() {
    let (_dir, root) = machine(&[
        ("etc/sudoers", "@include sudoers.%h\na ALL=ALL\n#includedir /etc/sudoers.d/\nb ALL=ALL\n"),
        ("etc/hostname", "web1.example.com\n"),
        ("etc/sudoers.web1", "c ALL=ALL\n"),
        ("etc/sudoers.d/20-x", "d ALL=ALL\n"),
        ("etc/sudoers.d/10-x", "\n# only rules\ne ALL=ALL\n"),
        ("etc/sudoers.d/10-x~", "f ALL=ALL\n"),
        ("etc/sudoers.d/old.dpkg-old", "g ALL=ALL\n"),
        ("etc/sudoers.d/folder/x", "h ALL=ALL\n"),
    ]);
    let policy = read(&root);
    assert_eq!(
        places(&policy),
        [
            "etc/sudoers.web1:1",
            "etc/sudoers:2",
            "etc/sudoers.d/10-x:3",
            "etc/sudoers.d/20-x:1",
            "etc/sudoers:4"
        ]
    );
    assert_eq!(policy.gaps, []);
}

#[test]
fn circular_includes_end() {
    let (_dir, root) = machine(&[
        ("etc/sudoers", "@include /etc/a\nx ALL=ALL\n"),
        ("etc/a", "@include /etc/b\n@include /etc/b\n"),
        ("etc/b", "@include /etc/a\ny ALL=ALL\n"),
    ]);
    let policy = read(&root);
    assert_eq!(places(&policy), ["etc/b:2", "etc/b:2", "etc/sudoers:2"]);
    assert_eq!(policy.gaps[0].to_string(), "etc/a: includes itself");
}

#[test]
fn the_number_of_includes_is_limited() {
    let names: Vec<String> = (0..40).map(|i| format!("etc/f{i}")).collect();
    let texts: Vec<String> = (1..=40).map(|i| format!("@include /etc/f{i}\n@include /etc/f{i}\n")).collect();
    let mut files: Vec<(&str, &str)> =
        vec![("etc/sudoers", "@include /etc/f0\n"), ("etc/f40", "z ALL=ALL\n")];
    files.extend(names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)));
    let (_dir, root) = machine(&files);
    let policy = read(&root);
    assert!(policy.gaps.iter().any(|gap| gap.to_string().contains("more than 4096 files")));
}

#[test]
fn missing_files_and_malformed_lines_are_gaps() {
    let (_dir, root) =
        machine(&[("etc/sudoers", "a ALL=ALL\nnonsense\n@include gone\n@includedir gone.d\n")]);
    let gaps: Vec<String> = read(&root).gaps.iter().map(ToString::to_string).collect();
    assert_eq!(gaps, ["etc/gone: missing", "etc/sudoers: skipped malformed line 2"]);
    let (_dir, nothing) = machine(&[]);
    assert_eq!(read(&nothing).gaps[0].to_string(), "etc/sudoers: missing");
}

#[test]
fn a_file_is_recognized_under_any_path() {
    let (dir, root) =
        machine(&[("etc/sudoers", "@include ../etc/sudoers\n@include /link/sudoers\na ALL=ALL\n")]);
    std::os::unix::fs::symlink("etc", dir.path().join("link")).unwrap();
    let policy = read(&root);
    assert_eq!(places(&policy), ["etc/sudoers:3"]);
    let gaps: Vec<String> = policy.gaps.iter().map(ToString::to_string).collect();
    assert_eq!(gaps, ["etc/sudoers: includes itself"]);
}

#[test]
fn missing_files_count_toward_the_limit() {
    let includes = |number| (0..number).map(|i| format!("@include gone{i}\n")).collect::<String>();
    let (_dir, root) = machine(&[("etc/sudoers", &includes(2 * MAX_FILES))]);
    let policy = read(&root);
    // The first file is `sudoers` itself.
    assert_eq!(policy.gaps.len(), MAX_FILES);
    let last = policy.gaps.last().unwrap().to_string();
    assert_eq!(last, "etc/sudoers: more than 4096 files and folders are included, the rest was not read");
}

#[test]
fn folders_and_their_names_count_toward_the_limit() {
    let (dir, root) = machine(&[("etc/sudoers", &format!("{}a ALL=ALL\n", "@includedir d\n".repeat(2000)))]);
    let limit = ["etc/sudoers: more than 4096 files and folders are included, the rest was not read"];
    let problems = |root: &Root| read(root).gaps.iter().map(ToString::to_string).collect::<Vec<_>>();
    // A folder can be missing.
    assert_eq!(problems(&root), [""; 0]);
    for number in 0..2 {
        fs::create_dir_all(root.path().join(format!("etc/d/{number}"))).unwrap();
    }
    assert_eq!(problems(&root), limit);
    fs::remove_dir_all(root.path().join("etc/d")).unwrap();
    fs::create_dir(root.path().join("etc/d")).unwrap();
    for name in ["old.rpmsave", "backup~"] {
        fs::write(dir.path().join("etc/d").join(name), "b ALL=ALL\n").unwrap();
    }
    assert_eq!(problems(&root), limit);
    fs::remove_dir_all(root.path().join("etc/d")).unwrap();
    fs::write(root.path().join("etc/sudoers"), "@includedir d\n".repeat(2 * MAX_FILES)).unwrap();
    assert_eq!(problems(&root), limit);
}

#[test]
fn a_folder_is_listed_once() {
    let (_dir, root) =
        machine(&[("etc/sudoers", ""), ("etc/d/a", "a ALL=ALL\n"), ("etc/d/b", "b ALL=ALL\n")]);
    let mut load = Load::new(&root);
    let first = load.names("etc/d");
    assert_eq!(*first, ["a", "b"]);
    assert!(Arc::ptr_eq(&first, &load.names("etc/../etc/d")));
}

#[test]
fn a_folder_can_be_included_twice() {
    let (_dir, root) =
        machine(&[("etc/sudoers", "@includedir d\na ALL=ALL\n@includedir d\n"), ("etc/d/x", "b ALL=ALL\n")]);
    assert_eq!(places(&read(&root)), ["etc/d/x:1", "etc/sudoers:2", "etc/d/x:1"]);
}

#[test]
fn the_total_size_is_limited() {
    let half = "#".repeat(usize::try_from(MAX_BYTES).unwrap() / 2);
    let (_dir, root) = machine(&[
        ("etc/sudoers", "@include half\n@include half\na ALL=ALL\n"),
        ("etc/half", &format!("b ALL=ALL\n{half}")),
    ]);
    let policy = read(&root);
    assert_eq!(places(&policy), ["etc/half:1"]);
    let gap = "the files together are larger than 4 MiB, etc/half and later files were not read";
    assert_eq!(policy.gaps[0].to_string(), format!("etc/sudoers: {gap}"));
}

#[test]
fn the_number_of_names_is_limited() {
    let names = "a,".repeat(50_000);
    for line in ["LISTa ALL=ALL\n", "a LISTa=ALL\n", "User_Alias A = LISTa\n", "Host_Alias A = LISTa\n"] {
        let text = line.replace("LIST", &names).repeat(11);
        let (_dir, root) = machine(&[("etc/sudoers", &text)]);
        let policy = read(&root);
        let lists = policy.rules.iter().map(|rule| rule.users.len() + rule.privileges[0].hosts.len());
        assert!(lists.sum::<usize>() <= MAX_NAMES);
        let gap = "etc/sudoers: its rules have more than 500000 names, the rest was not read";
        assert_eq!(policy.gaps[0].to_string(), gap);
    }
}

#[test]
fn long_paths_are_shortened_in_positions() {
    let folder = format!("etc/{}", vec!["long"; 200].join("/"));
    let (_dir, root) = machine(&[
        ("etc/sudoers", &format!("@include /{folder}/x\n")),
        (&format!("{folder}/x"), "a ALL=ALL\n"),
    ]);
    let place = read(&root).rules[0].place();
    assert!(place.starts_with('…') && place.ends_with("/long/x:1") && place.len() < 2 * MAX_PLACE, "{place}");
}

#[test]
fn a_path_that_is_too_long_is_malformed() {
    let (_dir, root) = machine(&[("etc/sudoers", &format!("@include {}\n", "%h".repeat(2000)))]);
    fs::write(root.path().join("etc/hostname"), "h".repeat(200)).unwrap();
    assert_eq!(read(&root).gaps[0].to_string(), "etc/sudoers: skipped malformed line 1");
}
