//! The tasks, one file each.

pub(crate) mod bench;
pub(crate) mod deny;
pub(crate) mod lint;
pub(crate) mod manifests;
pub(crate) mod package;
pub(crate) mod soak;
pub(crate) mod system;
pub(crate) mod test;
