//! What `cargo xtask test --system` does beyond the tests: Debian packages, and comparisons with the published Python
//! releases.

use std::process::Command;

use anyhow::Context;

use crate::background::{Background, Finished};
use crate::libtest::Tally;
use crate::outcome::Usage;
use crate::report::{Report, Step};
use crate::task::soak::scaffold;
use crate::task::{manifests, test};
use crate::workspace::{Workspace, succeeds};

/// Everything that the system tests need from Debian.
const DEBIAN_PACKAGES: &[&str] = &[
    "ca-certificates", // part of an image, next to the program
    "chromium",        // the page /docs, in a browser
    "chromium-driver", // what drives it
    "curl",            // the page shows commands for it
    "haproxy",         // a proxy in front of the server
    "nginx-light",     // another one
    "pamtester",       // checks with PAM whether an account that unix-connector lists may log in
    "passwd",          // useradd, usermod, userdel, chage: what unix-connector drives
    "pngquant",        // compresses the README's screenshot
    "python3-venv",    // environments for the published Python releases
    "sudo",            // must grant what unix-connector lists
];

/// Why a comparison failed.
const DIFFERENT: &str = "it found differences, or could not run";

/// The Python release with the classic wire format. Nearly every request starts a process of it.
const CLASSIC_RELEASE: &str = "3.2.0";

/// The Python release with the openapi wire format. Most requests go to its server.
const OPENAPI_RELEASE: &str = "4.280.0";

/// Checks that the packages can be installed on this machine.
///
/// # Errors
/// [`Usage`] if it does not run Debian, or the user is not root.
pub(crate) fn require_debian_and_root() -> Result<(), Usage> {
    let os_release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !is_debian(&os_release) {
        return Err(Usage(
            "--system installs packages with apt-get: it runs on Debian and its derivatives. \
             Use a container, or run the tests without --system"
                .to_owned(),
        ));
    }
    let uid = Command::new("id").arg("-u").output().map(|output| output.stdout).unwrap_or_default();
    if uid.trim_ascii() != b"0" {
        return Err(Usage(
            "--system installs packages and creates accounts: it runs as root, preferably in a container. \
             Without --system the tests run as any user"
                .to_owned(),
        ));
    }
    Ok(())
}

/// Installs those of [`DEBIAN_PACKAGES`] that are missing.
///
/// # Errors
/// If a program of the package system cannot be started.
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

/// Installs the Debian packages and runs all system tests. What takes minutes and often uses only one core runs in the
/// background: the scaffolded connectors, the check of the OpenAPI document, and the comparison with
/// [`OPENAPI_RELEASE`].
///
/// # Errors
/// If cargo can't be started.
pub(crate) fn run(
    workspace: &Workspace,
    options: &test::Options,
    report: &mut Report,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    let mut is_built = false;
    report.step("build", || {
        is_built = test::build(workspace)?;
        Ok(Step::passed_or(is_built, || "see above".to_owned()))
    });
    if !is_built {
        return Ok(());
    }
    let mut connectors = scaffold::command(workspace, &test::EVERYTHING)?;
    test::without_connector_variables(&mut connectors);
    let document = conformance(workspace, &["document"])?;
    let openapi_release = conformance(workspace, &["peer", OPENAPI_RELEASE])?;
    // Nothing may return early from here on, because that would kill what runs in the background.
    let connectors = Background::start(connectors);
    report.step("Debian packages", || install_packages(workspace));
    let document = Background::start(document);
    let openapi_release = Background::start(openapi_release);

    test::cargo_test(workspace, options, report, tally);
    report.background_step("conformance: OpenAPI document", document, compared);
    report.background_step(
        format!("conformance: Python release {OPENAPI_RELEASE}"),
        openapi_release,
        compared,
    );
    report.step(format!("conformance: Python release {CLASSIC_RELEASE}"), || {
        let passed = succeeds(&mut conformance(workspace, &["peer", CLASSIC_RELEASE])?)?;
        Ok(Step::passed_or(passed, || format!("{DIFFERENT}: see above")))
    });
    report.step("conformance: app_info", || {
        let passed = succeeds(&mut conformance(workspace, &["app-info"])?)?;
        Ok(Step::passed_or(passed, || format!("{DIFFERENT}: see above")))
    });
    report.step("Kubernetes manifests", || manifests::validate(workspace));
    report.background_step("scaffolded connectors", connectors, |finished| scaffolded(finished, tally));
    Ok(())
}

/// The result of a comparison that ran in the background.
fn compared(finished: &Finished) -> Step {
    finished.failure().map_or(Step::Passed, |why| Step::Failed(format!("{DIFFERENT}: {why}")))
}

/// Counts the test that ran in the background.
fn scaffolded(finished: &Finished, tally: &mut Tally) -> Step {
    let mut alone = Tally::default();
    String::from_utf8_lossy(&finished.output).lines().for_each(|line| alone.line(line));
    alone.close();
    // libtest succeeds even if no test has this name.
    let failure = finished.failure().or_else(|| (alone.passed != 1).then(|| "see above".to_owned()));
    tally.add(alone);
    failure.map_or(Step::Passed, Step::Failed)
}

fn conformance(workspace: &Workspace, args: &[&str]) -> anyhow::Result<Command> {
    let programs = test::programs(workspace)?;
    let mut command = workspace.command(programs.join("conformance"));
    test::without_connector_variables(&mut command);
    command.args(args).env(test::PROGRAMS, programs);
    Ok(command)
}

/// Whether the text of `/etc/os-release` belongs to Debian or a system based on it.
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
    fn debian_and_its_derivatives_are_recognized() {
        assert!(is_debian("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nID=debian\n"));
        assert!(is_debian("NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n"));
        assert!(is_debian("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_debian(
            "NAME=\"Fedora Linux\"\nID=fedora\nSUPPORT_URL=\"https://example.org/?debian\"\n"
        ));
        assert!(!is_debian(""));
    }
}
