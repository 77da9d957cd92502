//! Traces over OTLP, as a collector receives them: protocol buffers over HTTP.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use test_support::Serving;

use crate::support::{REQUEST, program};

const SECRET: &str = "canary-7Kq2-zzzz";
const PARENT: &str = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";

/// Starts a collector that forwards the bodies it receives.
fn collector() -> (String, Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let sender = sender.clone();
            std::thread::spawn(move || while export(&stream, &sender).is_some() {});
        }
    });
    (address, receiver)
}

/// Receives one export and forwards it before confirming it. Returns `None` at the end of the connection.
fn export(mut stream: &TcpStream, exports: &Sender<Vec<u8>>) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    let head = String::from_utf8(head).expect("UTF-8").to_ascii_lowercase();
    assert!(head.starts_with("post /v1/traces http/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/x-protobuf"), "{head}");
    let length =
        head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()).expect("a length");
    let mut body = vec![0; length.parse().expect("a number")];
    stream.read_exact(&mut body).ok()?;
    exports.send(body).ok()?;
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").ok()
}

/// The fields of a message by number: byte strings for length-delimited fields, and numbers.
#[derive(Debug, Default)]
struct Message {
    bytes: BTreeMap<u64, Vec<Vec<u8>>>,
    numbers: BTreeMap<u64, u64>,
}

impl Message {
    fn read(mut rest: &[u8]) -> Self {
        let mut message = Self::default();
        while !rest.is_empty() {
            let tag = varint(&mut rest);
            match tag & 7 {
                0 => {
                    message.numbers.insert(tag >> 3, varint(&mut rest));
                }
                2 => {
                    let length = usize::try_from(varint(&mut rest)).expect("a length");
                    let (bytes, after) = rest.split_at(length);
                    message.bytes.entry(tag >> 3).or_default().push(bytes.to_vec());
                    rest = after;
                }
                kind => rest = &rest[if kind == 1 { 8 } else { 4 }..],
            }
        }
        message
    }

    fn all(&self, field: u64) -> impl Iterator<Item = Self> {
        self.bytes.get(&field).into_iter().flatten().map(|bytes| Self::read(bytes))
    }

    fn text(&self, field: u64) -> String {
        let bytes = self.bytes.get(&field).and_then(|all| all.first()).cloned();
        String::from_utf8(bytes.unwrap_or_default()).expect("UTF-8")
    }

