//! Values that depend on whether the crate is a member of a workspace.

use minijinja::{Value, context};

use super::context::Facts;
use crate::scaffold::workspace::Root;

/// The profiles of a connector. In a workspace, they belong in the root manifest.
const PROFILES: &str = include_str!("../templates/profiles.toml");

pub(super) fn values(facts: &Facts<'_>) -> Value {
    let name = &facts.choices.name;
    let joined = facts.workspace.joined();
    context! {
        member => joined.is_some(),
        root => joined.map(Root::relative_path),
        path => joined.map(|root| root.path.as_str()),
        // Examples of a workspace share an output folder.
        example => if joined.is_some() { format!("{name}-upstream") } else { "upstream".to_owned() },
        // In the root of a workspace, Cargo builds all members by default.
        package => joined.map(|_| format!(" --package {name}")).unwrap_or_default(),
        profiles => PROFILES.trim_end(),
    }
}
