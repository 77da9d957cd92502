//! The environment variables that configure the log: this SDK's own, and those of the platform's agent.

use std::path::PathBuf;

use tracing::level_filters::LevelFilter;

use super::super::{Stop, env};
use crate::integration::SettingsLog;

const LEVEL: &str = "LUMOS_LOG_LEVEL";
const DIRECTORY: &str = "LUMOS_LOG_DIRECTORY";
const TO_STDOUT: &str = "LUMOS_LOG_TO_STDOUT";
const REQUEST_SETTINGS: &str = "LUMOS_LOG_REQUEST_SETTINGS";
const REDACTED_KEYS: &str = "LUMOS_ADDITIONAL_REDACTED_LOG_KEYS";

/// Determines the log level: `CONNECTOR_LOG` overrides `LUMOS_LOG_LEVEL`.
pub(super) fn level() -> Result<Option<LevelFilter>, Stop> {
    if let Some(level) = env("CONNECTOR_LOG")? {
        let level = level.parse();
        let level =
            level.map_err(|_| Stop::usage("CONNECTOR_LOG must be off, error, warn, info, debug or trace"))?;
        return Ok(Some(level));
    }
    let Some(level) = env(LEVEL)? else { return Ok(None) };
    match level.to_ascii_uppercase().as_str() {
        // Nothing is more severe than an error here.
        "CRITICAL" | "ERROR" => Ok(Some(LevelFilter::ERROR)),
        "WARNING" => Ok(Some(LevelFilter::WARN)),
        "INFO" => Ok(Some(LevelFilter::INFO)),
        "DEBUG" => Ok(Some(LevelFilter::DEBUG)),
        _ => Err(Stop::usage(format!("{LEVEL} must be DEBUG, INFO, WARNING, ERROR or CRITICAL"))),
    }
}

/// Returns the folder for log files. Without one, the log goes to stderr.
pub(super) fn directory() -> Result<Option<PathBuf>, Stop> {
    if is_true(TO_STDOUT)?.unwrap_or(false) {
        // Stdout carries the response, so this is stderr, as in Python.
        return Ok(None);
    }
    Ok(std::env::var_os(DIRECTORY).filter(|path| !path.is_empty()).map(PathBuf::from))
}

/// Returns what to log about the settings of each call. They are logged by default if the agent sets a level.
pub(in crate::cli) fn settings_log() -> Result<Option<SettingsLog>, Stop> {
    let is_logged = match is_true(REQUEST_SETTINGS)? {
        Some(is_logged) => is_logged,
        None => env(LEVEL)?.is_some(),
    };
    let keys = env(REDACTED_KEYS)?.unwrap_or_default();
    Ok(is_logged.then(|| SettingsLog::new(keys.split(','))))
}

/// Reads a boolean. As in Python, anything other than `true` is false.
fn is_true(name: &str) -> Result<Option<bool>, Stop> {
    Ok(env(name)?.map(|text| text.eq_ignore_ascii_case("true")))
}
