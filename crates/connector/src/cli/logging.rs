//! The log of a command-line run: on stderr, for people on a terminal and as JSON lines elsewhere, without secrets.

use std::io::{self, IsTerminal as _, Write};

use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use super::{Stop, env};
use crate::scrub;

/// The target of the line that says where a panic was.
const PANIC: &str = "connector::panic";

/// Starts the log: `-v` wins over `CONNECTOR_LOG`, which wins over `usual`.
pub(super) fn init(verbosity: u8, usual: LevelFilter) -> Result<(), Stop> {
    let level = match verbosity {
        0 => match env("CONNECTOR_LOG")? {
            Some(level) => level
                .parse()
                .map_err(|_| Stop::usage("CONNECTOR_LOG: expected off, error, warn, info, debug or trace"))?,
            None => usual,
        },
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    std::panic::set_hook(Box::new(|panic| {
        // The text is logged by dispatch; the default hook would print it as it is, secrets and all.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(target: PANIC, "panicked at {place}");
    }));
    if level == LevelFilter::OFF {
        return Ok(());
    }
    scrub::scrub_logs();
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(Stderr);
    // A host that has a log of its own keeps it.
    let _ = if io::stderr().is_terminal() {
        log.try_init().map_err(drop)
    } else {
        log.json().flatten_event(true).try_init().map_err(drop)
    };
    Ok(())
}

/// Makes the writers of the log.
struct Stderr;

impl<'w> MakeWriter<'w> for Stderr {
    type Writer = Line;

    fn make_writer(&'w self) -> Line {
        Line { is_scrubbed: true }
    }

    fn make_writer_for(&'w self, metadata: &Metadata<'_>) -> Line {
        // A line of the access log is made of registered names and numbers, that of a panic is a place in the source.
        Line { is_scrubbed: ![crate::ACCESS_LOG, PANIC].contains(&metadata.target()) }
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
