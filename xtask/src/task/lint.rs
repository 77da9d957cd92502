//! `cargo xtask lint`: every check that doesn't run the project's code.

use std::process::Command;

use crate::house;
use crate::outcome::{Outcome, Usage};
use crate::report::{Report, Step};
use crate::task::{deny, package};
use crate::workspace::{Package, Workspace, succeeds, typed};

pub(crate) const USAGE: &str = "\
Usage: cargo xtask lint

Runs these checks in order. It continues after a failure, so one run shows everything that needs fixing:
  house rules   file sizes, layers, and the reasons of ignored tests
  fmt           cargo fmt --check
  clippy        warnings are errors: default features of the packages that have any, all features, the libraries
                without the features of other packages, the library lumos-connector with each feature alone
  docs          rustdoc warnings are errors
  deny          licenses, banned crates and sources (deny.toml); advisories if their database can be fetched.
                Installs cargo-deny into the target folder if it is missing
  package       cargo package, for every crate that is published
";

/// The package whose features are each checked on their own.
const SDK: &str = "lumos-connector";

pub(crate) fn run(workspace: &Workspace, args: &[String]) -> anyhow::Result<Outcome> {
    if let Some(arg) = args.first() {
        return Err(Usage(format!("`cargo xtask lint` takes no arguments, but got `{arg}`")).into());
    }
    let metadata = workspace.metadata()?;
    let mut report = Report::default();
    report.step("house rules", || {
        let violations = house::violations(workspace.root())?;
        violations.iter().for_each(|violation| println!("{violation}"));
        Ok(Step::passed_or(violations.is_empty(), || format!("{} broken, see above", violations.len())))
    });
    report.step("fmt", || check(workspace.cargo(["fmt", "--all", "--check"])));
    for (name, features) in feature_sets(&metadata.packages) {
        report.step(format!("clippy, {name}"), || {
            let mut command = workspace.cargo(["clippy"]);
            check_with(command.args(features).args(["--", "-D", "warnings"]))
        });
    }
    report.step("docs", || {
        let mut command = workspace.cargo(["doc", "--workspace", "--no-deps", "--all-features"]);
        check_with(command.env("RUSTDOCFLAGS", "-D warnings"))
    });
    deny::steps(workspace, &metadata, &mut report);
    // Developers lint before they commit. Only a release needs a clean tree.
    report.step("package", || match package::command(workspace, &["--allow-dirty".to_owned()])? {
        Some(command) => check(command),
        None => Ok(Step::NotRun("no crate is published".to_owned())),
    });
    Ok(report.finish())
}

/// The feature sets that clippy checks: a name, and the arguments that select it.
fn feature_sets(packages: &[Package]) -> Vec<(String, Vec<String>)> {
    let set = |name: String, args: &[&str]| (name, args.iter().copied().map(String::from).collect());
    let select = |packages: &[&Package]| {
        packages.iter().flat_map(|package| ["--package".to_owned(), package.name.clone()]).collect::<Vec<_>>()
    };
    let all_targets =
        |name: &str, args: &[String]| (name.to_owned(), [&["--all-targets".to_owned()], args].concat());
    let with_features: Vec<&Package> =
        packages.iter().filter(|package| !package.features.is_empty()).collect();
    // One run is enough for all libraries without features: it checks that they don't depend on features that other
    // members of the workspace enable.
    let without: Vec<&Package> =
        packages.iter().filter(|package| package.is_library && package.features.is_empty()).collect();
    let mut sets = vec![
        all_targets("default features", &select(&with_features)),
        set("all features".to_owned(), &["--all-targets", "--workspace", "--all-features"]),
    ];
    if !without.is_empty() {
        sets.push(all_targets("libraries that have no features", &select(&without)));
    }
    for package in with_features.into_iter().filter(|package| package.is_library) {
        let name = &package.name;
        let bare = ["--package", name, "--no-default-features"];
        let all = [&["--all-targets"], &bare[..]].concat();
        sets.push(set(format!("{name} without default features"), &all));
        if name == SDK {
            // With `--examples`, of which there are none, cargo selects the features of dependencies that the tests
            // need. So it doesn't check the dependencies again for each feature.
            let library = [&["--lib", "--examples"], &bare[..]].concat();
            sets.extend(package.features.iter().map(|feature| {
                set(
                    format!("{name} with `{feature}` alone"),
                    &[&library[..], &["--features", feature]].concat(),
                )
            }));
        }
    }
    sets
}

fn check(mut command: Command) -> anyhow::Result<Step> {
    check_with(&mut command)
}

fn check_with(command: &mut Command) -> anyhow::Result<Step> {
    println!("{}", typed(command));
    Ok(Step::passed_or(succeeds(command)?, || "see above".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, features: &[&str], is_library: bool) -> Package {
        let features = features.iter().copied().map(String::from).collect();
        Package { name: name.to_owned(), features, is_library, is_published: true }
    }

    #[test]
    fn clippy_checks_each_library_without_features_and_each_feature_of_the_sdk() {
        let packages = [
            package("lumos-connector", &["client", "server"], true),
            package("mock-connector", &["extra"], true),
            package("lumos-connector-macros", &[], true),
            package("unix-connector", &[], true),
            package("tool", &["ui"], false),
        ];
        let sets: Vec<String> = feature_sets(&packages).into_iter().map(|(_, args)| args.join(" ")).collect();
        assert_eq!(
            sets,
            [
                "--all-targets --package lumos-connector --package mock-connector --package tool",
                "--all-targets --workspace --all-features",
                "--all-targets --package lumos-connector-macros --package unix-connector",
                "--all-targets --package lumos-connector --no-default-features",
                "--lib --examples --package lumos-connector --no-default-features --features client",
                "--lib --examples --package lumos-connector --no-default-features --features server",
                "--all-targets --package mock-connector --no-default-features",
            ]
        );
    }
}
