//! Parts of a request that are read by themselves: the [`Section`]s of its envelope, and a [`Place`] in one of them.

use std::fmt;

use super::place;

/// The sections of a request's envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Request,
    Auth,
    Credentials,
    Settings,
    Page,
    IncludeRawData,
    RequestId,
    RateLimit,
}

impl Section {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Auth => "auth",
            Self::Credentials => "credentials",
            Self::Settings => "settings",
            Self::Page => "page",
            Self::IncludeRawData => "include_raw_data",
            Self::RequestId => "request_id",
            Self::RateLimit => "rate_limit",
        }
    }

    /// Whether no message may quote what is in it.
    pub(super) const fn is_secret(self) -> bool {
        matches!(self, Self::Auth | Self::Credentials | Self::Settings)
    }
}

/// Whether no message may quote what is in the section of this name.
pub(super) fn is_secret_section(name: &str) -> bool {
    [Section::Auth, Section::Credentials, Section::Settings].iter().any(|section| section.name() == name)
}

/// A section, an item of one that is a list, or what either has under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    section: Section,
    item: Option<usize>,
    key: Option<&'static str>,
}

impl From<Section> for Place {
    fn from(section: Section) -> Self {
        Self { section, item: None, key: None }
    }
}

impl Place {
    pub(super) fn item(section: Section, index: usize) -> Self {
        Self { item: Some(index), ..section.into() }
    }

    pub(super) const fn under(self, key: &'static str) -> Self {
        Self { key: Some(key), ..self }
    }

    /// Whether no message may quote what is there.
    pub(super) const fn is_secret(self) -> bool {
        self.section.is_secret()
    }

    /// The steps of its path.
    pub(super) fn steps(self) -> Vec<String> {
        let mut steps = vec![self.section.name().to_owned()];
        steps.extend(self.item.map(|index| format!("[{index}]")));
        steps.extend(self.key.map(place::key));
        steps
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&place::path(&self.steps()))
    }
}
