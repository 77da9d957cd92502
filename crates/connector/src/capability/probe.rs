//! The capability that tries an integration out before a first sync.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ProbeCapabilityConfigStatus, ProbeSample, ProbeSampleCapabilityConfig};
use crate::error::ReportedError;
use crate::model::constructor::constructor;

/// Requests a check of what a first sync depends on, with a few records of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProbeIntegrationRequest {
    /// Check only these custom attributes. By default, all that
    /// [`ListCustomAttributesSchema`](super::ListCustomAttributesSchema) returns for accounts.
    pub custom_attributes: Option<Vec<String>>,
    /// Run only these checks and report the others as skipped. By default, run all that the connector supports.
    pub checks: Option<Vec<ProbeCheckName>>,
}

constructor!(ProbeIntegrationRequest(), custom_attributes, checks);

/// The results of the checks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProbeIntegrationResponse {
    /// The result of all checks together.
    pub status: ProbeStatus,
    /// The result of each check, including those that were not run.
    pub checks: Vec<ProbeCheck>,
    /// How long all checks took together, in milliseconds.
    pub duration_ms: Option<u64>,
}

constructor!(ProbeIntegrationResponse(status: ProbeStatus, checks: Vec<ProbeCheck>), duration_ms);

/// The result of all checks together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ProbeStatus {
    /// No check has failed, and nothing was missing.
    Passed,
    /// An optional check has failed, or something was not found or is incomplete.
    Partial,
    /// A required check has failed, or no check could run.
    Failed,
}

/// What a check tries out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProbeCheckName {
    /// Whether accounts can be listed.
    Accounts,
    /// Whether entitlements can be listed.
    Entitlements,
    /// Whether entitlement associations can be listed.
    EntitlementAssociations,
    /// Whether the settings of each capability are valid.
    CapabilityConfig,
}

/// The result of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ProbeCheckStatus {
    /// It found what it was looking for.
    Passed,
    /// It failed.
    Failed,
    /// The connector does not support it.
    Unsupported,
    /// The request did not include it.
    Skipped,
}

/// Who ran a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ProbeCheckSource {
    /// The connector, with custom code.
    Native,
    /// The SDK, by calling the connector's other capabilities.
    Default,
}

/// Whether something that the connector declares was found in the upstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProbeCoverageStatus {
    /// It was found.
    Found,
    /// It was not found in any sample.
    NotFound,
    /// Nobody has looked for it.
    NotChecked,
}

/// One check and its result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProbeCheck {
    /// Which check it is.
    pub check: ProbeCheckName,
    /// Its result.
    pub status: ProbeCheckStatus,
    /// Who ran it.
    pub source: ProbeCheckSource,
    /// The name of the capability that it called: `list_accounts`.
    pub capability: Option<String>,
    /// How many records it has seen. May be more than it returns as samples.
    pub observed_count: u64,
    /// What happened, in one sentence that a user can understand.
    pub message: Option<String>,
    /// Why it failed.
    pub error: Option<ReportedError>,
    /// Records that it has seen, without anything sensitive. At least one if it passed.
    pub samples: Vec<ProbeSample>,
    /// Which of the entitlement types that the connector declares were found. Only for
    /// [`Entitlements`](ProbeCheckName::Entitlements).
    pub entitlement_types: Option<Vec<ProbeEntitlementTypeResult>>,
    /// Which of the custom attributes that the connector declares have a value on any sampled account. Only for
    /// [`Accounts`](ProbeCheckName::Accounts).
    pub custom_attributes: Option<Vec<ProbeCustomAttributeResult>>,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<u64>,
}

constructor!(
    ProbeCheck(
        check: ProbeCheckName, status: ProbeCheckStatus, source: ProbeCheckSource, observed_count: u64,
        samples: Vec<ProbeSample>
    ),
    capability, message, error, entitlement_types, custom_attributes, duration_ms
);

/// Results of custom checks of the built-in probe, which fills in their names and sources.
impl ProbeCheck {
    /// The check found what it was looking for.
    #[must_use]
    pub fn passed(samples: impl IntoIterator<Item = ProbeSample>, message: impl Into<String>) -> Self {
        let samples: Vec<ProbeSample> = samples.into_iter().collect();
        let observed_count = u64::try_from(samples.len()).unwrap_or(u64::MAX);
        Self { observed_count, samples, ..Self::custom(ProbeCheckStatus::Passed, message.into()) }
    }

    /// The check failed. An error that the check returns has the same effect.
    #[must_use]
    pub fn failed(message: impl Into<String>) -> Self {
        Self::custom(ProbeCheckStatus::Failed, message.into())
    }

    /// There was nothing to check.
    #[must_use]
    pub fn skipped(message: impl Into<String>) -> Self {
        Self::custom(ProbeCheckStatus::Skipped, message.into())
    }

    /// The result of checking the settings of these capabilities: failed if those of any capability are invalid, skipped
    /// if no capability is configured, and otherwise passed.
    #[must_use]
    pub fn of_capability_configs(configs: impl IntoIterator<Item = ProbeSampleCapabilityConfig>) -> Self {
        let configs: Vec<ProbeSampleCapabilityConfig> = configs.into_iter().collect();
        let with = |status| configs.iter().filter(move |config| config.status == status);
        let configured = configs.len() - with(ProbeCapabilityConfigStatus::NotConfigured).count();
        if configured == 0 {
            return Self::skipped("No capability is configured.");
        }
        let invalid: Vec<&str> =
            with(ProbeCapabilityConfigStatus::Invalid).map(|config| config.capability.as_str()).collect();
        let warnings = with(ProbeCapabilityConfigStatus::Warning).count();
        let mut message = format!("Checked the settings of {configured} of {} capabilities.", configs.len());
        if !invalid.is_empty() {
            message.push_str(&format!(" Not valid: {}.", invalid.join(", ")));
        }
        if warnings > 0 {
            message.push_str(&format!(" Valid with warnings: {warnings}."));
        }
        let status = if invalid.is_empty() { ProbeCheckStatus::Passed } else { ProbeCheckStatus::Failed };
        let samples = configs.into_iter().map(ProbeSample::CapabilityConfig);
        Self { status, ..Self::passed(samples, message) }
    }

    fn custom(status: ProbeCheckStatus, message: String) -> Self {
        let name = ProbeCheckName::CapabilityConfig;
        Self { message: Some(message), ..Self::new(name, status, ProbeCheckSource::Native, 0_u64, []) }
    }
}

/// Whether entitlements of a type were found.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct ProbeEntitlementTypeResult {
    /// The type, as the connector declares it.
    pub entitlement_type: String,
    /// Whether any sample is of this type.
    pub status: ProbeCoverageStatus,
}

constructor!(ProbeEntitlementTypeResult(entitlement_type: String, status: ProbeCoverageStatus));

/// Whether a custom attribute has values.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct ProbeCustomAttributeResult {
    /// The name of the attribute, as the connector declares it.
    pub name: String,
    /// Whether any sampled account has a value for it.
    pub status: ProbeCoverageStatus,
}

constructor!(ProbeCustomAttributeResult(name: String, status: ProbeCoverageStatus));
