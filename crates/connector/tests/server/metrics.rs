//! `/metrics`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::time::{Duration, Instant};

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::server::Server;
use connector::{Integration, Secret};

use crate::support::{REQUEST, Running, integration};

/// Parses an exposition into samples by name and labels, and checks the rules of the format (version 0.0.4): a metric has
/// one type, followed by all of its samples; no sample is repeated; a histogram's buckets never decrease and end at its
/// count.
fn samples(text: &str) -> BTreeMap<String, f64> {
    let (mut types, mut samples, mut last) = (BTreeMap::new(), BTreeMap::new(), String::new());
    let mut finished = BTreeSet::new();
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# ") {
            let words: Vec<&str> = rest.splitn(3, ' ').collect();
            let [keyword @ ("HELP" | "TYPE"), name, text] = words[..] else { panic!("{line}") };
            if keyword == "TYPE" {
                assert!(["counter", "gauge", "histogram"].contains(&text), "{line}");
                assert!(types.insert(name.to_owned(), text.to_owned()).is_none(), "two types: {line}");
            }
            continue;
        }
        let (sample, value) = line.rsplit_once(' ').expect("a sample and its value");
        let (name, labels) = sample.split_once('{').unwrap_or((sample, "\"\"}"));
        assert!(labels.ends_with("\"}") && labels.matches('"').count() % 2 == 0, "{line}");
        let family = ["_bucket", "_sum", "_count"]
            .iter()
            .filter_map(|suffix| name.strip_suffix(suffix))
            .find(|family| types.get(*family).is_some_and(|kind| kind == "histogram"))
            .unwrap_or(name);
        assert!(types.contains_key(family), "no type: {line}");
        if family != last {
            assert!(finished.insert(family.to_owned()), "not together: {line}");
            last = family.to_owned();
        }
        let value: f64 = value.parse().expect("a number");
        assert!(samples.insert(sample.to_owned(), value).is_none(), "twice: {line}");
    }
    for (sample, end) in &samples {
        let Some((head, bound)) = sample.rsplit_once(",le=") else { continue };
        let falls = samples.iter().any(|(other, value)| {
            let below = other.strip_prefix(head).and_then(|rest| rest.strip_prefix(",le="));
            below.is_some_and(|below| le(below) < le(bound) && value > end)
        });
        assert!(!falls, "{sample}");
        if bound == "\"+Inf\"}" {
            assert_eq!(samples[&format!("{}}}", head.replace("_bucket", "_count"))], *end);
        }
    }
    samples
}

fn le(bound: &str) -> f64 {
    bound.trim_matches(['"', '}']).parse().expect("a bound")
}

fn sum(samples: &BTreeMap<String, f64>, name: &str, labels: &[&str]) -> f64 {
    let wanted = |sample: &str| {
        sample.split('{').next() == Some(name) && labels.iter().all(|label| sample.contains(label))
    };
    samples.iter().filter(|(sample, _)| wanted(sample)).map(|(_, value)| value).sum()
}

#[test]
fn requests_are_counted_by_capability_outcome_and_status_only() {
    let server = Running::start(Server::new(integration("app")));
    server.post("/list_accounts", REQUEST);
    server.post("/list-accounts", REQUEST);
    server.post("/list_accounts", "{");
    server.get("/list_accounts");
    server.post("/made_up_by_a_caller", REQUEST);
    let text = server.get("/metrics").body;
    assert!(!text.contains("made_up"), "{text}");
    let samples = samples(&text);
    let total = |labels: &[&str]| sum(&samples, "connector_requests_total", labels);
    let accounts = "capability=\"list_accounts\"";
    assert_eq!(total(&[accounts, "outcome=\"partial\"", "status=\"200\""]), 2.0);
    assert_eq!(total(&[accounts, "outcome=\"malformed\"", "status=\"400\""]), 1.0);
    assert_eq!(total(&[accounts, "outcome=\"rejected\"", "status=\"405\""]), 1.0);
    assert_eq!(total(&["capability=\"unknown\"", "outcome=\"not_implemented\"", "status=\"404\""]), 1.0);
    assert_eq!(total(&["app=\"app\""]), 5.0);
    let partial = [accounts, "outcome=\"partial\""];
    assert_eq!(sum(&samples, "connector_request_duration_seconds_count", &partial), 2.0);
    assert_eq!(sum(&samples, "connector_request_bytes_total", &partial), 2.0 * REQUEST.len() as f64);
    assert!(sum(&samples, "connector_response_bytes_total", &partial) > 0.0);
    assert_eq!(sum(&samples, "connector_requests_in_flight", &[]), 0.0);
}

