//! What the client logs. This test is alone in its program: threads of other tests, which have no log, could make
//! `tracing` skip events.
#![cfg(all(feature = "client", feature = "paused"))]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use connector::capability::Effect;
use connector::client::Client;
use connector::testing::{Exchange, MockUpstream, Reply, paused};
use connector::{NoAuth, NoSettings, Request};
use serde_json::json;

const CANARY: &str = "canary-0123456789";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("the log").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn answers_and_waits_are_logged_without_credentials_and_queries() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        paused(async {
            let mock = MockUpstream::in_order([
                Exchange::get("/a").any_query().answers(Reply::rate_limited(7)),
                Exchange::get("/a").any_query().answers(json!({})),
            ]);
            let request = Request::new((), NoSettings::default(), NoAuth::default());
            let request = request.with_capability("test", Effect::Read);
            let api = Client::builder().no_proxy().build().upstream(&request, &mock.url()).unwrap();
            let api = api.secret_query("key", CANARY).bearer(CANARY).unwrap();
            api.get(["a"]).query("q", CANARY).send().await.unwrap();
            mock.verify();
        });
    });
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let ours = |line: &&str| line.contains("connector::client");
    assert_eq!(
        log.lines().filter(ours).filter(|line| line.contains("answered method=GET")).count(),
        2,
        "{log}"
    );
    assert!(log.contains("seconds=7"), "{log}");
    assert!(!log.contains(CANARY), "{log}");
}
