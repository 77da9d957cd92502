//! Runs rustfmt, which must neither run forever nor outlive this program.

use std::io::{self, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// Held during a run, since there is room for only one.
static RUN: Mutex<()> = Mutex::new(());

/// The rustfmt that runs.
static RUNNING: Mutex<Option<Child>> = Mutex::new(None);

/// What rustfmt makes of `text`: `None` if it takes longer than `limit`, `Some(None)` if it does not accept the text.
///
/// # Errors
/// If it cannot be started.
pub(super) fn run(command: &mut Command, text: &str, limit: Duration) -> io::Result<Option<Option<String>>> {
    let _run = RUN.lock().unwrap_or_else(PoisonError::into_inner);
    let until = Instant::now() + limit;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let (stdin, stdout) = {
        let mut running = running();
        let child = running.insert(command.spawn()?);
        limit_processor_time(child, limit);
        (child.stdin.take(), child.stdout.take())
    };
    let text = text.to_owned();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        // If it does not read, its status says so.
        let _ = stdin.map(|mut stdin| stdin.write_all(text.as_bytes()));
        let mut formatted = Vec::new();
        let _ = stdout.map(|mut stdout| stdout.read_to_end(&mut formatted));
        // Nobody receives it if the time was over.
        let _ = sender.send(formatted);
    });
    let formatted = receiver.recv_timeout(limit);
    let ended = loop {
        let mut running = running();
        let Some(child) = &mut *running else { break None };
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if formatted.is_err() || Instant::now() >= until {
            // It may end by itself meanwhile.
            let _ = child.kill();
            child.wait()?;
            break None;
        }
        drop(running);
        thread::sleep(Duration::from_millis(1));
    };
    *running() = None;
    Ok(match (ended, formatted) {
        (Some(status), Ok(formatted)) => Some(String::from_utf8(formatted).ok().filter(|_| status.success())),
        _ => None,
    })
}

fn running() -> MutexGuard<'static, Option<Child>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has the system end it if this program is killed and cannot.
#[cfg(target_os = "linux")]
fn limit_processor_time(child: &Child, limit: Duration) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let seconds = Some(limit.as_secs().max(1));
    // Without it, the time limit still holds.
    let _ =
        prlimit(Some(Pid::from_child(child)), Resource::Cpu, Rlimit { current: seconds, maximum: seconds });
}

#[cfg(not(target_os = "linux"))]
fn limit_processor_time(_: &Child, _: Duration) {}

/// From now on Ctrl-C and SIGTERM end rustfmt before they end this program.
///
/// # Errors
/// If signals cannot be waited for.
#[cfg(unix)]
pub(crate) fn end_with_signals() -> io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
    thread::spawn(move || {
        for signal in signals.forever() {
            // Held until the end, so that no other one starts.
            let mut running = running();
            let _ = running.as_mut().map(Child::kill);
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    });
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn end_with_signals() -> io::Result<()> {
    Ok(())
}
