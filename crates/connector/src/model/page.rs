//! Pages of a listing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The requested page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaginationArgs {
    /// The token of the page, from the previous response. Absent for the first page.
    pub token: Option<String>,
    /// The maximum number of items on the page.
    #[schemars(range(min = 1), transform = of_any_magnitude)]
    pub size: Option<i64>,
}

/// Values above `i64::MAX` are allowed, because they are clamped to the connector's maximum page size.
fn of_any_magnitude(schema: &mut schemars::Schema) {
    schema.remove("format");
}

/// How to get the next page of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Page {
    /// The token for requesting the next page. Absent on the last page.
    pub token: Option<String>,
    /// The maximum number of items on a page.
    pub size: Option<i64>,
}
