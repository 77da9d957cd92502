//! Requests through an integration, from bytes to bytes.

mod bad_input;
mod build;
mod cancellation;
mod credentials;
mod custom;
mod errors;
mod frame;
mod info;
mod logs;
mod odd_forms;
mod paging;
mod places;
mod properties;
mod secrets;
mod settings;
mod state;
mod support;
mod survival;
mod terms;
mod wires;
