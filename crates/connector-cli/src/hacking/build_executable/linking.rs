//! What to build for, and how to make it static.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::stop::Stop;

/// The compiler that is in charge of a folder.
pub(super) struct Toolchain {
    folder: PathBuf,
    host: String,
    version: String,
}

/// How an executable is compiled and linked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Linking {
    pub(super) target: String,
    pub(super) is_static: bool,
    /// Whether the user asked for this target.
    is_asked_for: bool,
    /// Whether relocations are packed (`DT_RELR`): 0.2 MB less, but a library of C has to know how to read them.
    is_packed: bool,
}

/// A library that comes with the compiler or the system, and is part of the executable.
pub(super) struct Runtime {
    pub(super) name: &'static str,
    pub(super) version: Option<String>,
    pub(super) licence: &'static str,
    pub(super) url: &'static str,
}

impl Toolchain {
    pub(super) fn of(folder: &Path) -> Result<Self, Stop> {
        let told = said(rustc(folder).arg("-vV")).ok_or_else(|| {
            Stop::io("rustc is not there, or does not say what it is: install Rust (https://rustup.rs)")
        })?;
        let line = |name: &str| {
            let value = told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            value.unwrap_or_default().to_owned()
        };
        Ok(Self { folder: folder.to_owned(), host: line("host"), version: line("release") })
    }

    /// For `target`, or what suits this machine best.
    pub(super) fn linking(&self, target: Option<&str>) -> Linking {
        let musl = self.host.strip_suffix("-gnu").map(|stem| format!("{stem}-musl"));
        let is_asked_for = target.is_some();
        let target = match target {
            Some(target) => target.to_owned(),
            None => musl.filter(|musl| self.has(musl)).unwrap_or_else(|| self.host.clone()),
        };
        let is_static = is_linux(&target);
        Linking { is_packed: is_static && self.reads_packed(&target), is_static, target, is_asked_for }
    }

    /// Whether the library of C that is linked for `target` reads packed relocations. One that does not makes an
    /// executable that cannot start, so that this is said only of what is tried on this machine afterwards.
    fn reads_packed(&self, target: &str) -> bool {
        if target.contains("-musl") {
            // Musl does since 1.2.4. Since this version the compiler brings 1.2.5, before it 1.2.3.
            return self.can_run(target) && is_at_least(&self.version, (1, 93));
        }
        let glibc = || said(Command::new("getconf").arg("GNU_LIBC_VERSION"));
        target == self.host
            && target.contains("-gnu")
            && glibc().is_some_and(|told| is_at_least(told.trim_start_matches("glibc "), (2, 36)))
    }

    /// Whether the standard library for a target is installed.
    fn has(&self, target: &str) -> bool {
        let folder = said(rustc(&self.folder).args(["--print", "target-libdir", "--target", target]));
        folder.is_some_and(|folder| Path::new(folder.trim_end()).is_dir())
    }

    /// Whether this machine can run what is built for `target`.
    pub(super) fn can_run(&self, target: &str) -> bool {
        let architecture = |triple: &str| triple.split('-').next().map(str::to_owned);
        target == self.host
            || (is_linux(target) && is_linux(&self.host) && architecture(target) == architecture(&self.host))
    }

    /// What else is in the executable.
    pub(super) fn runtime(&self, linking: &Linking) -> Vec<Runtime> {
        let mut runtime = vec![Runtime {
            name: "rust-std",
            version: Some(self.version.clone()),
            licence: "MIT OR Apache-2.0",
            url: "https://github.com/rust-lang/rust",
        }];
        if linking.is_static && linking.target.contains("-musl") {
            runtime.push(Runtime {
                name: "musl",
                version: None,
                licence: "MIT",
                url: "https://musl.libc.org",
            });
        } else if linking.is_static {
            runtime.push(Runtime {
                name: "glibc",
                version: None,
                licence: "LGPL-2.1-or-later",
                url: "https://www.gnu.org/software/libc/",
            });
        }
        runtime
    }
}