#[test]
fn unauthorized_requests_are_counted_and_probes_are_not() {
    let server = Running::start(Server::new(integration("app")).token(Secret::from("canary-token")));
    server.post("/list_accounts", REQUEST);
    server.post("/no_such_thing", REQUEST);
    server.send("GET /metrics HTTP/1.1\r\nHost: evil.example", b"");
    for path in ["/livez", "/readyz", "/docs"] {
        server.get(path);
    }
    let text = server.send("GET /metrics HTTP/1.1\r\nAuthorization: Bearer canary-token", b"").body;
    let samples = samples(&text);
    let unknown = |status| {
        let labels = ["capability=\"unknown\"", "outcome=\"rejected\"", status];
        sum(&samples, "connector_requests_total", &labels)
    };
    assert_eq!((unknown("status=\"401\""), unknown("status=\"421\"")), (2.0, 1.0), "{text}");
    assert_eq!(sum(&samples, "connector_requests_total", &[]), 3.0);
}

#[test]
fn several_apps_share_a_metric() {
    let server = Running::start(Server::several([integration("one"), integration("two")]));
    server.post("/one/list_accounts", REQUEST);
    server.post("/two/list_accounts", REQUEST);
    let samples = samples(&server.get("/metrics").body);
    for app in ["app=\"one\"", "app=\"two\""] {
        assert_eq!(sum(&samples, "connector_requests_total", &[app]), 1.0);
    }
}

#[test]
fn requests_to_no_app_are_counted_without_an_app() {
    for server in [
        Server::several([integration("one"), integration("two")]),
        Server::new(integration("one")).prefix_app_id(true),
    ] {
        let server = Running::start(server.token(Secret::from("canary-token")));
        let bearing = |head: &str| server.send(&format!("{head}\r\nAuthorization: Bearer canary-token"), b"");
        server.post("/one/list_accounts", REQUEST);
        bearing("GET /info HTTP/1.1\r\nHost: evil.example");
        bearing("GET /info HTTP/1.1\r\nHost: a b");
        bearing("GET /three/info HTTP/1.1");
        bearing("GET /one/info HTTP/1.1");
        bearing("GET /one/no_such_thing HTTP/1.1");
        let text = bearing("GET /metrics HTTP/1.1").body;
        let samples = samples(&text);
        let total = |labels: &[&str]| sum(&samples, "connector_requests_total", labels);
        let none = ["app=\"\"", "capability=\"unknown\""];
        for (status, count) in [("401", 1.0), ("421", 1.0), ("400", 1.0), ("404", 1.0)] {
            let status = format!("status=\"{status}\"");
            assert_eq!(total(&[none[0], none[1], &status]), count, "{status}: {text}");
        }
        assert_eq!((total(&none), total(&["app=\"\""]), total(&["app=\"one\""])), (4.0, 4.0, 2.0), "{text}");
    }
}

/// Never returns.
async fn list_forever(
    _: connector::Request<ListAccountsRequest>,
) -> connector::Result<connector::Response<ListAccountsResponse>> {
    std::future::pending().await
}

#[test]
fn calls_are_in_flight_until_their_client_disconnects() {
    let integration = Integration::builder("app").register(ListAccounts, list_forever).build();
    let server = Running::start(Server::new(integration));
    let mut stream = server.connect();
    let head = format!("POST /list_accounts HTTP/1.1\r\nHost: {}", server.address);
    write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{REQUEST}", REQUEST.len()).unwrap();
    let until = |holds: &dyn Fn(&BTreeMap<String, f64>) -> bool| {
        let begun = Instant::now();
        while !holds(&samples(&server.get("/metrics").body)) {
            assert!(begun.elapsed() < Duration::from_secs(30));
        }
    };
    let accounts = "capability=\"list_accounts\"";
    until(&|samples| sum(samples, "connector_requests_in_flight", &[accounts]) == 1.0);
    drop(stream);
    let cancelled = [accounts, "outcome=\"cancelled\"", "status=\"499\""];
    until(&|samples| {
        sum(samples, "connector_requests_total", &cancelled) == 1.0
            && sum(samples, "connector_requests_in_flight", &[accounts]) == 0.0
    });
}
