//! Responses counted by capability and status: by the clients, by the server's metrics, and by its access log.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Result, ensure};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally(BTreeMap<(String, u16), u64>);

impl Tally {
    /// Adds `more` responses.
    pub(crate) fn add(&mut self, capability: &str, status: u16, more: u64) {
        *self.0.entry((capability.to_owned(), status)).or_default() += more;
    }

    /// Removes the responses of a capability with a status, and returns their number.
    pub(crate) fn remove(&mut self, capability: &str, status: u16) -> u64 {
        self.0.remove(&(capability.to_owned(), status)).unwrap_or_default()
    }

    pub(crate) fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// Compares the responses that the clients received with those that the server counted. Ignores the capability
    /// `without`, whose clients disconnect before the response.
    ///
    /// # Errors
    /// Lists every capability and status with different counts.
    pub(crate) fn ensure_same_as(&self, server: &Self, without: &str) -> Result<()> {
        let keys = self.0.keys().chain(server.0.keys()).filter(|(capability, _)| capability != without);
        let count = |tally: &Self, key| tally.0.get(key).copied().unwrap_or_default();
        let mut differences: Vec<String> = keys
            .filter(|key| count(self, key) != count(server, key))
            .map(|key| {
                format!("{} {}: {} received, {} counted", key.0, key.1, count(self, key), count(server, key))
            })
            .collect();
        differences.dedup();
        ensure!(differences.is_empty(), "the counts differ: {}", differences.join("; "));
        Ok(())
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines =
            self.0.iter().map(|((capability, status), count)| format!("{count:>10} {status} {capability}"));
        f.write_str(&lines.collect::<Vec<_>>().join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(entries: &[(&str, u16, u64)]) -> Tally {
        let mut tally = Tally::default();
        entries.iter().for_each(|(capability, status, count)| tally.add(capability, *status, *count));
        tally
    }

    #[test]
    fn lost_responses_are_reported() {
        let received = tally(&[("list_accounts", 200, 9), ("info", 200, 1)]);
        let counted = tally(&[("list_accounts", 200, 10), ("info", 200, 1)]);
        let error = received.ensure_same_as(&counted, "gone").unwrap_err().to_string();
        assert!(
            error.contains("list_accounts 200: 9 received, 10 counted") && !error.contains("info"),
            "{error}"
        );
    }

    #[test]
    fn disconnected_clients_are_not_compared() {
        let (received, counted) = (tally(&[("a", 200, 1)]), tally(&[("a", 200, 1), ("gone", 200, 3)]));
        assert!(received.ensure_same_as(&counted, "gone").is_ok());
        assert!(received.ensure_same_as(&counted, "other").is_err());
    }
}