impl Linking {
    /// What the compiler is told.
    fn flags(&self) -> &'static [&'static str] {
        // Spelled as both a linker and a C compiler in front of one take it; a linker that is too old ignores it.
        const PACKED: &str = "-Clink-arg=-zpack-relative-relocs";
        const STATIC: &str = "-Ctarget-feature=+crt-static";
        // What is said of a frame to the unwinder is shorter where a register points to it: 0.16 MB less on x86-64.
        const FRAMES: &str = "-Cforce-frame-pointers=yes";
        match (self.is_static, self.is_packed) {
            (false, _) => &[],
            (true, false) => &[STATIC, FRAMES],
            (true, true) => &[STATIC, FRAMES, PACKED],
        }
    }

    /// Has cargo link statically. Build scripts and macros are for this machine and stay as they are.
    pub(super) fn apply(&self, cargo: &mut Command) {
        let own = self.flags();
        if own.is_empty() {
            return;
        }
        // Of these cargo obeys the first that is there, and no configuration.
        let appended = |variable: &'static str, separator: &str| {
            let mut flags = std::env::var_os(variable)?;
            if !flags.is_empty() {
                flags.push(separator);
            }
            flags.push(own.join(separator));
            Some((variable, flags))
        };
        match appended("CARGO_ENCODED_RUSTFLAGS", "\u{1f}").or_else(|| appended("RUSTFLAGS", " ")) {
            Some((variable, flags)) => cargo.env(variable, flags),
            None => cargo.arg("--config").arg(format!("target.{}.rustflags={own:?}", self.target)),
        };
    }

    /// Adds to why the program could not be built, if the target was not the user's choice and lacks something.
    pub(super) fn explain(&self, stop: Stop, has_c_compiler: impl FnOnce(&str) -> bool) -> Stop {
        let Some(stem) = self.target.strip_suffix("-musl").filter(|_| !self.is_asked_for && stop.status == 1)
        else {
            return stop;
        };
        if has_c_compiler(&self.target) {
            return stop;
        }
        let message = format!(
            "{}: C code in its dependencies needs a C compiler for musl, and there is no musl-gcc (Debian: musl-tools); \
             or build with glibc: --target {stem}-gnu",
            stop.message
        );
        Stop { message, ..stop }
    }

    /// What a user should know of this choice.
    pub(super) fn hint(&self) -> Option<String> {
        let stem = self.target.strip_suffix("-gnu").filter(|_| self.is_static)?;
        Some(format!(
            "with glibc inside (LGPL), which looks names up with the libraries of the machine that it runs on; to be free \
             of both: rustup target add {stem}-musl"
        ))
    }
}

fn is_linux(target: &str) -> bool {
    target.split('-').any(|part| part == "linux")
}

/// Whether a version is this one or a later one.
fn is_at_least(version: &str, least: (u32, u32)) -> bool {
    let digits = |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    let mut numbers = version.trim().split('.').map(digits);
    let mut next = || numbers.next().flatten();
    matches!((next(), next()), (Some(major), Some(minor)) if (major, minor) >= least)
}

/// Whether build scripts find a C compiler for a target of musl: the crate `cc`, which they all use, asks these
/// variables, then for these programs.
pub(super) fn has_c_compiler(target: &str) -> bool {
    let its_own = [format!("CC_{target}"), format!("CC_{}", target.replace('-', "_"))];
    let is_set = |variable: &str| std::env::var_os(variable).is_some();
    let is_there = |program: &str| said(Command::new(program).arg("--version")).is_some();
    its_own.iter().any(|variable| is_set(variable))
        || ["TARGET_CC", "CC"].into_iter().any(is_set)
        || is_there("musl-gcc")
        || is_there(&format!("{}-gcc", target.replace("-unknown-", "-")))
}

fn rustc(folder: &Path) -> Command {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.current_dir(folder);
    rustc
}

