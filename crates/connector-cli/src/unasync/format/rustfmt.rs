//! Runs rustfmt, which must not run forever or outlive this program.

use std::io::{self, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// Held during a run, because `RUNNING` has room for only one.
static RUN: Mutex<()> = Mutex::new(());

/// The rustfmt process that is running.
static RUNNING: Mutex<Option<Child>> = Mutex::new(None);

/// Formats `text`. Returns `None` if rustfmt takes longer than `limit`, and `Some(None)` if it rejects the text.
///
/// # Errors
/// If rustfmt cannot be started.
pub(super) fn run(command: &mut Command, text: &str, limit: Duration) -> io::Result<Option<Option<String>>> {
    let _run = RUN.lock().unwrap_or_else(PoisonError::into_inner);
    let until = Instant::now() + limit;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let (stdin, stdout) = {
        let mut running = running();
        let child = running.insert(command.spawn()?);
        limit_cpu_time(child, limit);
        (child.stdin.take(), child.stdout.take())
    };
    let text = text.to_owned();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        // If rustfmt stops reading, its exit status shows it.
        let _ = stdin.map(|mut stdin| stdin.write_all(text.as_bytes()));
        let mut formatted = Vec::new();
        let _ = stdout.map(|mut stdout| stdout.read_to_end(&mut formatted));
        // After a timeout, there is no receiver.
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
            // It may exit by itself in the meantime.
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

/// Limits the CPU time, so the system ends rustfmt if this program is killed.
#[cfg(target_os = "linux")]
fn limit_cpu_time(child: &Child, limit: Duration) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let seconds = Some(limit.as_secs().max(1));
    // If this fails, the time limit still applies.
    let _ =
        prlimit(Some(Pid::from_child(child)), Resource::Cpu, Rlimit { current: seconds, maximum: seconds });
}

#[cfg(not(target_os = "linux"))]
fn limit_cpu_time(_: &Child, _: Duration) {}

/// From now on, Ctrl-C and SIGTERM kill rustfmt before they end this program.
///
/// # Errors
/// If the signal handlers cannot be installed.
#[cfg(unix)]
pub(crate) fn kill_on_signals() -> io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
    thread::spawn(move || {
        for signal in signals.forever() {
            // Held until the end, so no other process is started.
            let mut running = running();
            let _ = running.as_mut().map(Child::kill);
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    });
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn kill_on_signals() -> io::Result<()> {
    Ok(())
}
