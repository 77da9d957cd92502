//! Checks that the machine can be read. There are no other credentials.

use connector::capability::{ValidateCredentialsRequest, ValidateCredentialsResponse};
use connector::{ConnectorError, ErrorCode, Response, Result};

use crate::Request;
use crate::files::passwd;
use crate::reading::Gap;
use crate::settings::bad_root;

pub(crate) fn validate_credentials(
    request: Request<ValidateCredentialsRequest>,
) -> Result<Response<ValidateCredentialsResponse>> {
    let machine = request.settings.machine(request.cancellation())?;
    match machine.root().read(passwd::PATH) {
        Ok(_) => Ok(ValidateCredentialsResponse {
            unique_tenant_id: machine.identity(),
            ..ValidateCredentialsResponse::new(true)
        }
        .into()),
        Err(gap @ Gap::Denied { .. }) => {
            Err(ConnectorError::new(gap.to_string(), ErrorCode::PermissionDenied))?
        }
        Err(gap) => Err(bad_root(gap))?,
    }
}
