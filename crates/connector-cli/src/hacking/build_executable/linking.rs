//! Chooses the target and links the executable statically.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::stop::Stop;

/// The compiler that cargo uses in a folder.
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
    /// Whether the user requested this target.
    is_requested: bool,
    /// Whether relocations are packed (`DT_RELR`). That saves 0.2 MB, but the C library must support it.
    is_packed: bool,
}

/// A library of the compiler or the system that is linked into the executable.
pub(super) struct Runtime {
    pub(super) name: &'static str,
    pub(super) version: Option<String>,
    pub(super) license: &'static str,
    pub(super) url: &'static str,
}

impl Toolchain {
    pub(super) fn detect(folder: &Path) -> Result<Self, Stop> {
        let version = stdout_of(rustc(folder).arg("-vV"))
            .ok_or_else(|| Stop::io("cannot run `rustc -vV`: install Rust (https://rustup.rs)"))?;
        let line = |name: &str| {
            let value = version.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            value.unwrap_or_default().to_owned()
        };
        Ok(Self { folder: folder.to_owned(), host: line("host"), version: line("release") })
    }

    /// The linking for `target`, or for the best target on this machine.
    pub(super) fn linking(&self, target: Option<&str>) -> Linking {
        let musl = self.host.strip_suffix("-gnu").map(|stem| format!("{stem}-musl"));
        let is_requested = target.is_some();
        let target = match target {
            Some(target) => target.to_owned(),
            None => musl.filter(|musl| self.has(musl)).unwrap_or_else(|| self.host.clone()),
        };
        let is_static = is_linux(&target);
        Linking { is_packed: is_static && self.supports_packed(&target), is_static, target, is_requested }
    }

    /// Whether the C library linked for `target` supports packed relocations. Without support the executable can't
    /// start, so this is only true for targets whose executables can be tried on this machine.
    fn supports_packed(&self, target: &str) -> bool {
        if target.contains("-musl") {
            // musl supports them since 1.2.4. rustc 1.93 and later bundle musl 1.2.5, earlier versions 1.2.3.
            return self.can_run(target) && is_at_least(&self.version, (1, 93));
        }
        let glibc = || stdout_of(Command::new("getconf").arg("GNU_LIBC_VERSION"));
        target == self.host
            && target.contains("-gnu")
            && glibc().is_some_and(|version| is_at_least(version.trim_start_matches("glibc "), (2, 36)))
    }

    /// Whether the standard library for a target is installed.
    fn has(&self, target: &str) -> bool {
        let folder = stdout_of(rustc(&self.folder).args(["--print", "target-libdir", "--target", target]));
        folder.is_some_and(|folder| Path::new(folder.trim_end()).is_dir())
    }

    /// Whether this machine can run executables built for `target`.
    pub(super) fn can_run(&self, target: &str) -> bool {
        let architecture = |triple: &str| triple.split('-').next().map(str::to_owned);
        target == self.host
            || (is_linux(target) && is_linux(&self.host) && architecture(target) == architecture(&self.host))
    }

    /// The libraries linked in addition to the crates.
    pub(super) fn runtime(&self, linking: &Linking) -> Vec<Runtime> {
        let mut runtime = vec![Runtime {
            name: "rust-std",
            version: Some(self.version.clone()),
            license: "MIT OR Apache-2.0",
            url: "https://github.com/rust-lang/rust",
        }];
        if linking.is_static && linking.target.contains("-musl") {
            runtime.push(Runtime {
                name: "musl",
                version: None,
                license: "MIT",
                url: "https://musl.libc.org",
            });
        } else if linking.is_static {
            runtime.push(Runtime {
                name: "glibc",
                version: None,
                license: "LGPL-2.1-or-later",
                url: "https://www.gnu.org/software/libc/",
            });
        }
        runtime
    }
}

