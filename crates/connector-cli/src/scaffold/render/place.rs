//! What follows from where the crate is: in a workspace or alone.

use minijinja::{Value, context};

use super::context::Facts;
use crate::scaffold::workspace::Root;

/// The profiles of a connector; in a workspace they have to be the workspace's.
const PROFILES: &str = include_str!("../templates/profiles.toml");

pub(super) fn values(facts: &Facts<'_>) -> Value {
    let name = &facts.choices.name;
    let joined = facts.workspace.joined();
    context! {
        member => joined.is_some(),
        root => joined.map(Root::way_up),
        path => joined.map(|root| root.path.as_str()),
        // Examples of one workspace share a folder.
        example => if joined.is_some() { format!("{name}-upstream") } else { "upstream".to_owned() },
        // Cargo takes a workspace as a whole where it is called at its root.
        package => joined.map(|_| format!(" --package {name}")).unwrap_or_default(),
        profiles => PROFILES.trim_end(),
    }
}
