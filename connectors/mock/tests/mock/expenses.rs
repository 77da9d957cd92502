//! Expenses, and how they are filtered by date.

use serde_json::{Value, json};

use crate::openapi::{caller, whole};

const EXPENSES: &str = "list_expenses";

fn between(start: Value, end: Value) -> Vec<Value> {
    let range = json!({ "start_date": start, "end_date": end });
    whole(EXPENSES, json!({ "filters": { "transaction_date": range } }))
}

fn date(expense: &Value) -> &str {
    expense["transaction_date"].as_str().unwrap()
}

#[test]
fn every_account_has_one_expense() {
    let expenses = whole(EXPENSES, json!({ "filters": {} }));
    let submitters: Vec<_> = expenses.iter().map(|expense| &expense["submitter"]["id"]).collect();
    let accounts = whole("list_accounts", json!({}));
    assert_eq!(submitters, accounts.iter().map(|one| &one["integration_specific_id"]).collect::<Vec<_>>());
    assert_eq!(expenses[3]["submitter"]["email"], accounts[3]["email"]);
    assert_eq!(between(Value::Null, Value::Null), expenses);
    for expense in &expenses {
        let is_paid = expense["payment_status"]["normalized_value"] == "paid";
        assert_eq!(is_paid, expense["approval_status"]["normalized_value"] == "approved", "{expense}");
        assert_eq!(is_paid, expense["paid_amount"] == expense["total_amount"], "{expense}");
    }
}

#[test]
fn both_ends_of_a_range_are_inclusive() {
    let all = whole(EXPENSES, json!({ "filters": {} }));
    let dates: Vec<_> = all.iter().map(date).collect();
    assert!(dates.is_sorted(), "{dates:?}");
    let (start, end) = (dates[100], dates[120]);
    let expected: Vec<_> =
        all.iter().filter(|expense| date(expense) >= start && date(expense) <= end).cloned().collect();
    assert_eq!(between(start.into(), end.into()), expected);
    assert_eq!(between(Value::Null, end.into()), all[..=120]);
    assert_eq!(between(start.into(), Value::Null), all[100..]);
    // With a time, an expense counts as midnight.
    let noon = |date: &str| Value::from(format!("{date}T12:00:00Z"));
    assert_eq!(between(noon(start), noon(end)), expected[1..]);
    assert_eq!(between(end.into(), start.into()), [] as [Value; 0]);
    assert_eq!(between("2023-01-01".into(), "2023-12-31".into()), [] as [Value; 0]);
    assert_eq!(between("2025-01-01".into(), Value::Null), [] as [Value; 0]);
}

#[test]
fn invalid_dates_and_tokens_of_another_range_are_rejected() {
    for field in ["start_date", "end_date"] {
        let request = json!({ "filters": { "transaction_date": { field: "yesterday" } } });
        let error = caller().error(EXPENSES, request);
        assert_eq!(error.code, "bad_request");
        assert!(
            error.message.starts_with(&format!("filters.transaction_date.{field}: ")),
            "{}",
            error.message
        );
    }
    let first = caller().with(json!({ "page": { "size": 1 } })).ask(EXPENSES, json!({ "filters": {} }));
    let page = json!({ "page": { "token": first["page"]["token"] } });
    let request = json!({ "filters": { "transaction_date": { "start_date": "2024-05-01" } } });
    assert_eq!(caller().with(page).error(EXPENSES, request).code, "invalid_page_token");
}
