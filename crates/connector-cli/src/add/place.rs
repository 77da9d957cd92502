//! Where a new handler is placed.

use std::path::PathBuf;

use connector::capability::Effect;
use syn::{Item, Visibility};

use super::capability::Capability;
use super::files::{Module, Package};
use super::imports::{Import, first_item};
use super::undo::Changes;
use crate::stop::Stop;
use crate::unasync::source::range;
use crate::unasync::use_tree::leaves;

/// The parent of the handler's module.
///
/// It is `read` or `write`, by the capability's effect, if the connector has one of these modules and it re-exports
/// handlers, as in a scaffolded connector. Otherwise it is `capabilities` if that exists, or the root of the crate.
pub(super) struct Place<'a> {
    root: &'a Module,
    /// `None` if it has to be created in the root.
    parent: Option<&'a Module>,
    /// Its path in the crate.
    pub(super) names: Vec<String>,
    /// Whether it re-exports its handlers.
    is_shared: bool,
    folder: PathBuf,
}

impl<'a> Place<'a> {
    /// Finds the place for a capability.
    ///
    /// # Errors
    /// If the crate has no root, or the file exists.
    pub(super) fn find(
        package: &'a Package,
        module: &'a Module,
        capability: &Capability,
    ) -> Result<Self, Stop> {
        let root = package.root_of(module).ok_or_else(|| {
            Stop::failed(format!("{} has neither lib.rs nor main.rs", package.sources().display()))
        })?;
        let group = if capability.standard.effect == Effect::Read { "read" } else { "write" };
        let is_grouped =
            ["read", "write"].iter().any(|group| package.module(&[group]).and_then(shared).is_some());
        let parent = if is_grouped {
            package.module(&[group])
        } else {
            package.module(&["capabilities"]).or(Some(root))
        };
        let names = parent.map_or_else(|| vec![group.to_owned()], |parent| parent.names.clone());
        let folder = names.iter().fold(package.sources(), |folder, name| folder.join(name));
        // The root re-exports only what is public.
        let is_shared = parent.is_none_or(|parent| !parent.names.is_empty() && shared(parent).is_some());
        let place = Self { root, parent, names, is_shared, folder };
        let file = place.file(capability);
        if file.exists() {
            return Err(Stop::failed(format!("{} already exists", file.display())));
        }
        Ok(place)
    }

    /// The handler's file.
    pub(super) fn file(&self, capability: &Capability) -> PathBuf {
        self.folder.join(format!("{}.rs", capability.name))
    }

    /// What has to be brought in to name the handler. `None` if it is in the module itself.
    pub(super) fn import(&self, module: &Module, capability: &Capability) -> Option<Import> {
        let path = |names: &[String]| -> Vec<String> {
            ["crate".to_owned()].into_iter().chain(names.iter().cloned()).collect()
        };
        match self.names.split_last() {
            Some(_) if self.is_shared && self.names == module.names => None,
            Some((last, above)) if self.is_shared => Some(Import::new(path(above), last)),
            _ => Some(Import::new(path(&self.names), &capability.name)),
        }
    }

    /// Declares the handler's module.
    pub(super) fn declare(
        &self,
        package: &Package,
        capability: &Capability,
        changes: &mut Changes<'a>,
    ) -> Result<(), Stop> {
        let name = &capability.name;
        let Some(parent) = self.parent else {
            let about = "Capabilities that change the upstream, one per file.";
            let about = if self.names == ["read"] {
                "Capabilities that read from the upstream, one per file."
            } else {
                about
            };
            let text = format!("//! {about}\n\nmod {name};\n\npub(crate) use {name}::{name};\n");
            let group = self.names.join("::");
            changes.create(package.sources().join(format!("{group}.rs")), text)?;
            declare_in(self.root, &group, "", changes);
            return Ok(());
        };
        if let Some((end, visibility)) = shared(parent).filter(|_| self.is_shared) {
            changes.edits(parent).insert(end, format!("\n{visibility} use {name}::{name};"));
            declare_in(parent, name, "", changes);
        } else {
            declare_in(parent, name, if parent.names.is_empty() { "" } else { "pub(crate) " }, changes);
        }
        Ok(())
    }
}

/// Adds `mod name;` after the last declaration, or before the first item.
fn declare_in<'a>(module: &'a Module, name: &str, visibility: &str, changes: &mut Changes<'a>) {
    let last = module.source.file.items.iter().rev().find_map(|item| match item {
        Item::Mod(item) if item.content.is_none() && item.attrs.is_empty() => Some(item),
        _ => None,
    });
    let Some(last) = last else {
        changes.edits(module).insert(first_item(module), format!("{visibility}mod {name};\n\n"));
        return;
    };
    // If it must be visible, it gets the visibility of the last one.
    let visibility = match &last.vis {
        last if !visibility.is_empty() && !matches!(last, Visibility::Inherited) => {
            format!("{} ", &module.source.text[range(last)])
        }
        _ => visibility.to_owned(),
    };
    changes.edits(module).insert(range(last).end, format!("\n{visibility}mod {name};"));
}

/// The end and the visibility of the last re-export `handler::handler`.
fn shared(module: &Module) -> Option<(usize, String)> {
    module.source.file.items.iter().rev().find_map(|item| {
        let Item::Use(item) = item else { return None };
        let is_visible = !matches!(item.vis, Visibility::Inherited);
        let is_handler = leaves(&item.tree)
            .iter()
            .any(|leaf| matches!(leaf.path.as_slice(), [module, handler] if module == handler));
        (is_visible && is_handler).then(|| (range(item).end, module.source.text[range(&item.vis)].to_owned()))
    })
}
