//! [`Section`]: the parts of a request's envelope.

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

    /// Whether messages must not quote its content.
    pub(super) const fn is_secret(self) -> bool {
        matches!(self, Self::Auth | Self::Credentials | Self::Settings)
    }
}
