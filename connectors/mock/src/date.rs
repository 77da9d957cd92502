//! Dates in requests.

use connector::ConnectorError;
use connector::model::Timestamp;

use crate::error::bad_request;

/// The instant that a date in `field` stands for: midnight in UTC, unless it has a time.
pub(crate) fn instant(date: &str, field: &str) -> Result<Timestamp, ConnectorError> {
    date.parse()
        .or_else(|_| format!("{date}T00:00:00Z").parse())
        .map_err(|_| bad_request(format!("{field}: expected a date, or a date and time with an offset")))
}
