//! Changes with the real tools of shadow-utils in private roots, compared with sudo and the C library on a private
//! machine. Only a `LiveAccount` is on the running machine.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![expect(clippy::needless_pass_by_value, reason = "`&` before every `json!` would only be noise")]

mod accounts;
mod confirmation;
mod creation;
mod dispatch;
mod granted;
mod groups;
mod hostile;
mod live_account;
mod locking;
mod pam;
mod private_machine;
mod private_root;
mod protection;
mod rights;
mod sudo;
