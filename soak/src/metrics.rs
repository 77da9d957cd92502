//! What the server says of itself at `/metrics`.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::client::{Client, Protocol};
use crate::tally::Tally;

const IN_FLIGHT: &str = "connector_requests_in_flight";
const COUNTS: &str = "connector_requests_total";
/// How long the server may take to notice that clients went away, or that calls came.
const PATIENCE: Duration = Duration::from_secs(10);

/// The answers that the server has counted, once it counts no request as in flight.
///
/// # Errors
/// If that does not come to pass: a request that ended is still counted.
pub(crate) async fn when_idle(address: &str) -> Result<Tally> {
    let text = wait(address, |_| true, |in_flight| in_flight == 0).await?;
    let mut tally = Tally::default();
    for (labels, value) in series(&text, COUNTS) {
        if let (Some(capability), Some(status)) = (label(labels, "capability"), label(labels, "status")) {
            tally.add(capability, status.parse().context("a status that is no number")?, value);
        }
    }
    Ok(tally)
}

/// Waits until so many calls of a capability are in flight.
pub(crate) async fn when_in_flight(address: &str, capability: &str, calls: usize) -> Result<()> {
    wait(
        address,
        |labels| label(labels, "capability") == Some(capability),
        |in_flight| in_flight >= calls as u64,
    )
    .await
    .map(drop)
}

/// What the server reports about its clients as a whole.
pub(crate) struct OfServer {
    /// Bytes of bodies under way.
    pub(crate) body_bytes: u64,
    /// Clients that were disconnected because they did not take their answers.
    pub(crate) stalled: u64,
}

/// Reads what the server reports about its clients, as soon as `is_enough`.
///
/// # Errors
/// If that takes longer than `patience`.
pub(crate) async fn of_server(
    address: &str,
    patience: Duration,
    is_enough: impl Fn(&OfServer) -> bool,
) -> Result<OfServer> {
    let mut client = Client::new(address, Protocol::Http1);
    let begun = Instant::now();
    loop {
        let text = client.get("/metrics").await?;
        let found = OfServer {
            body_bytes: value(&text, "connector_body_bytes")?,
            stalled: value(&text, "connector_stalled_clients_total")?,
        };
        if is_enough(&found) {
            return Ok(found);
        }
        let OfServer { body_bytes, stalled } = found;
        ensure!(
            begun.elapsed() < patience,
            "/metrics reports {body_bytes} bytes of bodies and {stalled} stalled clients, and that does not change"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The value of the only series called `name`.
fn value(text: &str, name: &str) -> Result<u64> {
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.and_then(|value| value.parse().ok()).with_context(|| format!("/metrics has no {name}"))
}

/// Waits until enough requests are in flight, of those whose labels count.
async fn wait(
    address: &str,
    counts: impl Fn(&str) -> bool,
    is_enough: impl Fn(u64) -> bool,
) -> Result<String> {
    let mut client = Client::new(address, Protocol::Http1);
    let begun = Instant::now();
    loop {
        let text = client.get("/metrics").await?;
        let counted = series(&text, IN_FLIGHT).filter(|(labels, _)| counts(labels));
        let in_flight = counted.map(|(_, value)| value).sum();
        if is_enough(in_flight) {
            return Ok(text);
        }
        ensure!(begun.elapsed() < PATIENCE, "{in_flight} requests are in flight, and do not change");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The labels and values of the series called `name`.
fn series<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = (&'a str, u64)> {
    text.lines().filter_map(move |line| {
        let (labels, value) = line.strip_prefix(name)?.strip_prefix('{')?.rsplit_once("} ")?;
        Some((labels, value.parse().ok()?))
    })
}

/// The value of a label. The server's own names have nothing in them that is escaped.
fn label<'a>(labels: &'a str, name: &str) -> Option<&'a str> {
    labels.split(',').find_map(|label| label.strip_prefix(name)?.strip_prefix("=\"")?.strip_suffix('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_told_by_name_and_label() {
        let text = "# TYPE a counter\na{app=\"x\",status=\"200\"} 7\na_more{status=\"1\"} 3\nb 5\n";
        let found: Vec<_> = series(text, "a").collect();
        assert_eq!(found, [("app=\"x\",status=\"200\"", 7)]);
        assert_eq!(label(found[0].0, "status"), Some("200"));
        assert_eq!(label(found[0].0, "capability"), None);
    }
}
