//! [`Finding`]: what a check of the SDK has found.

use super::caller::Trouble;
use crate::capability::{
    ProbeCheck, ProbeCheckName, ProbeCheckSource, ProbeCheckStatus, ProbeCoverageStatus,
    ProbeCustomAttributeResult, ProbeEntitlementTypeResult, ProbeSample,
};
use crate::error::ReportedError;

/// What a check of the SDK has found.
pub(super) struct Finding {
    /// The capability that it called, or would have called.
    pub(super) capability: &'static str,
    pub(super) status: ProbeCheckStatus,
    pub(super) message: String,
    pub(super) error: Option<ReportedError>,
    pub(super) observed: usize,
    pub(super) samples: Vec<ProbeSample>,
    pub(super) entitlement_types: Option<Vec<ProbeEntitlementTypeResult>>,
    pub(super) custom_attributes: Option<Vec<ProbeCustomAttributeResult>>,
    /// Whether a sync would still work, although the check has not passed.
    pub(super) is_usable: bool,
}

impl Finding {
    fn new(capability: &'static str, status: ProbeCheckStatus, message: String) -> Self {
        Self {
            capability,
            status,
            message,
            error: None,
            observed: 0,
            samples: Vec::new(),
            entitlement_types: None,
            custom_attributes: None,
            is_usable: false,
        }
    }

    pub(super) fn unsupported(capability: &'static str) -> Self {
        let message = format!("This connector does not implement {capability}.");
        Self::new(capability, ProbeCheckStatus::Unsupported, message)
    }

    /// The listing is empty.
    pub(super) fn empty(capability: &'static str, message: &str) -> Self {
        Self::new(capability, ProbeCheckStatus::Failed, message.to_owned())
    }

    /// Nothing could be read.
    pub(super) fn failed(capability: &'static str, error: ReportedError) -> Self {
        Self {
            error: Some(error.clone()),
            ..Self::new(capability, ProbeCheckStatus::Failed, what_to_do(error))
        }
    }

    /// Records were found.
    pub(super) fn passed(
        capability: &'static str,
        observed: usize,
        samples: Vec<ProbeSample>,
        message: String,
    ) -> Self {
        Self { observed, samples, ..Self::new(capability, ProbeCheckStatus::Passed, message) }
    }

    /// Fails the check because of this trouble, if any, but keeps what was found.
    pub(super) fn unless(mut self, trouble: Option<Trouble>) -> Self {
        let Some(trouble) = trouble else { return self };
        self.message.push(' ');
        match trouble {
            Trouble::Partial(reason) => {
                self.message.push_str(&format!("The listing is incomplete: {reason}"));
                self.is_usable |= self.status == ProbeCheckStatus::Passed;
            }
            Trouble::Error(error) => {
                self.message.push_str(&error.message);
                self.error.get_or_insert(error);
                self.is_usable = false;
            }
        }
        self.status = ProbeCheckStatus::Failed;
        self
    }

    /// Whether something that was looked for was not found.
    pub(super) fn has_gaps(check: &ProbeCheck) -> bool {
        let types = check.entitlement_types.iter().flatten().map(|result| result.status);
        let attributes = check.custom_attributes.iter().flatten().map(|result| result.status);
        types.chain(attributes).any(|status| status != ProbeCoverageStatus::Found)
    }

    pub(super) fn into_check(self, name: ProbeCheckName) -> ProbeCheck {
        ProbeCheck {
            capability: Some(self.capability.to_owned()),
            message: Some(self.message),
            error: self.error,
            entitlement_types: self.entitlement_types.filter(|results| !results.is_empty()),
            custom_attributes: self.custom_attributes.filter(|results| !results.is_empty()),
            ..ProbeCheck::new(
                name,
                self.status,
                ProbeCheckSource::Default,
                u64::try_from(self.observed).unwrap_or(u64::MAX),
                self.samples,
            )
        }
    }
}

/// What the reader of an error should know first: its hint, or else its message.
pub(super) fn what_to_do(error: ReportedError) -> String {
    error.error_metadata.and_then(|metadata| metadata.hint).unwrap_or(error.message)
}
