//! `cargo xtask lint`: everything that is checked without running the project's code.

use std::process::Command;

use crate::house;
use crate::outcome::{Outcome, Usage};
use crate::report::{Report, Step};
use crate::task::{deny, package};
use crate::workspace::{Package, Workspace, succeeds, typed};

pub(crate) const USAGE: &str = "\
Usage: cargo xtask lint

In this order, going on after a failure so that one run shows all there is to mend:
  house rules   file sizes, layers, and what keeps `#[ignore]` honest
  fmt           cargo fmt --check
  clippy        warnings are errors: default features, all features, each library without default features,
                each feature of lumos-connector alone
  docs          rustdoc warnings are errors
  deny          licences, banned crates, sources (deny.toml); advisories when their database can be fetched.
                cargo-deny is built into the target folder when there is none
  package       cargo package, for every crate that is meant to be published
";

/// The package whose features are each checked alone.
const SDK: &str = "lumos-connector";

pub(crate) fn run(workspace: &Workspace, args: &[String]) -> anyhow::Result<Outcome> {
    if let Some(arg) = args.first() {
        return Err(Usage(format!("`cargo xtask lint` takes no arguments, and got `{arg}`")).into());
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
            let mut command = workspace.cargo(["clippy", "--all-targets"]);
            check_with(command.args(features).args(["--", "-D", "warnings"]))
        });
    }
    report.step("docs", || {
        let mut command = workspace.cargo(["doc", "--workspace", "--no-deps", "--all-features"]);
        check_with(command.env("RUSTDOCFLAGS", "-D warnings"))
    });
    deny::steps(workspace, &metadata, &mut report);
    // A developer lints before committing; that the tree is clean is for a release to ask.
    report.step("package", || match package::command(workspace, &["--allow-dirty".to_owned()])? {
        Some(command) => check(command),
        None => Ok(Step::NotRun("no crate is meant to be published".to_owned())),
    });
    Ok(report.finish())
}

/// The feature sets that clippy goes over: a name, and the arguments that select it.
fn feature_sets(packages: &[Package]) -> Vec<(String, Vec<String>)> {
    let set = |name: String, args: &[&str]| (name, args.iter().copied().map(String::from).collect());
    let mut sets = vec![
        set("default features".to_owned(), &["--workspace"]),
        set("all features".to_owned(), &["--workspace", "--all-features"]),
    ];
    for package in packages.iter().filter(|package| package.is_library) {
        let name = &package.name;
        let bare = ["--package", name, "--no-default-features"];
        sets.push(set(format!("{name} without default features"), &bare));
        if name == SDK {
            sets.extend(package.features.iter().map(|feature| {
                set(format!("{name} with `{feature}` alone"), &[&bare[..], &["--features", feature]].concat())
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
    fn clippy_covers_each_library_bare_and_each_feature_of_the_sdk_alone() {
        let packages = [
            package("lumos-connector", &["client", "server"], true),
            package("lumos-connector-macros", &["extra"], true),
            package("tool", &["ui"], false),
        ];
        let sets: Vec<String> = feature_sets(&packages).into_iter().map(|(_, args)| args.join(" ")).collect();
        assert_eq!(
            sets,
            [
                "--workspace",
                "--workspace --all-features",
                "--package lumos-connector --no-default-features",
                "--package lumos-connector --no-default-features --features client",
                "--package lumos-connector --no-default-features --features server",
                "--package lumos-connector-macros --no-default-features",
            ]
        );
    }
}
