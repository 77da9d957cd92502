//! The signals that end the program: Ctrl-C and, on Unix, SIGTERM.

use std::io;
use std::sync::mpsc;

use super::output;
use crate::cancellation::Cancellation;

/// Receives the signals, which no longer end the process by themselves, even after this is dropped.
#[cfg(unix)]
pub(super) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Starts receiving. Must be called inside a runtime.
    pub(super) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for the next signal and returns its number.
    pub(super) async fn next(&mut self) -> i32 {
        use std::task::Poll;

        use tokio::signal::unix::SignalKind;
        std::future::poll_fn(|context| {
            if self.interrupt.poll_recv(context).is_ready() {
                Poll::Ready(SignalKind::interrupt().as_raw_value())
            } else if self.terminate.poll_recv(context).is_ready() {
                Poll::Ready(SignalKind::terminate().as_raw_value())
            } else {
                Poll::Pending
            }
        })
        .await
    }
}

/// Receives Ctrl-C.
#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Starts receiving. Must be called inside a runtime.
    #[expect(clippy::unnecessary_wraps, reason = "fails on Unix")]
    pub(super) const fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for the next Ctrl-C and returns the number that it has on Unix.
    pub(super) async fn next(&mut self) -> i32 {
        const SIGINT: i32 = 2;
        // Without a handler, wait until the process ends.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
        SIGINT
    }
}

/// Lets a call finish after a signal, because it makes a change that shouldn't be left incomplete. The first signal
/// cancels `call`, so that a handler that checks its cancellation can stop early. The second one ends the process.
///
/// # Errors
/// If signals can't be received. Then they end the process, as usual.
#[expect(clippy::exit, reason = "what the signal would have done")]
pub(super) fn let_finish(call: Cancellation) -> io::Result<()> {
    let (sender, is_listening) = mpsc::channel();
    // The handler may block the thread of the call.
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_io().build() {
            Ok(runtime) => runtime,
            Err(error) => return drop(sender.send(Err(error))),
        };
        runtime.block_on(async {
            let mut signals = match Signals::listen() {
                Ok(signals) => signals,
                Err(error) => return drop(sender.send(Err(error))),
            };
            drop(sender.send(Ok(())));
            signals.next().await;
            // The call may end as soon as it is cancelled, and the process with it.
            output::print_error("waiting for the call to end; another signal ends it immediately\n");
            call.cancel();
            let signal = signals.next().await;
            // The status of a process that a signal ended, in a shell.
            std::process::exit(128 + signal);
        });
    })?;
    is_listening.recv().unwrap_or_else(|_| Err(io::Error::other("the thread ended")))
}
