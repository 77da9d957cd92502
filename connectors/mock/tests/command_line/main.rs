//! The command line that every connector gets, run as a process.

mod agent_log;
mod awkward;
mod bad_input;
mod canaries;
mod files;
mod flags;
#[cfg(unix)]
mod hacking;
mod help;
mod log;
mod requests;
#[cfg(unix)]
mod result_files;
mod serve;
#[cfg(target_os = "linux")]
mod signals;
mod support;
#[cfg(feature = "otlp")]
mod traces;
