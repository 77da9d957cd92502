//! Valid names for custom capabilities.

use crate::capability::{STANDARD_NAMES, same_name};

/// Names that the SDK reserves in addition to those of the standard capabilities: commands, routes, and names of
/// capabilities that may be added later.
const RESERVED: &[&str] = &[
    // The command line and the server.
    "completions",
    "dev",
    "docs",
    "hacking",
    "help",
    "info",
    "livez",
    "metrics",
    "openapi",
    "readyz",
    "serve",
    // A path of the Lumos Connector API that the platform itself serves.
    "list_connector_app_ids",
];

/// Returns whether `name` is that of a standard capability.
pub(super) fn is_standard(name: &str) -> bool {
    STANDARD_NAMES.iter().any(|standard| same_name(standard, name))
}

/// Returns whether the SDK reserves `name`.
pub(super) fn is_reserved(name: &str) -> bool {
    is_standard(name) || RESERVED.iter().any(|reserved| same_name(reserved, name))
}

/// Returns whether `name` is in snake case.
pub(super) fn is_snake_case(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && !name.ends_with('_')
        && !name.contains("__")
        && name.chars().all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_snake_case_is_accepted() {
        assert!(is_snake_case("rotate_badge2"));
        for name in ["", "Rotate", "rotate-badge", "2rotate", "_rotate", "rotate_", "rotate__badge", "rotäte"]
        {
            assert!(!is_snake_case(name), "{name:?}");
        }
    }
}
