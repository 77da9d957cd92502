//! Validates credentials.

use connector::capability::{ValidateCredentialsRequest, ValidateCredentialsResponse};
use connector::{Response, Result};
use serde::Serialize;

use crate::tenant::DOMAIN;
use crate::{Request, upstream};

pub(crate) async fn validate_credentials(
    request: Request<ValidateCredentialsRequest>,
) -> Result<Response<ValidateCredentialsResponse>> {
    #[derive(Serialize)]
    struct Raw {
        users: u64,
    }

    let tenant = upstream::call(&request, "GET", "/tenant").await?;
    let response = ValidateCredentialsResponse {
        unique_tenant_id: Some(DOMAIN.to_owned()),
        ..ValidateCredentialsResponse::new(true)
    };
    Ok(Response::new(response).raw_data_if(request.include_raw_data, Raw { users: tenant.accounts() }))
}
