//! Where a connector registers its capabilities: in calls, or in an `impl` block.

use super::block::{self, Block};
use super::capability::Capability;
use super::chain::{self, Chain};
use super::files::{Module, Package};
use crate::stop::Stop;

/// The one place where capabilities are registered.
pub(super) enum Registry<'a> {
    /// `Integration::builder(…)` and its calls.
    Chain(Chain),
    /// An `impl` block under `#[connector::capabilities]`.
    Block(Block<'a>),
}

impl<'a> Registry<'a> {
    /// The one of the package, and the module that it is in.
    ///
    /// # Errors
    /// If the package has none, or several.
    pub(super) fn find(package: &'a Package) -> Result<(&'a Module, Self), Stop> {
        let (mut found, mut further) = (Vec::new(), Vec::new());
        for module in &package.modules {
            for chain in chain::all(module) {
                if chain.is_of_block {
                    further.push((module, chain));
                } else {
                    found.push((module, Self::Chain(chain)));
                }
            }
            found.extend(block::all(module).into_iter().map(|block| (module, Self::Block(block))));
        }
        if found.len() > 1 {
            let places: Vec<String> =
                found.iter().map(|(module, registry)| module.place(registry.start())).collect();
            return Err(Stop::failed(format!("there are several integrations: {}", places.join(", "))));
        }
        let (module, mut registry) = found.pop().ok_or_else(|| {
            Stop::failed(format!(
                "there is no `Integration::builder(…)` with `.build()` and no `impl` block under \
                 `#[connector::capabilities]` in {}",
                package.sources().display()
            ))
        })?;
        if let Self::Block(block) = &mut registry {
            block.goes_on(further);
        }
        Ok((module, registry))
    }

    fn start(&self) -> usize {
        match self {
            Self::Chain(chain) => chain.start(),
            Self::Block(block) => block.start,
        }
    }

    /// Where the capability is registered, if it is: the file and the line.
    pub(super) fn registered(&self, module: &Module, capability: &Capability) -> Option<String> {
        match self {
            Self::Chain(chain) => chain.registered(capability).map(|at| module.place(at)),
            Self::Block(block) => block.registered(module, capability),
        }
    }
}
