//! The client for the upstream, against a mock upstream and on a paused clock.
#![cfg(all(feature = "client", feature = "paused"))]

mod errors;
mod retries;
mod wires;

use connector::capability::Effect;
use connector::client::{Client, Upstream};
use connector::{NoAuth, NoSettings, Request};

/// A request of a capability with this effect.
fn request(effect: Effect) -> Request<()> {
    Request::new((), NoSettings::default(), NoAuth::default()).with_capability("test", effect)
}

fn client() -> Client {
    Client::builder().no_proxy().build()
}

/// The upstream at `url`, for a capability with this effect.
fn upstream(url: &str, effect: Effect) -> Upstream {
    client().upstream(&request(effect), url).expect("a valid base URL")
}