/// What a program prints, if it is there and content.
fn said(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(host: &str) -> Toolchain {
        Toolchain { folder: ".".into(), host: host.to_owned(), version: "1.95.0".to_owned() }
    }

    #[test]
    fn linux_is_static_and_another_system_is_not() {
        let linux = on("x86_64-unknown-linux-gnu");
        assert!(linux.linking(Some("aarch64-unknown-linux-musl")).is_static);
        assert!(!linux.linking(Some("x86_64-pc-windows-msvc")).is_static);
        let mac = on("aarch64-apple-darwin").linking(None);
        assert_eq!((mac.target.as_str(), mac.is_static), ("aarch64-apple-darwin", false));
        let mut cargo = Command::new("cargo");
        mac.apply(&mut cargo);
        assert_eq!(cargo.get_args().count(), 0);
    }

    #[test]
    fn only_what_this_machine_can_run_is_tried() {
        let linux = on("x86_64-unknown-linux-gnu");
        assert!(linux.can_run("x86_64-unknown-linux-musl"));
        assert!(!linux.can_run("aarch64-unknown-linux-gnu"));
        assert!(!linux.can_run("x86_64-pc-windows-gnu"));
    }

    #[test]
    fn the_library_of_c_is_named_with_its_licence() {
        let linux = on("x86_64-unknown-linux-gnu");
        let names = |target| -> Vec<&str> {
            linux.runtime(&linux.linking(Some(target))).iter().map(|runtime| runtime.name).collect()
        };
        assert_eq!(names("x86_64-unknown-linux-gnu"), ["rust-std", "glibc"]);
        assert_eq!(names("x86_64-unknown-linux-musl"), ["rust-std", "musl"]);
        assert_eq!(names("aarch64-apple-darwin"), ["rust-std"]);
    }

    #[test]
    fn a_musl_that_nobody_asked_for_is_explained_when_it_fails() {
        let chosen = Linking {
            target: "x86_64-unknown-linux-musl".to_owned(),
            is_static: true,
            is_asked_for: false,
            is_packed: false,
        };
        let message = chosen.explain(Stop::failed("acme could not be built"), |_| false).message;
        for part in ["acme could not be built: ", "Debian: musl-tools", "--target x86_64-unknown-linux-gnu"] {
            assert!(message.contains(part), "{message}");
        }
        assert_eq!(chosen.explain(Stop::failed("a mistake"), |_| true).message, "a mistake");
        let asked = Linking { is_asked_for: true, ..chosen };
        assert_eq!(asked.explain(Stop::failed("no"), |_| false).message, "no");
    }

    #[test]
    fn relocations_are_packed_where_the_library_of_c_reads_them_and_that_is_tried() {
        let packed = |version: &str, target| {
            let toolchain = Toolchain { version: version.to_owned(), ..on("x86_64-unknown-linux-gnu") };
            toolchain.linking(Some(target)).is_packed
        };
        assert!(packed("1.93.0", "x86_64-unknown-linux-musl"));
        assert!(packed("1.100.0-nightly", "x86_64-unknown-linux-musl"));
        assert!(!packed("1.92.0", "x86_64-unknown-linux-musl"), "with an older musl it would not start");
        assert!(!packed("1.93.0", "aarch64-unknown-linux-musl"), "nobody would see that it does not start");
        assert!(!packed("1.93.0", "aarch64-unknown-linux-gnu"));
        assert!(!packed("1.93.0", "x86_64-pc-windows-gnu"));
    }

    #[test]
    fn the_compiler_is_told_of_packed_relocations_besides() {
        let flags = |is_packed| {
            let linking = Linking { is_packed, ..on("x86_64-unknown-linux-gnu").linking(None) };
            linking.flags().join(" ")
        };
        let frames = "-Ctarget-feature=+crt-static -Cforce-frame-pointers=yes";
        assert_eq!(flags(false), frames);
        assert_eq!(flags(true), format!("{frames} -Clink-arg=-zpack-relative-relocs"));
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(
            is_at_least("2.36\n", (2, 36)) && is_at_least("3.0", (2, 36)) && is_at_least("2.100", (2, 36))
        );
        assert!(!is_at_least("2.35", (2, 36)) && !is_at_least("2", (2, 36)) && !is_at_least("", (2, 36)));
    }
}
