//! The log of a command-line run: on stderr or in a file for each day, formatted for people on a terminal and as JSON
//! lines otherwise, without secrets.

mod dated_file;
mod environment;
mod fields;
mod line;

use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::fmt::{MakeWriter, format};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use dated_file::DatedFile;
pub(super) use environment::settings_log;
use fields::JsonFields;
use line::JsonLine;

use super::{Stop, output};
use crate::integration::trace;
use crate::log_writer::LogWriter;
use crate::scrub;

/// The log of a run.
#[derive(Debug)]
pub(super) struct Log {
    level: LevelFilter,
    writer: LogWriter,
    /// Whether lines are formatted for people.
    is_for_people: bool,
}

impl Log {
    /// Determines the level and where lines go. `-v` overrides the environment variables, which override `default`.
    pub(super) fn read(app_id: &str, verbosity: u8, default: LevelFilter) -> Result<Self, Stop> {
        let level = match verbosity {
            0 => environment::level()?.unwrap_or(default),
            1 => LevelFilter::INFO,
            2 => LevelFilter::DEBUG,
            _ => LevelFilter::TRACE,
        };
        let file = match environment::directory()? {
            Some(folder) => open(folder, app_id),
            None => None,
        };
        let is_for_people = file.is_none() && io::stderr().is_terminal();
        let sink: Box<dyn Write + Send> = match file {
            Some(file) => Box::new(file),
            None => Box::new(io::stderr()),
        };
        let writer =
            LogWriter::new(sink).map_err(|error| Stop::io(format!("cannot start a thread: {error}")))?;
        Ok(Self { level, writer, is_for_people })
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
        if self.is_for_people {
            let fields = format::debug_fn(fields::for_people).delimited(" ");
            log.fmt_fields(fields).boxed()
        } else {
            log.fmt_fields(JsonFields).event_format(JsonLine).boxed()
        }
    }
}

/// Opens the log file of `app_id`. If that fails, the call is still made, and its log goes to stderr.
fn open(folder: PathBuf, app_id: &str) -> Option<DatedFile> {
    let shown = folder.display().to_string();
    match DatedFile::open(folder, app_id) {
        Ok(file) => Some(file),
        Err(error) => {
            let problem = format!("cannot write the log of {app_id} in {shown}: {error}");
            output::print_error(&format!("warning: {problem}; it goes to stderr\n"));
            None
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
