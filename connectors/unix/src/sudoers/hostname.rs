//! The hostname of a machine.

use crate::root::Root;

/// What `uname -n` prints.
const KERNEL: &str = "proc/sys/kernel/hostname";

/// The name that the machine gets when it boots.
const CONFIGURED: &str = "etc/hostname";

const MAX_FILE: u64 = 64 << 10;

/// The longest name that a host can have, in bytes.
const MAX_NAME: usize = 255;

/// The machine's name: the kernel's on the running machine, the configured one in an image.
pub(crate) fn hostname(root: &Root) -> Option<String> {
    if root.is_live() {
        return first(root, [KERNEL, CONFIGURED]);
    }
    configured_hostname(root)
}

/// The name that the machine gets when it boots or, if none is configured, that of the kernel.
pub(crate) fn configured_hostname(root: &Root) -> Option<String> {
    first(root, [CONFIGURED, KERNEL])
}

fn first(root: &Root, paths: [&str; 2]) -> Option<String> {
    paths.into_iter().find_map(|path| {
        let text = String::from_utf8(root.read_up_to(path, MAX_FILE).ok()?).ok()?;
        let name = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
        (name.len() <= MAX_NAME).then(|| name.to_owned())
    })
}
