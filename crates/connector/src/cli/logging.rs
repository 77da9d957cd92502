//! The log of a command-line run: on stderr, for people on a terminal and as JSON lines elsewhere, without secrets.

mod fields;

use std::io::{self, IsTerminal as _, Write};

use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use fields::JsonFields;

use super::{Stop, env};
use crate::integration::trace;
use crate::scrub;
#[cfg(feature = "server")]
use crate::server::access::{
    AccessLog,
    lines::{Format, Lines, Writer},
};

/// The target of the line that says where a panic was.
const PANIC: &str = "connector::panic";

/// The log of a run.
#[derive(Debug)]
pub(super) struct Log {
    level: LevelFilter,
    is_json: bool,
}

impl Log {
    /// Reads how to log: `-v` wins over `CONNECTOR_LOG`, which wins over `usual`.
    pub(super) fn read(verbosity: u8, usual: LevelFilter) -> Result<Self, Stop> {
        let level = match verbosity {
            0 => match env("CONNECTOR_LOG")? {
                Some(level) => level.parse().map_err(|_| {
                    Stop::usage("CONNECTOR_LOG: expected off, error, warn, info, debug or trace")
                })?,
                None => usual,
            },
            1 => LevelFilter::INFO,
            2 => LevelFilter::DEBUG,
            _ => LevelFilter::TRACE,
        };
        Ok(Self { level, is_json: !io::stderr().is_terminal() })
    }

    /// Starts the log.
    pub(super) fn start(&self) {
        hook_panics();
        if self.level == LevelFilter::OFF {
            return;
        }
        scrub::scrub_logs();
        let log = tracing_subscriber::fmt().with_max_level(self.level).with_writer(Stderr);
        // A host that has a log of its own keeps it.
        let started = if self.is_json {
            let log = log.json().flatten_event(true).with_current_span(false);
            log.fmt_fields(JsonFields).try_init().map_err(drop)
        } else {
            log.try_init().map_err(drop)
        };
        if started.is_ok() {
            trace::only_log();
        }
    }

    /// Starts the log together with `traces`.
    #[cfg(feature = "otlp")]
    pub(super) fn start_with(&self, traces: &super::traces::Traces) {
        use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
        use tracing_subscriber::util::SubscriberInitExt as _;

        hook_panics();
        scrub::scrub_logs();
        let log = tracing_subscriber::fmt::layer().with_writer(Stderr);
        let log = if self.is_json {
            let log = log.json().flatten_event(true).with_current_span(false);
            log.fmt_fields(JsonFields).with_filter(self.level).boxed()
        } else {
            log.with_filter(self.level).boxed()
        };
        let _ = tracing_subscriber::registry().with(log).with(traces.layer()).try_init();
    }

    /// Where a server logs each request.
    #[cfg(feature = "server")]
    pub(super) fn access(&self) -> io::Result<AccessLog> {
        if self.level < LevelFilter::INFO {
            return Ok(AccessLog::Off);
        }
        let format = if self.is_json { Format::Json } else { Format::Text };
        // Its lines are made of registered names, numbers, and ids and codes that are scrubbed already.
        Ok(AccessLog::Lines(Lines::new(format, Writer::new(io::stderr())?)))
    }
}

fn hook_panics() {
    std::panic::set_hook(Box::new(|panic| {
        // The text is logged by dispatch; the default hook would print it as it is, secrets and all.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(target: PANIC, "panicked at {place}");
    }));
}

/// Makes the writers of the log.
struct Stderr;

impl<'w> MakeWriter<'w> for Stderr {
    type Writer = Line;

    fn make_writer(&'w self) -> Line {
        Line { is_scrubbed: true }
    }

    fn make_writer_for(&'w self, metadata: &Metadata<'_>) -> Line {
        // That of a panic is a place in the source.
        Line { is_scrubbed: metadata.target() != PANIC }
    }
}

/// Writes whole lines to stderr.
struct Line {
    is_scrubbed: bool,
}

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // A log that nobody can read any more is no reason to stop; the subscriber would print to stderr about it.
        let _ = if self.is_scrubbed {
            io::stderr().write_all(scrub::scrub(&String::from_utf8_lossy(line)).as_bytes())
        } else {
            io::stderr().write_all(line)
        };
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
