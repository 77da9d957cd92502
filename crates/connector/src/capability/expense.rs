//! Capabilities on expenses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Expense;
use crate::model::constructor::constructor;

/// Requests the expenses that match some filters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListExpensesRequest {
    /// Return only expenses that match all of them.
    pub filters: ExpenseFilters,
}

constructor!(ListExpensesRequest(filters: ExpenseFilters));

/// Which expenses to return. Without any filter, all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExpenseFilters {
    /// Only expenses whose `transaction_date` lies in this range.
    pub transaction_date: Option<TimeRange>,
}

constructor!(ExpenseFilters(), transaction_date);

/// A range of dates in ISO 8601: `2024-05-31`, or with a time and an offset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TimeRange {
    /// Where the range starts; `None` if it has no start.
    pub start_date: Option<String>,
    /// Where the range ends; `None` if it has no end.
    pub end_date: Option<String>,
}

constructor!(TimeRange(), start_date, end_date);

/// One page of expenses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ListExpensesResponse {
    /// The expenses.
    pub expenses: Vec<Expense>,
}

constructor!(ListExpensesResponse(expenses: Vec<Expense>));
