//! `connector add`: a further capability for a connector.

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
mod undo;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use signal_hook::consts::{SIGINT, SIGTERM};

use self::block::Block;
use self::capability::Capability;
use self::chain::Chain;
use self::files::{Module, Package};
use self::handler::Test;
use self::imports::Import;
use self::place::Place;
use self::registry::Registry;
use self::undo::{Changes, Done};
use crate::hacking::cargo::{cannot_run, cargo};
use crate::hacking::program;
use crate::output::print;
use crate::stop::Stop;

pub(crate) const HELP: &str = "\
The handler answers the error `not_implemented` until you write it, and its test says so. What is there is changed only \
where something is added. In a class-style connector the handler is a method of the `impl` block under \
`#[connector::capabilities]`. If the connector then does not compile, everything is put back, and you are told what to do \
by hand.

Exit status: 0 added; 1 not added: it is there already, there is no place for it, or it would not compile; \
2 a mistake in the command line; 3 a file cannot be read or written, or cargo cannot be started";

#[derive(Args)]
pub(crate) struct Add {
    /// The capability: `connector capabilities` lists them
    capability: String,
    /// The connector's folder
    #[arg(short, long, value_name = "FOLDER", default_value = ".")]
    directory: PathBuf,
}

impl Add {
    pub(crate) fn run(&self) -> Result<ExitCode, Stop> {
        let capability = Capability::named(&self.capability)?;
        let package = Package::read(&program::locate(&self.directory)?)?;
        let (module, registry) = Registry::find(&package).map_err(|stop| by_hand(&stop, &capability))?;
        if let Some(place) = registry.registered(module, &capability) {
            return Err(Stop::failed(format!("{} is registered already: {place}", capability.name)));
        }
        let changes = match &registry {
            Registry::Chain(chain) => in_chain(&package, module, chain, &capability),
            Registry::Block(block) => in_block(&package, module, block, &capability),
        };
        let changes = changes.map_err(|stop| by_hand(&stop, &capability))?;
        let interrupted = interrupts()?;
        let done = changes.write()?;
        let checked = check(&self.directory, &package);
        let stop = match checked {
            // Ctrl-C ends cargo too, which may be known here before the signal is.
            Ok(status) if interrupted.load(Ordering::Relaxed) || status.code().is_none() => {
                Stop::failed("interrupted; everything is as it was")
            }
            Ok(status) if status.success() => return report(&done, &capability),
            Ok(_) => {
                let stop = Stop::failed("the connector does not compile with it; everything is as it was");
                by_hand(&stop, &capability)
            }
            Err(stop) => by_hand(&stop, &capability),
        };
        done.undo()?;
        Err(stop)
    }
}

/// Tells the user what was done.
fn report(done: &Done, capability: &Capability) -> Result<ExitCode, Stop> {
    let mut text = String::new();
    for (verb, path) in done.told() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{verb} {}", path.display());
    }
    let _ = writeln!(text, "{} answers `not_implemented` until you write it.", capability.name);
    print(text.as_bytes())
}

/// Whether the program was told to end. From now on it does not do so by itself: what it has written is to be put back.
/// Ctrl-C ends cargo, which is waited for.
fn interrupts() -> Result<Arc<AtomicBool>, Stop> {
    let told = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&told))
            .map_err(|error| Stop::io(format!("cannot wait for signals: {error}")))?;
    }
    Ok(told)
}

/// All that has to be written where there are calls of a builder.
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
    let request = handler::request_type(package, module, &chain.about, &place)?;
    let test = Test::choose(package, &chain.about, capability)?;
    let text = handler::text(chain.is_blocking(), capability, &request, &test);
    changes.create(place.file(capability), text)?;
    if let Test::Case { path, text } = test {
        changes.create(path, text)?;
    }
    Ok(changes)
}

/// The same where there is an `impl` block.
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

/// How cargo ends that checks the connector and its tests.
fn check(directory: &Path, package: &Package) -> Result<ExitStatus, Stop> {
    let mut cargo = cargo(directory);
    cargo.args(["check", "--quiet", "--tests", "--manifest-path"]).arg(&package.manifest);
    cargo.stdout(Stdio::null()).status().map_err(|error| cannot_run(&error))
}

/// The same, with what to do by hand.
fn by_hand(stop: &Stop, capability: &Capability) -> Stop {
    let Capability { name, marker, .. } = capability;
    let message = format!(
        "{}\n\n\
         by hand: write the handler, with the connector's own `Settings`, credentials and state,\n\n    \
         async fn {name}(request: Request<{marker}Request>) -> Result<Response<{marker}Response>>\n\n\
         add `use connector::capability::{marker};` to where `Integration::builder(…)` is, and to its calls\n\n    \
         .register({marker}, {name})\n\n\
         or, in a class-style connector, make it a method of the `impl` block, with `&self` before the request; \
         and add a case to the connector's tests: tests/cases/{name}.json, if they are there",
        stop.message
    );
    Stop { status: stop.status, message }
}
