//! `app_info`, which every integration has.

use super::built_in::{BuiltIn, BuiltInCall};
use super::info;
use crate::capability::{AppInfo, AppInfoRequest, AppInfoResponse};
use crate::document;
use crate::error::Result;
use crate::response::Response;

/// Describes the integration with an OpenAPI document.
pub(super) struct Document;

impl BuiltIn for Document {
    type Capability = AppInfo;
    // A caller needs the document to find out which settings there are.
    const READS_SETTINGS: bool = false;

    async fn respond(&self, call: BuiltInCall<'_, AppInfoRequest>) -> Result<Response<AppInfoResponse>> {
        let document = document::app_info(&info::facts(call.integration));
        Ok(AppInfoResponse::new(call.integration.app_id(), document).into())
    }
}
