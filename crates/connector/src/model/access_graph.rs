//! The graph of an app's access: entitlements, resources and the edges between them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constructor::constructor;

/// An entitlement in the graph.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-unique-hash" = ["id", "resource_id"]))]
pub struct AccessGraphEntitlement {
    /// The upstream's ID of the entitlement. Together with `resource_id`, it is unique within the tenant.
    #[schemars(extend("x-semantic" = "entitlement-id"))]
    pub id: String,
    /// The kind of entitlement.
    #[schemars(extend("x-semantic" = "entitlement-type"))]
    pub entitlement_type: String,
    /// The upstream's ID of the resource that the entitlement is on.
    #[schemars(extend("x-semantic" = "resource-id"))]
    pub resource_id: String,
    /// Whether the entitlement forbids access instead of granting it. A prohibition outweighs any grant.
    pub denies_access: bool,
    /// The name to show to people.
    pub label: String,
    /// Whether the entitlement can be assigned and unassigned; `None` if that isn't known.
    pub is_assignable: Option<bool>,
    /// A description for people.
    pub description: Option<String>,
}

constructor!(
    AccessGraphEntitlement(
        id: String, entitlement_type: String, resource_id: String, denies_access: bool, label: String
    ),
    is_assignable, description
);

/// The IDs that identify an entitlement in the graph.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct AccessGraphEntitlementIdentifier {
    /// The upstream's ID of the entitlement.
    #[schemars(extend("x-semantic" = "entitlement-id"))]
    pub entitlement_id: String,
    /// The upstream's ID of the resource that the entitlement is on.
    #[schemars(extend("x-semantic" = "resource-id"))]
    pub resource_id: String,
}

constructor!(AccessGraphEntitlementIdentifier(entitlement_id: String, resource_id: String));

/// An edge between entitlements: whoever holds the first one also has the others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccessGraphImpliedAccess {
    /// The entitlement that includes the others.
    pub from_entitlement: AccessGraphEntitlementIdentifier,
    /// The entitlements that it includes.
    pub to_entitlements: Vec<AccessGraphEntitlementIdentifier>,
}

constructor!(AccessGraphImpliedAccess(
    from_entitlement: AccessGraphEntitlementIdentifier, to_entitlements: Vec<AccessGraphEntitlementIdentifier>
));

/// An entitlement that exists on every resource of a type. The graph then needs no node for each of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccessGraphEntitlementRule {
    /// The kind of entitlement.
    #[schemars(extend("x-semantic" = "entitlement-type"))]
    pub entitlement_type: String,
    /// The ID of the entitlement, the same on each resource.
    #[schemars(extend("x-semantic" = "entitlement-id"))]
    pub entitlement_id: String,
    /// The kind of resource that has the entitlement.
    #[schemars(extend("x-semantic" = "resource-id"))]
    pub resource_type: String,
    /// Whether the entitlement forbids access instead of granting it. A prohibition outweighs any grant.
    pub denies_access: bool,
    /// The name to show to people.
    pub label: String,
    /// Whether the entitlement can be assigned and unassigned; `None` if that isn't known.
    pub is_assignable: Option<bool>,
    /// A description for people.
    pub description: Option<String>,
}

constructor!(
    AccessGraphEntitlementRule(
        entitlement_type: String, entitlement_id: String, resource_type: String, denies_access: bool, label: String
    ),
    is_assignable, description
);

/// On every resource of a type, whoever holds one entitlement also has another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccessGraphImpliedAccessRule {
    /// The kind of the entitlement that includes the other.
    #[schemars(extend("x-semantic" = "entitlement-type"))]
    pub from_entitlement_type: String,
    /// The ID of the entitlement that includes the other.
    #[schemars(extend("x-semantic" = "entitlement-id"))]
    pub from_entitlement_id: String,
    /// The kind of resource that this entitlement is on.
    #[schemars(extend("x-semantic" = "resource-type"))]
    pub from_resource_type: String,
    /// The label of the relationship that leads from this resource to those of the other entitlement. `None` means
    /// that both entitlements are on the same resource.
    pub relationship_label: Option<String>,
    /// The kind of the included entitlement.
    #[schemars(extend("x-semantic" = "entitlement-type"))]
    pub to_entitlement_type: String,
    /// The ID of the included entitlement.
    #[schemars(extend("x-semantic" = "entitlement-id"))]
    pub to_entitlement_id: String,
    /// The kind of resource that the included entitlement is on.
    #[schemars(extend("x-semantic" = "resource-type"))]
    pub to_resource_type: String,
}

constructor!(
    AccessGraphImpliedAccessRule(
        from_entitlement_type: String, from_entitlement_id: String, from_resource_type: String,
        to_entitlement_type: String, to_entitlement_id: String, to_resource_type: String
    ),
    relationship_label
);

/// A resource in the graph: a group, a folder, a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-unique-hash" = ["id", "resource_type"]))]
pub struct AccessGraphResource {
    /// The upstream's ID of the resource; unique within the tenant.
    #[schemars(extend("x-semantic" = "resource-id"))]
    pub id: String,
    /// The kind of resource.
    #[schemars(extend("x-semantic" = "resource-type"))]
    pub resource_type: String,
    /// The name to show to people.
    pub label: String,
    /// The account that this resource represents, as `list_accounts` lists it.
    pub reference: Option<Reference>,
    /// A description for people.
    pub description: Option<String>,
    /// Whether access ends at this resource: it leads to no other. `None` if that isn't known.
    pub is_terminal: Option<bool>,
    /// Whether the resource holds credentials, which lead to further access. If it does, `is_terminal` has no effect.
    pub is_credential_bearing: Option<bool>,
    /// The upstream's IDs of the credentials that the resource holds.
    #[schemars(extend("x-semantic" = "credential-id"))]
    pub linked_credential_ids: Option<Vec<String>>,
}

constructor!(
    AccessGraphResource(id: String, resource_type: String, label: String),
    reference, description, is_terminal, is_credential_bearing, linked_credential_ids
);

/// An edge between resources, such as from a folder to the folders in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccessGraphResourceRelationship {
    /// The upstream's ID of the resource where the edge starts.
    #[schemars(extend("x-semantic" = "resource-id"))]
    pub from_id: String,
    /// The upstream's IDs of the resources that it leads to.
    #[schemars(extend("x-semantic" = "resource-id"))]
    pub to_ids: Vec<String>,
    /// The name of the relationship, such as `contains`.
    pub label: String,
}

constructor!(AccessGraphResourceRelationship(from_id: String, to_ids: Vec<String>, label: String));

/// A reference to another record of the upstream.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Reference {
    /// The upstream's ID of the record.
    pub id: String,
    /// The kind of record.
    #[serde(rename = "type")]
    pub reference_type: ReferenceType,
}

constructor!(Reference(id: String, reference_type: ReferenceType));

/// The kind of record that a reference leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ReferenceType {
    /// An account.
    Account,
}
