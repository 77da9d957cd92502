//! Writes log lines in the background: a log that nobody reads must not stop the program.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// How many bytes of lines may wait to be written. Beyond that, lines are dropped and counted.
const LIMIT: usize = 1 << 20;
/// How long a line waits for others to be written with it: a busy server would otherwise wake the thread for each.
const GATHER: Duration = Duration::from_millis(2);
/// How many bytes are written at once.
const BATCH: usize = 64 << 10;
/// How long [`LogWriter::flush`] waits for a log that is slow to be read.
const PATIENCE: Duration = Duration::from_secs(1);

static DROPPED: AtomicU64 = AtomicU64::new(0);

/// How many lines this process has dropped because its log was not read fast enough.
#[cfg(feature = "server")]
pub(crate) fn dropped_lines() -> u64 {
    DROPPED.load(Ordering::Relaxed)
}

/// Hands lines to a thread that writes them in order. Handing one over never blocks.
///
/// `tracing-appender` would do the same, but it bounds the number of lines and not their size, and at the end of the
/// process it prints to stdout if the log is stuck.
#[derive(Clone, Debug)]
pub(crate) struct LogWriter {
    sender: Sender<Message>,
    /// The bytes of all lines that have not been written yet.
    waiting: Arc<AtomicUsize>,
}

#[derive(Debug)]
enum Message {
    Line(Vec<u8>),
    /// Dropped when everything before it has been written.
    Flush(Sender<()>),
}

impl LogWriter {
    /// Starts the thread that writes to `sink`.
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub(crate) fn new(sink: impl Write + Send + 'static) -> io::Result<Self> {
        let (sender, receiver) = channel();
        let writer = Self { sender, waiting: Arc::default() };
        let waiting = Arc::clone(&writer.waiting);
        let thread = std::thread::Builder::new().name("log".to_owned());
        thread.spawn(move || write_all(&receiver, &waiting, sink))?;
        Ok(writer)
    }

    /// Hands over a whole line, or drops it if too much is waiting already.
    pub(crate) fn push(&self, line: &[u8]) {
        let before = self.waiting.fetch_add(line.len(), Ordering::Relaxed);
        if before.saturating_add(line.len()) > LIMIT {
            self.waiting.fetch_sub(line.len(), Ordering::Relaxed);
            DROPPED.fetch_add(1, Ordering::Relaxed);
            return;
        }
        // The thread lives as long as there is a sender.
        let _ = self.sender.send(Message::Line(line.to_vec()));
    }

    /// Waits until the lines handed over so far are written, but at most a second.
    pub(crate) fn flush(&self) {
        let (done, wait) = channel();
        let _ = self.sender.send(Message::Flush(done));
        let _ = wait.recv_timeout(PATIENCE);
    }
}

fn write_all(receiver: &Receiver<Message>, waiting: &AtomicUsize, mut sink: impl Write) {
    let mut reported = 0;
    while let Ok(first) = receiver.recv() {
        if matches!(first, Message::Line(_)) {
            std::thread::sleep(GATHER);
        }
        let mut batch = Vec::new();
        let mut flushes = Vec::new();
        for message in std::iter::once(first).chain(receiver.try_iter()) {
            match message {
                Message::Line(line) => batch.extend(line),
                Message::Flush(done) => flushes.push(done),
            }
            if batch.len() >= BATCH {
                break;
            }
        }
        // A log that cannot be written is no reason to stop.
        let _ = sink.write_all(&batch);
        waiting.fetch_sub(batch.len(), Ordering::Relaxed);
        let dropped = DROPPED.load(Ordering::Relaxed);
        if dropped > reported {
            reported = dropped;
            tracing::warn!(dropped, "the log is not read fast enough: lines were dropped");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Sends what is written; each write waits until the next permission, or until there is nobody to give one.
    struct Slow {
        written: mpsc::Sender<Vec<u8>>,
        permitted: mpsc::Receiver<()>,
    }

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.permitted.recv();
            let _ = self.written.send(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn slow() -> (LogWriter, mpsc::Receiver<Vec<u8>>, mpsc::Sender<()>) {
        let (written, read) = mpsc::channel();
        let (permit, permitted) = mpsc::channel();
        (LogWriter::new(Slow { written, permitted }).unwrap(), read, permit)
    }

    #[test]
    fn a_line_is_written_without_a_flush() {
        let (writer, read, permit) = slow();
        drop(permit);
        writer.push(b"one\n");
        assert_eq!(read.recv().unwrap(), b"one\n");
    }

    #[test]
    fn a_flush_waits_for_every_line_before_it() {
        let (writer, read, permit) = slow();
        drop(permit);
        let lines: Vec<String> = (0..2000).map(|number| format!("line {number}\n")).collect();
        lines.iter().for_each(|line| writer.push(line.as_bytes()));
        writer.flush();
        assert_eq!(read.try_iter().flatten().collect::<Vec<u8>>(), lines.concat().into_bytes());
    }

    #[test]
    fn a_log_that_nobody_reads_blocks_nobody_and_holds_a_bounded_number_of_bytes() {
        let (writer, read, permit) = slow();
        let line = [b"x".repeat(1 << 10), b"\n".to_vec()].concat();
        let before = DROPPED.load(Ordering::Relaxed);
        for _ in 0..10_000 {
            writer.push(&line);
        }
        // Gives up after a while: nobody reads.
        writer.flush();
        let dropped = DROPPED.load(Ordering::Relaxed) - before;
        drop(permit);
        writer.flush();
        let written: usize = read.try_iter().map(|bytes| bytes.len()).sum();
        assert!(written <= LIMIT && written.is_multiple_of(line.len()), "{written}");
        assert_eq!(written / line.len() + usize::try_from(dropped).unwrap(), 10_000);
    }
}
