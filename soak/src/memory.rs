//! The container's memory limit: a cgroup, enforced by the kernel, or otherwise the process's own peak.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

/// A memory cgroup with a limit. It is removed when it is dropped. The kernel kills processes that exceed the limit.
pub(crate) struct Cgroup {
    folder: PathBuf,
    version: Version,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    /// Memory of sockets is counted separately, and only if it has a limit.
    V1,
    /// Memory of sockets counts towards the limit.
    V2,
}

/// The peak memory of a cgroup.
pub(crate) struct Peak {
    version: Version,
    bytes: u64,
    /// Only counted with version 1.
    sockets: u64,
}

impl Cgroup {
    /// Creates a cgroup below that of this process, or next to it if a cgroup with processes can't have children.
    ///
    /// # Errors
    /// If this process isn't allowed to, for example because it isn't root.
    pub(crate) fn new(limit: u64) -> Result<Self> {
        let current = std::fs::read_to_string("/proc/self/cgroup")?;
        let path = |controller: &str| {
            current.lines().find_map(|line| {
                let (_, line) = line.split_once(':')?;
                let (controllers, path) = line.split_once(':')?;
                (controllers == controller).then(|| path.trim_start_matches('/'))
            })
        };
        if let Some(path) = path("memory") {
            return Self::below(&Path::new("/sys/fs/cgroup/memory").join(path), Version::V1, limit);
        }
        let current =
            Path::new("/sys/fs/cgroup").join(path("").context("this process has no memory cgroup")?);
        Self::below(&current, Version::V2, limit).or_else(|error| {
            current.parent().map_or(Err(error), |parent| Self::below(parent, Version::V2, limit))
        })
    }

    fn below(parent: &Path, version: Version, limit: u64) -> Result<Self> {
        let folder = parent.join(format!("soak-{}", std::process::id()));
        std::fs::create_dir(&folder).with_context(|| folder.display().to_string())?;
        let cgroup = Self { folder, version };
        let limit = limit.to_string();
        match version {
            Version::V1 => {
                cgroup.write("memory.limit_in_bytes", &limit)?;
                cgroup.write("memory.kmem.tcp.limit_in_bytes", &limit)?;
            }
            Version::V2 => {
                cgroup.write("memory.max", &limit)?;
                cgroup.write("memory.swap.max", "0")?;
            }
        }
        Ok(cgroup)
    }

    /// The file for the IDs of processes to move to this cgroup.
    pub(crate) fn processes(&self) -> PathBuf {
        self.folder.join("cgroup.procs")
    }

    /// The peak memory so far.
    ///
    /// # Errors
    /// If the kernel killed a process that exceeded the limit.
    pub(crate) fn peak(&self) -> Result<Peak> {
        let (events, peak) = match self.version {
            Version::V1 => ("memory.oom_control", "memory.max_usage_in_bytes"),
            Version::V2 => ("memory.events", "memory.peak"),
        };
        let kills = self.read(events)?;
        let kills = kills.lines().find_map(|line| line.strip_prefix("oom_kill ")).context("oom_kill")?;
        ensure!(kills.trim() == "0", "the server exceeded its memory limit and was killed");
        let number = |name: &str| Ok::<u64, anyhow::Error>(self.read(name)?.trim().parse()?);
        let sockets = match self.version {
            Version::V1 => number("memory.kmem.tcp.max_usage_in_bytes")?,
            Version::V2 => 0,
        };
        Ok(Peak { version: self.version, bytes: number(peak)?, sockets })
    }

    fn read(&self, name: &str) -> Result<String> {
        std::fs::read_to_string(self.folder.join(name)).with_context(|| name.to_owned())
    }

    fn write(&self, name: &str, value: &str) -> Result<()> {
        std::fs::write(self.folder.join(name), value).with_context(|| name.to_owned())
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir(&self.folder);
    }
}

impl Peak {
    /// The memory of the processes and of their sockets. The two peaks may have been at different times, so this is an
    /// upper bound.
    pub(crate) fn total(&self) -> u64 {
        self.bytes + self.sockets
    }
}

impl fmt::Display for Peak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.version {
            Version::V1 => write!(
                f,
                "a cgroup (version 1): {} memory, and {} of sockets",
                Mebibytes(self.bytes),
                Mebibytes(self.sockets)
            ),
            Version::V2 => write!(f, "a cgroup (version 2): {} with sockets", Mebibytes(self.bytes)),
        }
    }
}

/// Displays a number of bytes in MiB.
pub(crate) struct Mebibytes(pub(crate) u64);

impl fmt::Display for Mebibytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} MiB", self.0 as f64 / f64::from(1 << 20))
    }
}
