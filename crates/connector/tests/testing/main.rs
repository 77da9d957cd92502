//! The testing kit: that it lets a right connector pass, and that it fails a wrong one and says why.

#![cfg(feature = "testing")]

mod caller;
mod cases;
mod paused;
mod support;
mod upstream;
