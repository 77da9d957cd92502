//! How current the data is: no time may be in the future.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::model::Timestamp;
use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::session::{Checked, Session};

const RECENCY: &str = "get_data_recency";

/// How far the upstream's clock may be ahead.
const TOLERANCE: Duration = Duration::from_secs(300);

pub(super) fn is_past(session: &Session<'_>) -> Checked {
    session.require(RECENCY)?;
    session.require_credentials()?;
    let mut wrong = Grouped::default();
    let response = session.ask(RECENCY, json!({}))?;
    let data = match response.payload() {
        Ok(payload) => payload["data"].as_object(),
        Err(why) => {
            wrong.add(RECENCY, format!("it {why}"));
            return wrong.end();
        }
    };
    let Some(data) = data else {
        wrong.add(RECENCY, "its response has no data");
        return wrong.end();
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let latest = i64::try_from((now + TOLERANCE).as_secs()).unwrap_or(i64::MAX);
    for (name, time) in data {
        if !session.has(name) {
            wrong.add(RECENCY, format!("{name} is not a capability of the connector"));
        }
        let Value::String(text) = time else { continue };
        match text.parse::<Timestamp>() {
            Ok(time) if time.instant().as_second() > latest => {
                wrong.add(RECENCY, format!("the data of {name} is of {text}, which is in the future"));
            }
            Ok(_) => {}
            Err(error) => wrong.add(RECENCY, format!("the time of {name} is {error}")),
        }
    }
    wrong.end()
}