impl Linking {
    /// Compiler flags.
    fn flags(&self) -> &'static [&'static str] {
        // Both linkers and C compiler drivers accept this form. Linkers that are too old ignore it.
        const PACKED: &str = "-Clink-arg=-zpack-relative-relocs";
        const STATIC: &str = "-Ctarget-feature=+crt-static";
        // With frame pointers, the unwind tables are smaller: 0.16 MB on x86-64.
        const FRAMES: &str = "-Cforce-frame-pointers=yes";
        match (self.is_static, self.is_packed) {
            (false, _) => &[],
            (true, false) => &[STATIC, FRAMES],
            (true, true) => &[STATIC, FRAMES, PACKED],
        }
    }

    /// Makes cargo link statically. Build scripts and macros run on this machine and are not affected.
    pub(super) fn apply(&self, cargo: &mut Command) {
        let own = self.flags();
        if own.is_empty() {
            return;
        }
        // cargo uses the first of these variables that is set, and then ignores the configuration.
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

    /// Adds a hint to a failed build, if the target was chosen by default and a C compiler for it is missing.
    pub(super) fn explain(&self, stop: Stop, has_c_compiler: impl FnOnce(&str) -> bool) -> Stop {
        let Some(stem) = self.target.strip_suffix("-musl").filter(|_| !self.is_requested && stop.status == 1)
        else {
            return stop;
        };
        if has_c_compiler(&self.target) {
            return stop;
        }
        let message = format!(
            "{}: C code in its dependencies requires a C compiler for musl, but musl-gcc is not installed (Debian: \
             musl-tools); or build with glibc: --target {stem}-gnu",
            stop.message
        );
        Stop { message, ..stop }
    }

    /// A note for the user about this choice.
    pub(super) fn hint(&self) -> Option<String> {
        let stem = self.target.strip_suffix("-gnu").filter(|_| self.is_static)?;
        Some(format!(
            "linked with glibc (LGPL), which resolves names with the libraries of the machine that it runs on; to avoid \
             both: rustup target add {stem}-musl"
        ))
    }
}

fn is_linux(target: &str) -> bool {
    target.split('-').any(|part| part == "linux")
}

/// Whether a version is `least` or later.
fn is_at_least(version: &str, least: (u32, u32)) -> bool {
    let digits = |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    let mut numbers = version.trim().split('.').map(digits);
    let mut next = || numbers.next().flatten();
    matches!((next(), next()), (Some(major), Some(minor)) if (major, minor) >= least)
}

/// Whether build scripts find a C compiler for a musl target. The crate `cc`, which they all use, checks these
/// variables, then these programs.
pub(super) fn has_c_compiler(target: &str) -> bool {
    let target_variables = [format!("CC_{target}"), format!("CC_{}", target.replace('-', "_"))];
    let is_set = |variable: &str| std::env::var_os(variable).is_some();
    let is_installed = |program: &str| stdout_of(Command::new(program).arg("--version")).is_some();
    target_variables.iter().any(|variable| is_set(variable))
        || ["TARGET_CC", "CC"].into_iter().any(is_set)
        || is_installed("musl-gcc")
        || is_installed(&format!("{}-gcc", target.replace("-unknown-", "-")))
}

fn rustc(folder: &Path) -> Command {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.current_dir(folder);
    rustc
}

/// The stdout of a program, if it succeeds.
fn stdout_of(command: &mut Command) -> Option<String> {
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
    fn only_linux_executables_are_static() {
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
    fn can_run_targets_of_this_architecture() {
        let linux = on("x86_64-unknown-linux-gnu");
        assert!(linux.can_run("x86_64-unknown-linux-musl"));
        assert!(!linux.can_run("aarch64-unknown-linux-gnu"));
        assert!(!linux.can_run("x86_64-pc-windows-gnu"));
    }

    #[test]
    fn c_library_is_listed_in_the_runtime() {
        let linux = on("x86_64-unknown-linux-gnu");
        let names = |target| -> Vec<&str> {
            linux.runtime(&linux.linking(Some(target))).iter().map(|runtime| runtime.name).collect()
        };
        assert_eq!(names("x86_64-unknown-linux-gnu"), ["rust-std", "glibc"]);
        assert_eq!(names("x86_64-unknown-linux-musl"), ["rust-std", "musl"]);
        assert_eq!(names("aarch64-apple-darwin"), ["rust-std"]);
    }

    #[test]
    fn failed_default_musl_build_explains_the_missing_compiler() {
        let chosen = Linking {
            target: "x86_64-unknown-linux-musl".to_owned(),
            is_static: true,
            is_requested: false,
            is_packed: false,
        };
        let message = chosen.explain(Stop::failed("acme could not be built"), |_| false).message;
        for part in ["acme could not be built: ", "Debian: musl-tools", "--target x86_64-unknown-linux-gnu"] {
            assert!(message.contains(part), "{message}");
        }
        assert_eq!(chosen.explain(Stop::failed("a mistake"), |_| true).message, "a mistake");
        let requested = Linking { is_requested: true, ..chosen };
        assert_eq!(requested.explain(Stop::failed("no"), |_| false).message, "no");
    }

    #[test]
    fn relocations_are_packed_only_if_supported() {
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
    fn packed_relocations_add_a_linker_flag() {
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
