//! Pages of a listing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The page that a request asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaginationArgs {
    /// The token of the page, from the answer before; absent for the first page.
    pub token: Option<String>,
    /// How many items the page shall have at the most.
    #[schemars(range(min = 1), transform = of_any_magnitude)]
    pub size: Option<i64>,
}

/// What is larger than an `i64` is brought down like all that is larger than a connector's maximum.
fn of_any_magnitude(schema: &mut schemars::Schema) {
    schema.remove("format");
}

/// What an answer says of the next page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Page {
    /// The token to ask for the next page with; absent on the last page.
    pub token: Option<String>,
    /// How many items a page has at the most.
    pub size: Option<i64>,
}
