//! Records of the last activity of accounts.

use serde_json::{Value, json};

use crate::openapi::{caller, whole};

const RECORDS: &str = "list_activity_records";

fn records(since: &str, ids: &[&str]) -> Vec<Value> {
    let actors: Vec<_> = ids.iter().map(|id| json!({ "account_id": id })).collect();
    whole(RECORDS, json!({ "since_date": since, "actors": actors }))
}

#[test]
fn records_are_the_last_activities_of_the_actors() {
    let ids = ["0", "1", "6", "7"];
    let last = caller().answer("get_last_activity", json!({ "account_ids": ids }));
    let expected: Vec<_> =
        last.as_array().unwrap().iter().map(|one| json!([one["account_id"], one["happened_at"]])).collect();
    let found = records("2024-01-01", &["0", "1", "6", "7", "250", "nobody"]);
    let pairs: Vec<_> =
        found.iter().map(|record| json!([record["actor"]["account_id"], record["timestamp"]])).collect();
    assert_eq!(pairs, expected);
    assert_eq!(found[0]["activity_type"], "ACCOUNT_LOGIN");
    assert_eq!(found[1]["activity_type"], "APP_USED");

    let later = found[1]["timestamp"].as_str().unwrap();
    let expected: Vec<_> =
        found.iter().filter(|record| record["timestamp"].as_str() >= Some(later)).cloned().collect();
    assert!(expected.len() < found.len(), "some activities are older");
    assert_eq!(records(later, &ids), expected);
    assert_eq!(records("2024-12-31", &ids), [] as [Value; 0]);
}

#[test]
fn invalid_dates_are_rejected() {
    let error = caller().error(RECORDS, json!({ "since_date": "yesterday", "actors": [] }));
    assert_eq!(error.code, "bad_request");
    assert!(error.message.starts_with("since_date: "), "{}", error.message);
}
