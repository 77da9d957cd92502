//! The log of a command-line run: on stderr, formatted for people on a terminal and as JSON lines otherwise, without
//! secrets.

mod fields;
mod line;

use std::io::{self, IsTerminal as _, Write};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::fmt::{MakeWriter, format};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use fields::JsonFields;
use line::JsonLine;

use super::{Stop, env};
use crate::integration::trace;
use crate::log_writer::LogWriter;
use crate::scrub;

/// The log of a run.
#[derive(Debug)]
pub(super) struct Log {
    level: LevelFilter,
    writer: LogWriter,
}

impl Log {
    /// Determines the log level: `-v` overrides `CONNECTOR_LOG`, which overrides `default`.
    pub(super) fn read(verbosity: u8, default: LevelFilter) -> Result<Self, Stop> {
        let level = match verbosity {
            0 => match env("CONNECTOR_LOG")? {
                Some(level) => level.parse().map_err(|_| {
                    Stop::usage("CONNECTOR_LOG must be off, error, warn, info, debug or trace")
                })?,
                None => default,
            },
            1 => LevelFilter::INFO,
            2 => LevelFilter::DEBUG,
            _ => LevelFilter::TRACE,
        };
        let writer = LogWriter::new(io::stderr())
            .map_err(|error| Stop::io(format!("cannot start a thread: {error}")))?;
        Ok(Self { level, writer })
    }

    /// Starts the log.
    pub(super) fn start(&self) {
        hook_panics();
        if self.level == LevelFilter::OFF {
            return;
        }
        scrub::scrub_logs();
        // Keeps a subscriber that the program has already installed.
        if tracing_subscriber::registry().with(self.level).with(self.layer()).try_init().is_ok() {
            trace::set_log_only();
        }
    }

    /// Starts the log together with `traces`.
    #[cfg(feature = "otlp")]
    pub(super) fn start_with(&self, traces: &super::traces::Traces) {
        hook_panics();
        scrub::scrub_logs();
        let _ = tracing_subscriber::registry()
            .with(self.layer().with_filter(self.level))
            .with(traces.layer())
            .try_init();
    }

    /// Waits until the log is written, for a limited time.
    pub(super) fn flush(&self) {
        self.writer.flush();
    }

    fn layer<S>(&self) -> Box<dyn Layer<S> + Send + Sync>
    where
        S: tracing::Subscriber + for<'span> LookupSpan<'span>,
    {
        let log = tracing_subscriber::fmt::layer().with_writer(Lines(self.writer.clone()));
        if io::stderr().is_terminal() {
            let fields = format::debug_fn(fields::for_people).delimited(" ");
            log.fmt_fields(fields).boxed()
        } else {
            log.fmt_fields(JsonFields).event_format(JsonLine).boxed()
        }
    }
}

fn hook_panics() {
    std::panic::set_hook(Box::new(|panic| {
        // Dispatch logs the message. The default hook would print it unscrubbed.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        scrub::unscrubbed(|| tracing::error!(target: "connector::panic", "panicked at {place}"));
    }));
}

/// Passes the lines of the log to its writer.
struct Lines(LogWriter);

impl<'w> MakeWriter<'w> for Lines {
    type Writer = Line<'w>;

    fn make_writer(&'w self) -> Line<'w> {
        Line(&self.0)
    }
}

struct Line<'w>(&'w LogWriter);

impl Write for Line<'_> {
    /// The subscriber writes a whole line at once.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if !scrub::is_logging_dropped() {
            self.0.push(line);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
