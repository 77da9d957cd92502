//! Renders the files of a connector.

mod context;
mod contract;
mod imports;
mod place;
mod templates;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use templates::TEMPLATES;

use super::choices::Choices;
use super::options::{Ci, Pagination};
use super::workspace::Workspace;
use crate::stop::Stop;

/// A file to generate. Its path is relative to the folder, with slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
}

/// Renders all files, sorted by path.
///
/// # Errors
/// If a template is invalid.
pub(super) fn files(choices: &Choices, workspace: &Workspace) -> Result<Vec<File>, Stop> {
    let invalid = |error: minijinja::Error| Stop::failed(format!("a template is invalid: {error:#}"));
    let mut environment = Environment::new();
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    environment.set_syntax(syntax.build().map_err(invalid)?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.add_function("use_list", imports::use_list);
    for (name, source) in TEMPLATES {
        environment.add_template(name, source).map_err(invalid)?;
    }
    let mut files = Vec::new();
    for (path, template, values) in wanted(choices, workspace) {
        let template = environment.get_template(&template).map_err(invalid)?;
        let text = template.render(values).map_err(invalid)?;
        files.push(File { path, text });
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

/// The path, the template and the values of each file.
fn wanted(choices: &Choices, workspace: &Workspace) -> Vec<(String, String, minijinja::Value)> {
    let facts = context::Facts::new(choices, workspace);
    let common = facts.values();
    let mut files = Vec::new();
    let mut add = |path: &str, template: &str| {
        files.push((path.to_owned(), template.to_owned(), common.clone()));
    };
    // A member is built from its workspace, which may have other images. Docker prefers a file next to the Dockerfile.
    match workspace.joined() {
        Some(_) => add("Dockerfile.dockerignore", "dockerignore"),
        None => add(".dockerignore", "dockerignore"),
    }
    for (path, template) in [
        (".gitignore", "gitignore"),
        ("Cargo.toml", "Cargo.toml"),
        ("Dockerfile", "Dockerfile"),
        ("README.md", "README.md"),
        ("rustfmt.toml", "rustfmt.toml"),
    ] {
        add(path, template);
    }
    match choices.ci {
        Ci::GitHub => add(".github/workflows/ci.yml", "ci/github.yml"),
        Ci::GitLab => add(".gitlab-ci.yml", "ci/gitlab.yml"),
        Ci::None => {}
    }
    for (path, is_wanted) in [
        ("examples/upstream/app.rs", true),
        ("examples/upstream/main.rs", true),
        ("examples/upstream/oauth.rs", facts.has_oauth_flow()),
        ("src/client.rs", facts.has_client()),
        ("src/integration.rs", true),
        ("src/kinds.rs", facts.has_kinds()),
        ("src/lib.rs", true),
        ("src/main.rs", true),
        ("src/settings.rs", true),
        ("src/status.rs", facts.has_status()),
        ("src/tokens.rs", facts.exchanges()),
        ("src/user.rs", facts.has_user()),
        ("tests/connector/cases.rs", true),
        ("tests/connector/contract.rs", true),
        ("tests/connector/flow.rs", facts.has_whole_oauth_flow()),
        ("tests/connector/listings.rs", facts.has("list_accounts")),
        ("tests/connector/main.rs", true),
        ("tests/connector/support.rs", facts.starts_upstream()),
        ("tests/connector/writes.rs", !facts.write_tests().is_empty()),
        ("tests/contract.json", true),
    ] {
        if is_wanted {
            add(path, path);
        }
    }
    if facts.has_listings() {
        let pagination: Pagination = choices.pagination;
        add("src/pagination.rs", &format!("src/pagination/{}.rs", pagination.as_str()));
    }
    for capability in &choices.capabilities {
        let (module, name) = (context::module(capability), capability.name);
        let path = format!("src/{module}/{name}.rs");
        add(&path, &path);
        let path = format!("tests/cases/{name}.json");
        add(&path, &path);
    }
    for module in ["read", "write"] {
        if facts.has_module(module) {
            let values = facts.values_of_module(module);
            files.push((format!("src/{module}.rs"), "src/modules.rs".to_owned(), values));
        }
    }
    files
}