    fn hex(&self, field: u64) -> String {
        let bytes = self.bytes.get(&field).and_then(|all| all.first());
        bytes.into_iter().flatten().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The attributes with string values.
    fn attributes(&self, field: u64) -> BTreeMap<String, String> {
        self.all(field).map(|pair| (pair.text(1), pair.all(2).map(|value| value.text(1)).collect())).collect()
    }
}

fn varint(rest: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let (byte, after) = rest.split_first().expect("another byte");
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    value
}

struct Exported {
    service: String,
    name: String,
    trace: String,
    id: String,
    parent: String,
    kind: u64,
    status: u64,
    attributes: BTreeMap<String, String>,
}

/// The spans of all exports. Fails if one contains the secret.
fn spans(exports: &Receiver<Vec<u8>>) -> Vec<Exported> {
    let mut spans = Vec::new();
    for body in exports.try_iter() {
        assert!(!String::from_utf8_lossy(&body).contains("7Kq2"), "{}", String::from_utf8_lossy(&body));
        for resource_spans in Message::read(&body).all(1) {
            let resource = resource_spans.all(1).next().expect("a resource").attributes(1);
            for span in resource_spans.all(2).flat_map(|scope| scope.all(2).collect::<Vec<_>>()) {
                spans.push(Exported {
                    service: resource["service.name"].clone(),
                    name: span.text(5),
                    trace: span.hex(1),
                    id: span.hex(2),
                    parent: span.hex(4),
                    kind: span.numbers.get(&6).copied().unwrap_or_default(),
                    status: span
                        .all(15)
                        .next()
                        .and_then(|status| status.numbers.get(&3).copied())
                        .unwrap_or_default(),
                    attributes: span.attributes(9),
                });
            }
        }
    }
    spans
}

fn serve(mut command: Command, endpoint: &str) -> Serving {
    command.args(["serve", "-p", "0"]).env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
    for name in
        ["OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_TRACES_EXPORTER", "OTEL_TRACES_SAMPLER"]
    {
        command.env_remove(name);
    }
    Serving::start(command)
}

fn request(id: &str) -> String {
    let request = REQUEST.replace(r#""p""#, &format!("{SECRET:?}"));
    request.replacen('{', &format!("{{\"request_id\":{id:?},"), 1)
}

#[test]
fn request_is_a_span_in_its_callers_trace() {
    let (endpoint, exports) = collector();
    let serving = serve(program(), &endpoint);
    serving.post_with("/list_accounts", PARENT, &request("call-1"));
    serving.post(
        "/list_accounts",
        &request(SECRET).replace("\"request\"", "\"settings\":{\"panic\":true},\"request\""),
    );
    serving.post("/list_accounts", "{");
    serving.stop("-TERM");
    let spans = spans(&exports);
    let [first, panicked, broken] = &spans[..] else { panic!("{} spans", spans.len()) };
    assert_eq!((&*first.service, &*first.name, first.kind), ("mock-connector", "list_accounts", 2));
    assert_eq!((&*first.trace, &*first.parent), ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"));
    assert_eq!((&*first.attributes["request_id"], &*first.attributes["outcome"]), ("call-1", "success"));
    assert!(first.attributes.contains_key("duration_ms") && first.status == 0);
    assert_eq!((&*panicked.attributes["outcome"], &*panicked.attributes["request_id"]), ("failed", "***"));
    assert_eq!((panicked.status, panicked.parent.as_str()), (2, ""), "an error in its own trace");
    assert_ne!(panicked.trace, first.trace);
    assert_eq!((&*broken.attributes["outcome"], broken.status), ("malformed", 0));
}

#[test]
fn handler_spans_are_below_the_request_without_secrets() {
    let (endpoint, exports) = collector();
    let serving = serve(Command::new(env!("CARGO_BIN_EXE_awkward-connector")), &endpoint);
    serving.post("/list_accounts", &request("call-1"));
    serving.stop("-TERM");
    let spans = spans(&exports);
    let [handler_span, request_span] = &spans[..] else { panic!("{} spans", spans.len()) };
    assert_eq!((&*handler_span.name, &*handler_span.attributes["password"]), ("***", "***"));
    assert_eq!((&handler_span.parent, &handler_span.trace), (&request_span.id, &request_span.trace));
}

#[test]
fn untraced_requests_are_not_exported() {
    let (endpoint, exports) = collector();
    let serving = serve(program(), &endpoint);
    serving.post_with("/list_accounts", &PARENT.replace("-01\r", "-00\r"), REQUEST);
    serving.stop("-TERM");
    assert_eq!(spans(&exports).len(), 0);
}

#[test]
fn unresponsive_collector_does_not_affect_calls_or_shutdown() {
    // This one accepts connections, but never reads.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let closed =
        TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("an address");
    for address in [silent.local_addr().expect("an address"), closed] {
        let mut command = program();
        command.env("OTEL_BSP_SCHEDULE_DELAY", "10");
        let serving = serve(command, &format!("http://{address}"));
        for _ in 0..20 {
            assert!(serving.post("/list_accounts", REQUEST).starts_with("HTTP/1.1 200 OK"));
        }
        let start = Instant::now();
        let (status, _) = serving.stop("-TERM");
        assert_eq!(status, Some(0));
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    }
}

#[test]
fn endpoint_with_credentials_is_a_usage_error() {
    for name in ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] {
        let mut command = program();
        let output = command.args(["serve", "-p", "0"]).env(name, "http://user:canary@127.0.0.1:1").output();
        let output = output.expect("it ends");
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(name) && !message.contains("canary"), "{message}");
    }
}
