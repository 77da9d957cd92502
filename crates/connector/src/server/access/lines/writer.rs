//! Lines that are written in the background, many at a time.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a line may wait for others to be written with it.
const GATHER: Duration = Duration::from_millis(10);
/// So many bytes are written at once without waiting for more.
const ENOUGH: usize = 64 << 10;
/// So many bytes may wait. Beyond that lines are dropped, and counted: a log that nobody reads must not stop a server.
const MOST: usize = 1 << 20;

/// How long the end of a process waits for the last lines to be written.
const PATIENCE: Duration = Duration::from_secs(5);

/// Hands whole lines to a thread that writes them, in their order. What was handed over is written before it is
/// dropped, unless that takes too long.
#[derive(Debug)]
pub(crate) struct Writer {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    /// There is something to do for the thread.
    changed: Condvar,
    /// All is written.
    written: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: Vec<u8>,
    dropped: u64,
    thread: Thread,
    /// Whether somebody waits for the lines to be written.
    is_urgent: bool,
    ends: bool,
}

/// What the thread does.
#[derive(Debug, Default, PartialEq, Eq)]
enum Thread {
    /// It sleeps until there is a line.
    #[default]
    Idle,
    /// It lets lines gather.
    Gathering,
    Writing,
}

impl Waiting {
    const fn is_done(&self) -> bool {
        self.lines.is_empty() && !matches!(self.thread, Thread::Writing)
    }

    const fn is_enough(&self) -> bool {
        self.lines.len() >= ENOUGH || self.is_urgent || self.ends
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Writer {
    /// Writes to `sink`, of which each write is a number of whole lines.
    ///
    /// # Errors
    /// If there can be no more threads.
    pub(crate) fn new(sink: impl Write + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("access-log".to_owned());
        thread.spawn(move || write_all(&theirs, sink))?;
        Ok(Self { shared })
    }

    /// Hands over a line, which ends with a line feed.
    pub(crate) fn push(&self, line: &[u8]) {
        let mut waiting = self.shared.lock();
        if waiting.lines.len() + line.len() > MOST {
            waiting.dropped += 1;
            return;
        }
        let had_enough = waiting.is_enough();
        waiting.lines.extend_from_slice(line);
        let wakes = match waiting.thread {
            Thread::Idle => waiting.lines.len() == line.len(),
            Thread::Gathering => !had_enough && waiting.is_enough(),
            Thread::Writing => false,
        };
        drop(waiting);
        if wakes {
            self.shared.changed.notify_one();
        }
    }

    /// Waits until all lines are written, but no longer than that may take.
    pub(crate) fn flush(&self) {
        let mut waiting = self.shared.lock();
        waiting.is_urgent = true;
        self.shared.changed.notify_one();
        let waited = self.shared.written.wait_timeout_while(waiting, PATIENCE, |waiting| !waiting.is_done());
        waited.unwrap_or_else(PoisonError::into_inner).0.is_urgent = false;
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.flush();
        self.shared.lock().ends = true;
        self.shared.changed.notify_one();
    }
}

fn write_all(shared: &Shared, mut sink: impl Write) {
    let mut batch = Vec::new();
    let mut waiting = shared.lock();
    loop {
        while waiting.lines.is_empty() {
            if waiting.ends {
                return;
            }
            waiting.thread = Thread::Idle;
            waiting = shared.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        if !waiting.is_enough() {
            waiting.thread = Thread::Gathering;
            let gathered = shared.changed.wait_timeout(waiting, GATHER);
            waiting = gathered.unwrap_or_else(PoisonError::into_inner).0;
        }
        waiting.thread = Thread::Writing;
        std::mem::swap(&mut waiting.lines, &mut batch);
        let dropped = std::mem::take(&mut waiting.dropped);
        drop(waiting);
        // A log that cannot be written is no reason to stop.
        let _ = sink.write_all(&batch);
        if dropped > 0 {
            tracing::warn!(lines = dropped, "the access log is not read fast enough: lines were dropped");
        }
        batch.clear();
        // One long batch is no reason to hold so much for ever.
        batch.shrink_to(2 * ENOUGH);
        waiting = shared.lock();
        waiting.thread = Thread::Idle;
        if waiting.is_done() {
            shared.written.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    /// Sends what is written; each write waits until the next permission.
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

    fn slow() -> (Writer, mpsc::Receiver<Vec<u8>>, mpsc::Sender<()>) {
        let (written, read) = mpsc::channel();
        let (permit, permitted) = mpsc::channel();
        (Writer::new(Slow { written, permitted }).unwrap(), read, permit)
    }

    #[test]
    fn a_line_is_written_while_nothing_else_happens() {
        let (writer, read, permit) = slow();
        drop(permit);
        writer.push(b"one\n");
        assert_eq!(read.recv().unwrap(), b"one\n");
    }

    #[test]
    fn all_lines_are_written_in_order_before_the_end() {
        let (writer, read, permit) = slow();
        let mut expected = Vec::new();
        for number in 0..2000 {
            let line = format!("line {number}\n").into_bytes();
            writer.push(&line);
            expected.extend(line);
        }
        drop(permit);
        drop(writer);
        assert_eq!(read.iter().flatten().collect::<Vec<u8>>(), expected);
    }

    #[test]
    fn a_log_that_nobody_reads_holds_up_nobody_and_holds_only_so_much() {
        let (writer, read, permit) = slow();
        let line = [b"x".repeat(1 << 10), b"\n".to_vec()].concat();
        for _ in 0..10_000 {
            writer.push(&line);
        }
        drop(permit);
        drop(writer);
        let written: usize = read.iter().map(|bytes| bytes.len()).sum();
        assert!(written <= 2 * MOST && written.is_multiple_of(line.len()), "{written}");
    }
}
