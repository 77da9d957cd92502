//! A group of processes that ends together with this program.

use std::process::{Child, Command, Stdio};

use anyhow::Context as _;

/// Waits until its input is closed, then kills its group. The system closes the input even if this program is killed.
const LEADER: &str = "read -r _; kill -s KILL 0";

/// A group of processes. Dropping it kills all of them.
#[derive(Debug)]
pub(crate) struct Group {
    leader: Child,
}

impl Group {
    /// Creates a group without a command.
    ///
    /// # Errors
    /// If the shell can't be started.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let mut leader = Command::new("sh");
        leader.args(["-c", LEADER]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        set_group(&mut leader, 0);
        let leader = leader.spawn().context("`sh` could not be started")?;
        Ok(Self { leader })
    }

    /// Has `command` run in this group, which Ctrl-C in a terminal doesn't reach.
    pub(crate) fn add(&self, command: &mut Command) {
        command.stdin(Stdio::null()); // the terminal's input belongs to the foreground
        set_group(command, self.leader.id());
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Waiting closes the leader's input.
        let _ = self.leader.wait();
    }
}

/// Moves the process of `command` to a group when it starts; 0 stands for a new one.
#[cfg(unix)]
fn set_group(command: &mut Command, group: u32) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(group.cast_signed());
}

/// There are no such groups here, and what runs in the background needs Debian.
#[cfg(not(unix))]
fn set_group(_: &mut Command, _: u32) {}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn dropping_a_group_kills_commands_and_their_children() {
        let group = Group::start().unwrap();
        let (mut reader, writer) = std::io::pipe().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 30 & wait"]).stdout(writer);
        group.add(&mut command);
        let mut child = command.spawn().unwrap();
        drop(command); // it holds the writing end
        drop(group);
        assert_eq!(child.wait().unwrap().signal(), Some(9));
        // The pipe is only closed when the grandchild has ended too.
        assert_eq!(reader.read_to_end(&mut Vec::new()).unwrap(), 0);
    }
}
