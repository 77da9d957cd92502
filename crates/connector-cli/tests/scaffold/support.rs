//! Runs the program, and reads the files that it has generated.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `connector scaffold NAME ARGS` in `folder`, without a git configuration.
pub(crate) fn scaffold(folder: &Path, args: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_connector"));
    command.arg("scaffold").args(args).current_dir(folder);
    command.env("GIT_CONFIG_GLOBAL", "none").env("GIT_CONFIG_SYSTEM", "none").env("HOME", folder);
    command.env("GIT_CEILING_DIRECTORIES", "/");
    let output = command.output().expect("it runs");
    Run {
        status: output.status.code().expect("a status"),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

/// The same, but it must succeed.
pub(crate) fn scaffolded(folder: &Path, args: &[&str]) -> Run {
    let run = scaffold(folder, args);
    assert_eq!(run.status, 0, "{run:?}");
    run
}

/// The text of every file below `folder`, by its path.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_str().expect("text").to_owned();
                found.insert(name, fs::read_to_string(&path).expect("text"));
            }
        }
    }
    found
}

/// The capabilities with templates that only the openapi format has.
pub(crate) const OPENAPI_TEMPLATES: [&str; 5] =
    ["downgrade_license", "get_account", "release_resources", "transfer_data", "update_account"];

/// The capability that every connector has, without any code in it.
pub(crate) const PROVIDED: &str = "app_info";

/// Whether the capability has templates.
pub(crate) fn has_template(capability: &connector::StandardCapability) -> bool {
    capability.classic_name.is_some() || OPENAPI_TEMPLATES.contains(&capability.name)
}
