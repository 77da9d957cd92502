//! App categories.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A category that an app is listed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the platform's and self-explanatory")]
pub enum AppCategory {
    HrAndLearning,
    OfficeAndLegal,
    SalesAndSupport,
    CommerceAndMarketplaces,
    ItAndSecurity,
    Communication,
    DesignAndCreativity,
    Other,
    MarketingAndAnalytics,
    Developers,
    AccountingAndFinance,
    Collaboration,
    ContentAndSocialMedia,
    Internal,
    /// Openapi format only: not written in classic.
    EarlyAccess,
}
