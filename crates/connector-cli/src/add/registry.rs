//! Where a connector registers its capabilities: in a chain of calls, or in an `impl` block.

use super::about::About;
use super::block::{self, Block};
use super::capability::Capability;
use super::chain::{self, Chain};
use super::files::{Module, Package};
use crate::stop::Stop;

/// The place where capabilities are registered.
pub(super) enum Registry<'a> {
    /// `Integration::builder(…)` and its calls.
    Chain(Chain),
    /// An `impl` block under `#[connector::capabilities]`.
    Block(Block<'a>),
}

impl<'a> Registry<'a> {
    /// Finds the registry of a package and its module.
    ///
    /// # Errors
    /// If the package has none or several.
    pub(super) fn find(package: &'a Package) -> Result<(&'a Module, Self), Stop> {
        let (mut found, mut builder_calls) = (Vec::new(), Vec::new());
        for module in &package.modules {
            for chain in chain::all(module) {
                if chain.is_of_block {
                    builder_calls.push((module, chain));
                } else {
                    found.push((module, Self::Chain(chain)));
                }
            }
            found.extend(block::all(module).into_iter().map(|block| (module, Self::Block(block))));
        }
        if found.len() > 1 {
            let places: Vec<String> =
                found.iter().map(|(module, registry)| module.place(registry.start())).collect();
            return Err(Stop::failed(format!(
                "the connector has several integrations: {}",
                places.join(", ")
            )));
        }
        let (module, mut registry) = found.pop().ok_or_else(|| {
            Stop::failed(format!(
                "found neither `Integration::builder(…)` with `.build()` nor an `impl` block under \
                 `#[connector::capabilities]` in {}",
                package.sources().display()
            ))
        })?;
        if let Self::Block(block) = &mut registry {
            block.add_builder_calls(builder_calls);
        }
        Ok((module, registry))
    }

    /// What is known about the integration.
    pub(super) const fn about(&self) -> &About {
        match self {
            Self::Chain(chain) => &chain.about,
            Self::Block(block) => &block.about,
        }
    }

    fn start(&self) -> usize {
        match self {
            Self::Chain(chain) => chain.start(),
            Self::Block(block) => block.start,
        }
    }

    /// The file and the line where the capability is registered, if it is.
    pub(super) fn registered(&self, module: &Module, capability: &Capability) -> Option<String> {
        match self {
            Self::Chain(chain) => chain.registered(capability).map(|at| module.place(at)),
            Self::Block(block) => block.registered(module, capability),
        }
    }
}
