//! Reads the server's metrics from `/metrics`.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::client::{Client, Protocol};
use crate::tally::Tally;

const IN_FLIGHT: &str = "connector_requests_in_flight";
const COUNTS: &str = "connector_requests_total";
/// How long the server may take to notice that clients disconnected, or that calls arrived.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The responses that the server has counted, after no request is in flight.
///
/// # Errors
/// If requests stay in flight.
pub(crate) async fn wait_until_idle(address: &str) -> Result<Tally> {
    let text = wait(address, |_| true, |in_flight| in_flight == 0).await?;
    let mut tally = Tally::default();
    for (labels, value) in series(&text, COUNTS) {
        if let (Some(capability), Some(status)) = (label(labels, "capability"), label(labels, "status")) {
            tally.add(capability, status.parse().context("a status that is not a number")?, value);
        }
    }
    Ok(tally)
}

/// Waits until this many calls of a capability are in flight.
pub(crate) async fn wait_until_in_flight(address: &str, capability: &str, calls: usize) -> Result<()> {
    wait(
        address,
        |labels| label(labels, "capability") == Some(capability),
        |in_flight| in_flight >= calls as u64,
    )
    .await
    .map(drop)
}

/// The server's state from the metrics that concern all clients.
pub(crate) struct ServerState {
    /// Bytes of bodies in progress.
    pub(crate) body_bytes: u64,
    /// Clients that were disconnected because they didn't read their responses.
    pub(crate) stalled: u64,
}

/// Waits until the server's state satisfies `is_enough`, and returns it.
///
/// # Errors
/// If that takes longer than `timeout`.
pub(crate) async fn wait_for_server(
    address: &str,
    timeout: Duration,
    is_enough: impl Fn(&ServerState) -> bool,
) -> Result<ServerState> {
    let mut client = Client::new(address, Protocol::Http1);
    let start = Instant::now();
    loop {
        let text = client.get("/metrics").await?;
        let found = ServerState {
            body_bytes: value(&text, "connector_body_bytes")?,
            stalled: value(&text, "connector_stalled_clients_total")?,
        };
        if is_enough(&found) {
            return Ok(found);
        }
        let ServerState { body_bytes, stalled } = found;
        ensure!(
            start.elapsed() < timeout,
            "/metrics still reports {body_bytes} bytes of bodies and {stalled} stalled clients"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The value of the only series with this name.
fn value(text: &str, name: &str) -> Result<u64> {
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.and_then(|value| value.parse().ok()).with_context(|| format!("/metrics has no {name}"))
}

/// Waits until enough requests are in flight. Only series with matching labels count.
async fn wait(
    address: &str,
    counts: impl Fn(&str) -> bool,
    is_enough: impl Fn(u64) -> bool,
) -> Result<String> {
    let mut client = Client::new(address, Protocol::Http1);
    let start = Instant::now();
    loop {
        let text = client.get("/metrics").await?;
        let counted = series(&text, IN_FLIGHT).filter(|(labels, _)| counts(labels));
        let in_flight = counted.map(|(_, value)| value).sum();
        if is_enough(in_flight) {
            return Ok(text);
        }
        ensure!(start.elapsed() < TIMEOUT, "{in_flight} requests are still in flight");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The labels and values of the series with this name.
fn series<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = (&'a str, u64)> {
    text.lines().filter_map(move |line| {
        let (labels, value) = line.strip_prefix(name)?.strip_prefix('{')?.rsplit_once("} ")?;
        Some((labels, value.parse().ok()?))
    })
}

/// The value of a label. The server's own labels contain no escaped characters.
fn label<'a>(labels: &'a str, name: &str) -> Option<&'a str> {
    labels.split(',').find_map(|label| label.strip_prefix(name)?.strip_prefix("=\"")?.strip_suffix('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_found_by_name_and_label() {
        let text = "# TYPE a counter\na{app=\"x\",status=\"200\"} 7\na_more{status=\"1\"} 3\nb 5\n";
        let found: Vec<_> = series(text, "a").collect();
        assert_eq!(found, [("app=\"x\",status=\"200\"", 7)]);
        assert_eq!(label(found[0].0, "status"), Some("200"));
        assert_eq!(label(found[0].0, "capability"), None);
    }
}
