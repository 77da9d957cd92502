//! The testing kit: a correct connector passes, and a wrong one fails with the reason.

#![cfg(feature = "testing")]

mod cases;
#[cfg(feature = "paused")]
mod paused;
mod support;
mod test_client;
mod upstream;
