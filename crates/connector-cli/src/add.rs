//! `connector add`: adds a capability to a connector.

mod about;
mod block;
mod capability;
mod chain;
mod files;
mod handler;
mod imports;
mod place;
mod registry;
mod state;
mod test;
mod undo;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use connector::Wire;
use signal_hook::consts::{SIGINT, SIGTERM};

use self::block::Block;
use self::capability::Capability;
use self::chain::Chain;
use self::files::{Module, Package};
use self::imports::Import;
use self::place::Place;
use self::registry::Registry;
use self::test::Test;
use self::undo::{Changes, Done};
use crate::hacking::cargo::{cannot_run, cargo};
use crate::hacking::program;
use crate::output::print;
use crate::stop::Stop;

pub(crate) const HELP: &str = "\
The handler returns `not_implemented` until you write it, and its test expects that. In a class-style connector, the \
handler is a method of the `impl` block under `#[connector::capabilities]`. Existing code is changed only where something \
is added. If the connector does not compile with the change, everything is undone and the manual steps are printed.

Exit status: 0 added; 1 not added, because it is already registered, there is no place for it, the wire format does not \
have it, or it would not compile; 2 invalid command line; 3 a file cannot be read or written, or cargo cannot be started";

#[derive(Args)]
pub(crate) struct Add {
    /// The capabilities to add, all or none; `connector capabilities` lists them with their wire formats
    #[arg(required = true, value_name = "CAPABILITY")]
    capabilities: Vec<String>,
    /// The connector's folder
    #[arg(short, long, value_name = "FOLDER", default_value = ".")]
    directory: PathBuf,
}

impl Add {
    pub(crate) fn run(&self) -> Result<ExitCode, Stop> {
        let capabilities: Vec<Capability> =
            self.capabilities.iter().map(|name| Capability::named(name)).collect::<Result<_, _>>()?;
        let located = program::locate(&self.directory)?;
        let interrupted = interrupts()?;
        let mut done = Done::default();
        for capability in &capabilities {
            // Each one is added to what the previous one left.
            match Package::read(&located).and_then(|package| add(&package, capability)) {
                Ok(next) => done.append(next),
                Err(stop) => {
                    done.undo()?;
                    return Err(stop);
                }
            }
        }
        let stop = match check(&self.directory, &located) {
            // Ctrl-C also ends cargo, whose status may arrive before the signal.
            Ok(status) if interrupted.load(Ordering::Relaxed) || status.code().is_none() => {
                Stop::failed("interrupted; all changes were undone")
            }
            Ok(status) if status.success() => return report(&done, &capabilities),
            Ok(_) => does_not_compile(&located, &capabilities),
            Err(stop) => by_hand(&stop, &capabilities),
        };
        done.undo()?;
        Err(stop)
    }
}

/// Adds a capability, without compiling the connector.
///
/// # Errors
/// If that is not possible. Then nothing has changed.
fn add(package: &Package, capability: &Capability) -> Result<Done, Stop> {
    let by_hand = |stop| by_hand(&stop, std::slice::from_ref(capability));
    let (module, registry) = Registry::find(package).map_err(by_hand)?;
    if let Some(place) = registry.registered(module, capability) {
        return Err(Stop::failed(format!("{} is already registered: {place}", capability.name)));
    }
    check_format(registry.about().wire, capability)?;
    let changes = match &registry {
        Registry::Chain(chain) => in_chain(package, module, chain, capability),
        Registry::Block(block) => in_block(package, module, block, capability),
    };
    changes.map_err(by_hand)?.write()
}

/// Why the changes are undone.
fn does_not_compile(manifest: &Path, capabilities: &[Capability]) -> Stop {
    let mut message = "the connector does not compile with it; all changes were undone".to_owned();
    let has_state = Package::read(manifest).is_ok_and(|package| match Registry::find(&package) {
        Ok((_, Registry::Chain(chain))) => chain.about.state.is_some(),
        _ => false,
    });
    if has_state {
        message += &format!(". If the type of the state is wrong, {}", state::HINT);
    }
    by_hand(&Stop::failed(message), capabilities)
}

