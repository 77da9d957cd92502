//! `connector hacking http-server`: builds the connector in a folder and serves it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use clap::Args;

use super::exec::exec;
use super::{build, program};
use crate::stop::Stop;

#[derive(Args)]
#[command(
    override_usage = "connector hacking http-server [OPTIONS] [SERVE OPTIONS]…",
    after_help = "Other options are passed on to the connector's `serve` command: -p and --host, for example. For a list, \
                  run the connector with `serve --help`.\n\n\
                  Exit status:\n  \
                  1  the connector doesn't build\n  \
                  2  the command line is invalid, or the connector has no command `serve`\n  \
                  3  a file cannot be read, or cargo cannot be started\n\
                  Otherwise, that of the server."
)]
pub(crate) struct HttpServer {
    /// The connector's folder
    #[arg(short, long, value_name = "FOLDER", default_value = ".")]
    directory: PathBuf,
    /// Build in release mode
    #[arg(long)]
    release: bool,
    /// Program to serve, if the crate has several
    #[arg(long, value_name = "NAME")]
    bin: Option<String>,
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    passed_on: Vec<OsString>,
}

impl HttpServer {
    pub(super) fn run(self) -> Result<ExitCode, Stop> {
        let Self { directory, release, bin, passed_on } = self;
        let program = program::find(&directory, bin.as_deref())?;
        let executable = build::build(&program, &directory, |cargo| {
            if release {
                cargo.arg("--release");
            }
        })?;
        let can_serve = Command::new(&executable)
            .args(["serve", "--help"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !can_serve {
            return Err(Stop::usage(format!(
                "{} has no command `serve`: does it depend on lumos-connector with the feature `server`?",
                program.name
            )));
        }
        let mut server = Command::new(&executable);
        server.arg("serve").args(passed_on);
        exec(&mut server)
    }
}

/// Moves the options of `hacking http-server` before the options that it passes on, so users can mix them.
pub(crate) fn own_options_first(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let is_http_server = arguments.get(1..3).is_some_and(|command| {
        ["hacking", "dev"].iter().any(|group| command[0] == *group) && command[1] == "http-server"
    });
    if !is_http_server {
        return arguments;
    }
    let mut given = arguments.split_off(3).into_iter();
    let mut passed_on = Vec::new();
    while let Some(argument) = given.next() {
        let text = argument.to_string_lossy();
        match &*text {
            "--" => break,
            "-d" | "--directory" | "--bin" => {
                arguments.push(argument);
                arguments.extend(given.next());
            }
            "--release" | "-h" | "--help" => arguments.push(argument),
            _ if text.starts_with("--directory=") || text.starts_with("--bin=") || text.starts_with("-d") => {
                arguments.push(argument);
            }
            _ => passed_on.push(argument),
        }
    }
    passed_on.extend(given);
    if !passed_on.is_empty() {
        arguments.push("--".into());
        arguments.append(&mut passed_on);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reordered(line: &str) -> String {
        let sorted = own_options_first(line.split(' ').map(OsString::from));
        sorted.join(OsString::from(" ").as_os_str()).into_string().unwrap()
    }

    #[test]
    fn options_can_be_in_any_order() {
        assert_eq!(
            reordered("connector hacking http-server -p 0 -d here --host ::1 --release --bin=two"),
            "connector hacking http-server -d here --release --bin=two -- -p 0 --host ::1"
        );
        assert_eq!(
            reordered("connector dev http-server -p 0 -d here"),
            "connector dev http-server -d here -- -p 0"
        );
        assert_eq!(
            reordered("connector hacking http-server -dhere -- --release"),
            "connector hacking http-server -dhere -- --release"
        );
    }

    #[test]
    fn other_commands_are_unchanged() {
        for line in ["connector", "connector capabilities --json", "connector completions -d bash"] {
            assert_eq!(reordered(line), line);
        }
    }
}
