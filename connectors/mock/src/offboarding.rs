//! Offboards an account: transfers its data, releases its resources, downgrades its license.

use connector::capability::{
    DowngradeLicenseRequest, DowngradeLicenseResponse, ReleaseResourcesRequest, ReleaseResourcesResponse,
    TransferDataRequest, TransferDataResponse,
};
use connector::{Response, Result};
use serde::Serialize;

use crate::accounts::find_user;
use crate::error::no_such;
use crate::tenant::{GROUPS, License};
use crate::{Request, upstream};

/// Transfers data between two accounts. An account can't transfer its data to itself.
pub(crate) async fn transfer_data(
    request: Request<TransferDataRequest>,
) -> Result<Response<TransferDataResponse>> {
    #[derive(Serialize)]
    struct Raw {
        from: u64,
        to: u64,
    }

    let tenant = upstream::call(&request, "POST", "/transfers").await?;
    let TransferDataRequest { source_account_id, target_account_id } = &request.request;
    let source = tenant.user(source_account_id).ok_or_else(|| no_such("account", "source_account_id"))?;
    let target = tenant.user(target_account_id).ok_or_else(|| no_such("account", "target_account_id"))?;
    let response = TransferDataResponse {
        reason: (source == target).then(|| "both accounts are the same".to_owned()),
        ..TransferDataResponse::new(source != target)
    };
    Ok(Response::new(response)
        .raw_data_if(request.include_raw_data, Raw { from: source.index(), to: target.index() }))
}

/// Removes an account from its groups.
pub(crate) async fn release_resources(
    request: Request<ReleaseResourcesRequest>,
) -> Result<Response<ReleaseResourcesResponse>> {
    #[derive(Serialize)]
    struct Raw {
        id: u64,
        left: Vec<&'static str>,
    }

    let tenant = upstream::call(&request, "DELETE", "/users/{id}/groups").await?;
    let user = find_user(tenant, &request.request.account_id)?;
    let left: Vec<_> = GROUPS.iter().filter(|group| group.has_member(user)).map(|group| group.id).collect();
    let response = ReleaseResourcesResponse {
        reason: Some(["removed from ", &left.join(", ")].concat()),
        ..ReleaseResourcesResponse::new(true)
    };
    Ok(Response::new(response)
        .unchanged_if(left.is_empty())
        .raw_data_if(request.include_raw_data, Raw { id: user.index(), left }))
}

/// Replaces a full license with a basic one, which is the cheapest.
pub(crate) async fn downgrade_license(
    request: Request<DowngradeLicenseRequest>,
) -> Result<Response<DowngradeLicenseResponse>> {
    #[derive(Serialize)]
    struct Raw {
        id: u64,
        license: License,
    }

    let tenant = upstream::call(&request, "PATCH", "/users/{id}/license").await?;
    let user = find_user(tenant, &request.request.account_id)?;
    let license = License::of(user);
    let response = match license {
        License::Full => DowngradeLicenseResponse::new(true),
        License::Basic => DowngradeLicenseResponse {
            reason: Some("the account already has the cheapest license".to_owned()),
            ..DowngradeLicenseResponse::new(false)
        },
    };
    Ok(Response::new(response)
        .unchanged_if(license == License::Basic)
        .raw_data_if(request.include_raw_data, Raw { id: user.index(), license: License::Basic }))
}
