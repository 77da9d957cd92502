//! The types of resources and entitlements that a connector declares, and the rules of its access graph.

use super::{BuildError, Integration, IntegrationBuilder, names};
use crate::auth::{Auth, Settings};
use crate::model::{
    AccessGraphEntitlementRule, AccessGraphEntitlementType, AccessGraphImpliedAccessRule, EntitlementType,
    ResourceType,
};

impl<S: Settings, A: Auth, State: Send + Sync + 'static> IntegrationBuilder<S, A, State> {
    /// Declares types of resources that the connector lists. Only `info` and `app_info` in the openapi format have them.
    ///
    /// ```
    /// use connector::Integration;
    /// use connector::model::{EntitlementType, ResourceType};
    ///
    /// let integration = Integration::builder("acme")
    ///     .resource_types([ResourceType::new("group", "Group")])
    ///     .entitlement_types([
    ///         // An account can be in any number of groups, also in none.
    ///         EntitlementType::new("membership", "Membership", "group", 0_u32),
    ///         // A group has at most one owner.
    ///         EntitlementType { max: Some(1), ..EntitlementType::new("owner", "Owner", "group", 0_u32) },
    ///     ])
    ///     .build();
    /// # drop(integration);
    /// ```
    pub fn resource_types(mut self, types: impl IntoIterator<Item = ResourceType>) -> Self {
        self.integration.declared.resource_types.extend(types);
        self
    }

    /// Declares types of entitlements that the connector lists. Each one is on a declared type of resource.
    pub fn entitlement_types(mut self, types: impl IntoIterator<Item = EntitlementType>) -> Self {
        self.integration.declared.entitlement_types.extend(types);
        self
    }

    /// Declares types of entitlements that appear in the access graph. Each one is on a declared type of resource.
    pub fn access_graph_entitlement_types(
        mut self,
        types: impl IntoIterator<Item = AccessGraphEntitlementType>,
    ) -> Self {
        self.integration.declared.access_graph_entitlement_types.extend(types);
        self
    }

    /// Declares entitlements that exist on every resource of a type, in every tenant, so that the access graph can omit
    /// them. Those of a single tenant belong in the response of
    /// [`FindEntitlementGraph`](crate::capability::FindEntitlementGraph). The types must be declared.
    pub fn access_graph_entitlement_rules(
        mut self,
        rules: impl IntoIterator<Item = AccessGraphEntitlementRule>,
    ) -> Self {
        self.integration.declared.access_graph_entitlement_rules.extend(rules);
        self
    }

    /// Declares which entitlement includes which other one, in every tenant. Rules of a single tenant belong in the
    /// response of [`FindEntitlementGraph`](crate::capability::FindEntitlementGraph). The types must be declared.
    pub fn implied_access_rules(
        mut self,
        rules: impl IntoIterator<Item = AccessGraphImpliedAccessRule>,
    ) -> Self {
        self.integration.declared.implied_access_rules.extend(rules);
        self
    }

    /// Declares the OAuth scopes that a capability needs, by its name. Several scopes are separated by spaces.
    pub fn oauth_scopes<N: Into<String>, O: Into<String>>(
        mut self,
        scopes: impl IntoIterator<Item = (N, O)>,
    ) -> Self {
        let scopes = scopes.into_iter().map(|(name, scopes)| (name.into(), scopes.into()));
        self.integration.declared.oauth_scopes.extend(scopes);
        self
    }
}

/// Checks that IDs are unique, and that each reference leads to something declared.
pub(super) fn check(integration: &Integration) -> Result<(), BuildError> {
    let declared = &integration.declared;
    let resources = ids("resource", declared.resource_types.iter().map(|one| &one.type_id))?;
    ids("entitlement", declared.entitlement_types.iter().map(|one| &one.type_id))?;
    let entitlements = ids(
        "access graph entitlement",
        declared.access_graph_entitlement_types.iter().map(|one| &one.type_id),
    )?;
    let resource = |id: &String, by: &dyn Fn() -> String| match id.as_str() {
        // The app as a whole, which is never declared.
        "" => Ok(()),
        _ => known(&resources, "resource", id, by),
    };
    let entitlement =
        |id: &String, by: &dyn Fn() -> String| known(&entitlements, "access graph entitlement", id, by);
    for one in &declared.entitlement_types {
        let by = || format!("the entitlement type `{}`", one.type_id);
        resource(&one.resource_type_id, &by)?;
        check_limits(integration, one)?;
    }
    for one in &declared.access_graph_entitlement_types {
        resource(&one.resource_type_id, &|| format!("the access graph entitlement type `{}`", one.type_id))?;
    }
    for rule in &declared.access_graph_entitlement_rules {
        let by = || format!("the access graph entitlement rule for `{}`", rule.entitlement_id);
        entitlement(&rule.entitlement_type, &by)?;
        resource(&rule.resource_type, &by)?;
    }
    for rule in &declared.implied_access_rules {
        let by = || {
            format!(
                "the implied access rule from `{}` to `{}`",
                rule.from_entitlement_id, rule.to_entitlement_id
            )
        };
        entitlement(&rule.from_entitlement_type, &by)?;
        entitlement(&rule.to_entitlement_type, &by)?;
        resource(&rule.from_resource_type, &by)?;
        resource(&rule.to_resource_type, &by)?;
    }
    match declared.oauth_scopes.keys().find(|name| integration.find(name).is_none()) {
        Some(name) => Err(BuildError::NotRegistered(name.clone())),
        None => Ok(()),
    }
}

/// Collects IDs, each of which must be unique. There are few of them.
fn ids<'a>(kind: &'static str, all: impl Iterator<Item = &'a String>) -> Result<Vec<&'a String>, BuildError> {
    let mut found = Vec::new();
    for id in all {
        if found.contains(&id) {
            return Err(BuildError::DuplicateType { kind, id: id.clone() });
        }
        found.push(id);
    }
    Ok(found)
}

fn known(
    declared: &[&String],
    kind: &'static str,
    id: &String,
    by: &dyn Fn() -> String,
) -> Result<(), BuildError> {
    if declared.contains(&id) {
        return Ok(());
    }
    Err(BuildError::UndeclaredType { kind, id: id.clone(), by: by() })
}

/// Checks that no minimum is above its maximum, and that limits are for capabilities that exist.
fn check_limits(integration: &Integration, one: &EntitlementType) -> Result<(), BuildError> {
    let is_possible = |min: u32, max: Option<u32>| max.is_none_or(|max| min <= max);
    let mut all_possible = is_possible(one.min, one.max);
    for (capability, limits) in one.requirements.iter().flatten() {
        if integration.find(capability).is_none() && !names::is_standard(capability) {
            return Err(BuildError::NotRegistered(capability.clone()));
        }
        // A maximum of 0 alone is possible: the capability then doesn't assign any, even if accounts need one later.
        all_possible &= is_possible(limits.min.unwrap_or_default(), limits.max);
    }
    if all_possible { Ok(()) } else { Err(BuildError::ImpossibleLimits(one.type_id.clone())) }
}
