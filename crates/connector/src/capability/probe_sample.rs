//! The records that a probe has seen, as evidence of its results.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::model::constructor::constructor;
use crate::model::{AccountStatus, CustomAttributeCustomizedType, CustomAttributeType, ExtraData};

/// A record that a check has seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", remote = "Self")]
#[non_exhaustive]
pub enum ProbeSample {
    /// An account.
    Account(ProbeSampleAccount),
    /// An entitlement.
    Entitlement(ProbeSampleEntitlement),
    /// An account that holds an entitlement.
    Association(ProbeSampleAssociation),
    /// The settings of a capability.
    CapabilityConfig(ProbeSampleCapabilityConfig),
}

impl Serialize for ProbeSample {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

/// The kind may be missing: then it is the first of these that fits.
impl<'de> Deserialize<'de> for ProbeSample {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = ExtraData::deserialize(deserializer)?;
        if fields.contains_key("kind") {
            return Self::deserialize(Value::Object(fields)).map_err(serde::de::Error::custom);
        }
        let of_kind = |kind: &str| {
            let mut fields = fields.clone();
            fields.insert("kind".to_owned(), kind.into());
            Self::deserialize(Value::Object(fields)).ok()
        };
        ["capability_config", "association", "entitlement", "account"]
            .into_iter()
            .find_map(of_kind)
            .ok_or_else(|| serde::de::Error::custom("not a sample of any kind"))
    }
}

/// A sampled account, with little more than what identifies it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProbeSampleAccount {
    /// The upstream's ID of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub integration_specific_id: String,
    /// Email address.
    pub email: Option<String>,
    /// The name that the user signs in with.
    pub username: Option<String>,
    /// The state of the account in the upstream.
    pub user_status: Option<AccountStatus>,
    /// The custom attributes that the probe looked for.
    pub custom_attributes: Option<Vec<ProbeSampleCustomAttribute>>,
}

constructor!(
    ProbeSampleAccount(integration_specific_id: String), email, username, user_status, custom_attributes
);

/// A custom attribute of a sampled account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProbeSampleCustomAttribute {
    /// The name of the attribute.
    pub name: String,
    /// Its value on this account; `None` if it has none.
    pub value: Option<String>,
    /// What carries the attribute, as the connector declares it.
    pub customized_type: Option<CustomAttributeCustomizedType>,
    /// What its values are, as the connector declares it.
    pub attribute_type: Option<CustomAttributeType>,
}

constructor!(ProbeSampleCustomAttribute(name: String), value, customized_type, attribute_type);

/// A sampled entitlement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProbeSampleEntitlement {
    /// The upstream's ID of the entitlement.
    pub integration_specific_id: String,
    /// The upstream's ID of the resource that the entitlement is on.
    pub integration_specific_resource_id: String,
    /// The kind of entitlement.
    pub entitlement_type: String,
    /// Its name for people.
    pub label: String,
}

constructor!(ProbeSampleEntitlement(
    integration_specific_id: String, integration_specific_resource_id: String, entitlement_type: String, label: String
));

/// A sampled association of an account with an entitlement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProbeSampleAssociation {
    /// The upstream's ID of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_id: String,
    /// The upstream's ID of the entitlement.
    pub integration_specific_entitlement_id: String,
    /// The upstream's ID of the resource that the entitlement is on.
    pub integration_specific_resource_id: String,
    /// Whether the account is one that the probe has seen. If not, the association may still be correct: the probe sees
    /// only a few accounts.
    pub linked_to_sampled_account: bool,
}

constructor!(ProbeSampleAssociation(
    account_id: String, integration_specific_entitlement_id: String, integration_specific_resource_id: String,
    linked_to_sampled_account: bool
));

/// The settings of a capability, checked without changing anything in the upstream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProbeSampleCapabilityConfig {
    /// The name of the capability: `assign_entitlement`.
    pub capability: String,
    /// Whether the capability reads or writes.
    pub capability_type: ProbeCapabilityType,
    /// The field of the settings that configures the capability.
    pub setting: Option<String>,
    /// Whether the settings are valid.
    pub status: ProbeCapabilityConfigStatus,
    /// What was found, the most severe first. Empty if everything is valid.
    pub findings: Vec<ProbeConfigFinding>,
    /// What the connector would send to the upstream, with placeholders for values. Must not contain credentials.
    pub preview: Option<String>,
}

constructor!(
    ProbeSampleCapabilityConfig(
        capability: String, capability_type: ProbeCapabilityType, status: ProbeCapabilityConfigStatus,
        findings: Vec<ProbeConfigFinding>
    ),
    setting, preview
);

impl ProbeSampleCapabilityConfig {
    /// Creates the sample of a configured capability. The status follows from the most severe finding, and the findings
    /// are sorted by severity.
    #[must_use]
    pub fn of_findings(
        capability: impl Into<String>,
        capability_type: ProbeCapabilityType,
        findings: impl IntoIterator<Item = ProbeConfigFinding>,
    ) -> Self {
        let mut findings: Vec<ProbeConfigFinding> = findings.into_iter().collect();
        findings.sort_by_key(|finding| finding.severity);
        let status = match findings.first().map(|finding| finding.severity) {
            Some(ProbeConfigFindingSeverity::Error) => ProbeCapabilityConfigStatus::Invalid,
            Some(ProbeConfigFindingSeverity::Warning) => ProbeCapabilityConfigStatus::Warning,
            Some(ProbeConfigFindingSeverity::Info) | None => ProbeCapabilityConfigStatus::Valid,
        };
        Self::new(capability, capability_type, status, findings)
    }
}

/// Whether a capability reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ProbeCapabilityType {
    /// It reads from the upstream.
    Read,
    /// It changes something in the upstream.
    Write,
}

/// Whether the settings of a capability are valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProbeCapabilityConfigStatus {
    /// They are valid.
    Valid,
    /// They are valid, but something about them may not be intended.
    Warning,
    /// They are not valid.
    Invalid,
    /// They are missing.
    NotConfigured,
}

/// Something that was found in the settings of a capability.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct ProbeConfigFinding {
    /// How severe it is.
    pub severity: ProbeConfigFindingSeverity,
    /// What kind of finding it is, for programs: `unknown_placeholder`. Must stay the same over time.
    pub code: String,
    /// What was found, for people.
    pub message: String,
    /// How to fix it, for people.
    pub suggestion: Option<String>,
    /// The field of the settings to change, if it is not that of the whole sample.
    pub setting: Option<String>,
}

constructor!(
    ProbeConfigFinding(severity: ProbeConfigFindingSeverity, code: String, message: String), suggestion, setting
);

/// How severe a finding is, the most severe first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ProbeConfigFindingSeverity {
    /// The capability cannot work.
    Error,
    /// The capability may not do what is intended.
    Warning,
    /// Worth knowing.
    Info,
}
