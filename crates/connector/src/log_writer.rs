//! Writes log lines in the background, so that a stuck log can't block the program.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// The maximum size, in bytes, of lines that wait to be written. More lines are dropped and counted.
const LIMIT: usize = 1 << 20;
/// How long to wait for further lines to write together. Otherwise, a busy server would wake the thread for every line.
const BATCH_DELAY: Duration = Duration::from_millis(2);
/// The maximum number of bytes written at once.
const BATCH: usize = 64 << 10;
/// How long [`LogWriter::flush`] waits if the log is read slowly.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

static DROPPED: AtomicU64 = AtomicU64::new(0);

/// The number of lines that this process dropped because its log was read too slowly.
#[cfg(feature = "server")]
pub(crate) fn dropped_lines() -> u64 {
    DROPPED.load(Ordering::Relaxed)
}

/// Passes lines to a thread that writes them in order. This never blocks.
///
/// `tracing-appender` is similar, but it limits the number of lines instead of their size, and prints to stdout at exit
/// if the log is stuck.
#[derive(Clone, Debug)]
pub(crate) struct LogWriter {
    sender: Sender<Message>,
    /// The size of all lines that haven't been written yet.
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

    /// Queues a whole line, or drops it if too much is already queued.
    pub(crate) fn push(&self, line: &[u8]) {
        let before = self.waiting.fetch_add(line.len(), Ordering::Relaxed);
        if before.saturating_add(line.len()) > LIMIT {
            self.waiting.fetch_sub(line.len(), Ordering::Relaxed);
            DROPPED.fetch_add(1, Ordering::Relaxed);
            return;
        }
        // Can't fail: the thread runs as long as there is a sender.
        let _ = self.sender.send(Message::Line(line.to_vec()));
    }

    /// Waits until the queued lines are written, but at most a second.
    pub(crate) fn flush(&self) {
        let (done, wait) = channel();
        let _ = self.sender.send(Message::Flush(done));
        let _ = wait.recv_timeout(FLUSH_TIMEOUT);
    }
}

fn write_all(receiver: &Receiver<Message>, waiting: &AtomicUsize, mut sink: impl Write) {
    let mut reported = 0;
    while let Ok(first) = receiver.recv() {
        if matches!(first, Message::Line(_)) {
            std::thread::sleep(BATCH_DELAY);
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
        // A failing log is no reason to stop.
        let _ = sink.write_all(&batch);
        waiting.fetch_sub(batch.len(), Ordering::Relaxed);
        let dropped = DROPPED.load(Ordering::Relaxed);
        if dropped > reported {
            reported = dropped;
            tracing::warn!(dropped, "the log is read too slowly; lines were dropped");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Passes on what is written. Each write waits for a permission, or until no more can come.
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
    fn a_stuck_log_blocks_nobody_and_uses_bounded_memory() {
        let (writer, read, permit) = slow();
        let line = [b"x".repeat(1 << 10), b"\n".to_vec()].concat();
        let before = DROPPED.load(Ordering::Relaxed);
        for _ in 0..10_000 {
            writer.push(&line);
        }
        // Times out, because nothing is read.
        writer.flush();
        let dropped = DROPPED.load(Ordering::Relaxed) - before;
        drop(permit);
        writer.flush();
        let written: usize = read.try_iter().map(|bytes| bytes.len()).sum();
        assert!(written <= LIMIT && written.is_multiple_of(line.len()), "{written}");
        assert_eq!(written / line.len() + usize::try_from(dropped).unwrap(), 10_000);
    }
}
