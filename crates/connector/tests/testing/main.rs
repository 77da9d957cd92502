//! The testing kit: a correct connector passes, and a wrong one fails with the reason.

#![cfg(feature = "testing")]

mod caller;
mod cases;
mod paused;
mod support;
mod upstream;