/// Rejects a capability that the connector's wire format doesn't have.
fn check_format(wire: Wire, capability: &Capability) -> Result<(), Stop> {
    let Capability { name, standard, .. } = capability;
    if standard.wires.contains(&wire) {
        return Ok(());
    }
    Err(Stop::failed(format!(
        "{name} exists only in the {openapi} wire format, but this connector uses {wire}: its builder has no call \
         `.wire(Wire::OpenApi)`. To switch, add that call and `use connector::Wire;`. Requests in its tests, and those of \
         its callers, must then be in the {openapi} format too. Then run `connector add {name}` again",
        openapi = Wire::OpenApi,
    )))
}

/// Prints what was done.
fn report(done: &Done, capabilities: &[Capability]) -> Result<ExitCode, Stop> {
    let mut text = String::new();
    for (verb, path) in done.summary() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{verb} {}", path.display());
    }
    for capability in capabilities {
        let _ = writeln!(text, "{} returns `not_implemented` until you write it.", capability.name);
        if let Some(method) = capability.built_in() {
            let _ = writeln!(
                text,
                "The SDK also has an implementation: to use it instead, call `.{method}(…)` on the builder."
            );
        }
    }
    print(text.as_bytes())
}

/// Becomes true when the program is interrupted. It then continues, to undo its changes. Ctrl-C also ends cargo, which it
/// waits for.
fn interrupts() -> Result<Arc<AtomicBool>, Stop> {
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&interrupted))
            .map_err(|error| Stop::io(format!("cannot wait for signals: {error}")))?;
    }
    Ok(interrupted)
}

/// The changes of a connector with calls of a builder.
fn in_chain<'a>(
    package: &'a Package,
    module: &'a Module,
    chain: &Chain,
    capability: &Capability,
) -> Result<Changes<'a>, Stop> {
    let place = Place::find(package, module, capability)?;
    let mut changes = Changes::default();
    let edits = changes.edits(module);
    let marker = Import::new(["connector", "capability"], &capability.marker);
    let marker = imports::add(module, &marker, edits);
    let handler = match place.import(module, capability) {
        Some(import) => format!("{}::{}", imports::add(module, &import, edits), capability.name),
        None => capability.name.clone(),
    };
    chain.register(&module.source, &format!("{marker}, {handler}"), edits);
    place.declare(package, capability, &mut changes)?;
    let request = handler::request_type(package, module, &chain.about, &place, capability)?;
    let test = Test::choose(package, &chain.about, capability)?;
    let text = handler::text(chain.is_blocking(), capability, &request, &test);
    changes.create(place.file(capability), text)?;
    if let Test::Case { path, text } = test {
        changes.create(path, text)?;
    }
    Ok(changes)
}

/// The changes of a class-style connector.
fn in_block<'a>(
    package: &Package,
    module: &'a Module,
    block: &Block<'_>,
    capability: &Capability,
) -> Result<Changes<'a>, Stop> {
    let test = Test::choose(package, &block.about, capability)?;
    let mut changes = Changes::default();
    block.register(module, capability, &test, changes.edits(module));
    if let Test::Case { path, text } = test {
        changes.create(path, text)?;
    }
    Ok(changes)
}

/// Runs `cargo check` for the connector and its tests.
fn check(directory: &Path, manifest: &Path) -> Result<ExitStatus, Stop> {
    let mut cargo = cargo(directory);
    cargo.args(["check", "--quiet", "--tests", "--manifest-path"]).arg(manifest);
    cargo.stdout(Stdio::null()).status().map_err(|error| cannot_run(&error))
}

/// The same message, with the manual steps.
fn by_hand(stop: &Stop, capabilities: &[Capability]) -> Stop {
    let mut message = format!(
        "{}\n\n\
         To add it by hand, write the handler, with the connector's own `Settings`, credentials and state:\n",
        stop.message
    );
    // Writing to a string cannot fail.
    for Capability { name, standard, .. } in capabilities {
        let (request, response) = (standard.request, standard.response);
        let credentials = if standard.carries_credentials { "" } else { ", with `NoAuth` as credentials" };
        let _ = write!(
            message,
            "\n    async fn {name}(request: Request<{request}>) -> Result<Response<{response}>>{credentials}"
        );
    }
    message += "\n\nWhere `Integration::builder(…)` is, import the marker from `connector::capability`, and add the call\n";
    for Capability { name, marker, .. } in capabilities {
        let _ = write!(message, "\n    .register({marker}, {name})");
    }
    message += "\n\nIn a class-style connector, add it as a method of the `impl` block instead, with `&self` before the \
                request. If the connector has tests/cases, add a case for it there.";
    Stop { status: stop.status, message }
}
