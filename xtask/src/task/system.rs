//! What `cargo xtask test --system` does beyond the tests: the machine, its packages, the published Python releases.

use std::process::Command;

use anyhow::Context;

use crate::outcome::Usage;
use crate::report::{Report, Step};
use crate::task::test;
use crate::workspace::{Workspace, succeeds};

/// Everything that the system tests need from Debian.
const DEBIAN_PACKAGES: &[&str] = &[
    "ca-certificates", // what an image has besides the program
    "chromium",        // the page /docs, in a browser
    "chromium-driver", // what drives it
    "curl",            // a command that the page shows
    "haproxy",         // a proxy before the server
    "nginx-light",     // another one
    "pamtester",       // asks PAM whether an account that unix-connector lists may log in
    "passwd",          // useradd, usermod, userdel, chage: what unix-connector drives
    "pngquant",        // makes the README's screenshot small
    "python3-venv",    // a place for the published Python releases to run in
    "sudo",            // what unix-connector lists, it has to grant
];

/// The Python release that behaviour is compared with, by running both.
const PEER_RELEASE: &str = "3.2.0";

/// Checks that this machine can be prepared for the system tests, and that preparing it is allowed.
///
/// # Errors
/// [`Usage`] when it is not a Debian, or the user is not root.
pub(crate) fn require_debian_and_root() -> Result<(), Usage> {
    let os_release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !is_debian(&os_release) {
        return Err(Usage(
            "--system installs packages with apt-get: it runs on Debian and its derivatives. \
             A container will do; without --system the tests run anywhere"
                .to_owned(),
        ));
    }
    let uid = Command::new("id").arg("-u").output().map(|output| output.stdout).unwrap_or_default();
    if uid.trim_ascii() != b"0" {
        return Err(Usage(
            "--system installs packages and makes accounts: it runs as root, best in a container. \
             Without --system the tests run as any user"
                .to_owned(),
        ));
    }
    Ok(())
}

/// Installs what is missing of [`DEBIAN_PACKAGES`].
///
/// # Errors
/// When a program of the package system cannot be started.
pub(crate) fn install_packages(workspace: &Workspace) -> anyhow::Result<Step> {
    let mut missing = Vec::new();
    for &package in DEBIAN_PACKAGES {
        let output = Command::new("dpkg-query")
            .args(["--show", "--showformat=${db:Status-Status}", package])
            .output()
            .context("dpkg-query could not be started")?;
        let is_installed = output.status.success() && output.stdout == b"installed";
        println!("{package}: {}", if is_installed { "installed" } else { "missing" });
        if !is_installed {
            missing.push(package);
        }
    }
    if missing.is_empty() {
        return Ok(Step::Passed);
    }
    let mut update = workspace.command("apt-get");
    update.args(["update", "--quiet"]);
    let mut install = workspace.command("apt-get");
    install.args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(&missing);
    let installed = succeeds(&mut update)? && succeeds(install.env("DEBIAN_FRONTEND", "noninteractive"))?;
    Ok(Step::passed_or(installed, || format!("apt-get could not install {}", missing.join(", "))))
}

/// Compares this SDK with a published Python release, and its server with the OpenAPI document that it gives.
pub(crate) fn compare_with_peers(workspace: &Workspace, report: &mut Report) {
    report.step(format!("conformance: Python release {PEER_RELEASE}"), || {
        conformance(workspace, &["peer", PEER_RELEASE])
    });
    report.step("conformance: OpenAPI document", || conformance(workspace, &["document"]));
}

fn conformance(workspace: &Workspace, args: &[&str]) -> anyhow::Result<Step> {
    let programs = test::programs(workspace)?;
    let mut command = workspace.command(programs.join("conformance"));
    let passed = succeeds(command.args(args).env(test::PROGRAMS, programs))?;
    Ok(Step::passed_or(passed, || "the run found differences, or could not be made: see above".to_owned()))
}

/// Whether the text of `/etc/os-release` is of Debian or of a system built on it.
fn is_debian(os_release: &str) -> bool {
    os_release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .any(|value| value.trim_matches('"').split_whitespace().any(|id| id == "debian"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_its_derivatives_are_told_from_others() {
        assert!(is_debian("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nID=debian\n"));
        assert!(is_debian("NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n"));
        assert!(is_debian("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_debian(
            "NAME=\"Fedora Linux\"\nID=fedora\nSUPPORT_URL=\"https://example.org/?debian\"\n"
        ));
        assert!(!is_debian(""));
    }
}
