//! Dispatches requests to the mock connector in process: bytes in, bytes out.

#![expect(clippy::unwrap_used, reason = "tests, and helpers that only tests call")]
#![expect(clippy::needless_pass_by_value, reason = "passing `json!` by reference would only add noise")]

mod access_graph;
mod account_changes;
mod activity;
mod applications;
mod arbitrary_endpoint;
mod associations;
mod authorization;
mod cases;
mod connected_info;
mod document;
mod entitlement_assignments;
mod expenses;
mod failures;
mod info;
mod issued_credentials;
mod listing;
mod non_human_accounts;
mod offboarding;
mod openapi;
mod openapi_only;
mod probe;
mod settings;
mod summaries;
mod support;
mod writes;

connector::testing::contract!(mock_connector::integration(), "tests/contract.json");
