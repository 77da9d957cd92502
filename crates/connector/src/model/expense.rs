//! Expenses: what an organization spends with a vendor.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ExtraData;
use super::constructor::constructor;

/// How an expense came about. Openapi format only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExpenseType {
    /// An employee paid and gets the money back.
    Reimbursement,
    /// Paid with a company card.
    CardTransaction,
}

/// An amount of money. Openapi format only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Amount {
    /// A decimal number in units of the currency: `12.50`.
    pub amount: String,
    /// The currency's code in ISO 4217: `USD`.
    pub currency: String,
}

constructor!(Amount(amount: String, currency: String));

/// The company that was paid. Openapi format only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Vendor {
    /// The upstream's ID of the company.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What it does.
    pub description: Option<String>,
}

constructor!(Vendor(), id, name, description);

/// The employee who submitted an expense. Openapi format only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct SpendUser {
    /// The upstream's ID of the employee; it must not change over time.
    pub id: Option<String>,
    /// Email address.
    pub email: Option<String>,
    /// First and last name.
    pub full_name: Option<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub family_name: Option<String>,
}

constructor!(SpendUser(), id, email, full_name, given_name, family_name);

/// Whether an expense has been approved, in the terms that all connectors share. Openapi format only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum NormalizedExpenseApprovalStatus {
    /// Nobody has decided yet.
    Pending,
    /// It has been approved.
    Approved,
    /// It has been rejected.
    Rejected,
    /// It has been withdrawn.
    Canceled,
    /// The upstream has a status that none of the others describes.
    Unknown,
}

/// Whether an expense has been approved. Openapi format only.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct ExpenseApprovalStatus {
    /// The upstream's ID of the status, if its users can define their own.
    pub id: Option<String>,
    /// The upstream's name of the status, for people.
    pub display_value: Option<String>,
    /// The status as the upstream's API has it.
    pub value: Option<String>,
    /// The status in the terms that all connectors share.
    pub normalized_value: NormalizedExpenseApprovalStatus,
}

constructor!(ExpenseApprovalStatus(normalized_value: NormalizedExpenseApprovalStatus), id, display_value, value);

/// Whether an expense has been paid, in the terms that all connectors share. Openapi format only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum NormalizedExpensePaymentStatus {
    /// The company has paid it.
    Paid,
    /// The company has not paid it yet, or only a part.
    Unpaid,
}

/// Whether an expense has been paid. Openapi format only.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct ExpensePaymentStatus {
    /// The upstream's ID of the status, if its users can define their own.
    pub id: Option<String>,
    /// The upstream's name of the status, for people.
    pub display_value: Option<String>,
    /// The status as the upstream's API has it.
    pub value: Option<String>,
    /// The status in the terms that all connectors share.
    pub normalized_value: NormalizedExpensePaymentStatus,
}

constructor!(ExpensePaymentStatus(normalized_value: NormalizedExpensePaymentStatus), id, display_value, value);

/// An expense, or a transaction on a card. Openapi format only.
///
/// Dates are in ISO 8601: `2024-05-31`, or with a time and an offset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Expense {
    /// The upstream's ID of the expense; it must not change over time.
    pub id: String,
    /// The upstream's ID of the report that the expense is a part of.
    pub report_id: Option<String>,
    /// The date when the seller was paid.
    pub transaction_date: String,
    /// The date when the company paid, either the seller or the employee.
    pub payment_date: Option<String>,
    /// What the company owes for the expense in total.
    pub total_amount: Amount,
    /// What the company has paid so far.
    pub paid_amount: Option<Amount>,
    /// Who was paid.
    pub seller: Vendor,
    /// What was bought.
    pub description: String,
    /// Who submitted the expense.
    pub submitter: SpendUser,
    /// How the expense came about.
    #[serde(rename = "type")]
    pub expense_type: ExpenseType,
    /// Whether it has been approved.
    pub approval_status: ExpenseApprovalStatus,
    /// Whether the company has paid it.
    pub payment_status: ExpensePaymentStatus,
    /// The URL where people can see the expense in the upstream.
    pub url: Option<String>,
    /// Any other data that every tenant of the upstream has.
    pub attributes: Option<ExtraData>,
    /// Values of the fields that the tenant has defined.
    pub custom_attributes: Option<ExtraData>,
}

constructor!(
    Expense(
        id: String, transaction_date: String, total_amount: Amount, seller: Vendor, description: String,
        submitter: SpendUser, expense_type: ExpenseType, approval_status: ExpenseApprovalStatus,
        payment_status: ExpensePaymentStatus
    ),
    report_id, payment_date, paid_amount, url, attributes, custom_attributes
);
