//! What an integration says of itself.

use crate::capability::Effect;
use crate::model::AppCategory;

/// What an integration says of itself, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Description {
    /// The address of the app's logo.
    pub logo_url: Option<String>,
    /// The app's name.
    pub user_friendly_name: Option<String>,
    /// What the connector does.
    pub description: Option<String>,
    /// The categories that the app is filed under.
    pub categories: Vec<AppCategory>,
}

/// What an integration says of one of its capabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CapabilityInfo<'a> {
    /// Its name, as the classic format spells it.
    pub name: &'a str,
    /// What a call does to the upstream.
    pub effect: Effect,
    /// Its name for people.
    pub display_name: &'a str,
    /// What it does, in one line.
    pub description: &'a str,
}
