//! Describes the connector for a tenant, and how current the tenant's data is.

use std::collections::BTreeMap;

use connector::capability::{
    Capability, ConnectedInfoRequest, ConnectedInfoResponse, FindEntitlementAssignments,
    FindEntitlementAssociations, GetCredentialLastActivity, GetDataRecencyRequest, GetDataRecencyResponse,
    GetLastActivity, GetNonHumanAccountLastActivity, ListAccounts, ListActivityRecords,
    ListApplicationsAccounts, ListApplicationsActivityRecords, ListApplicationsEntitlementAssociations,
    ListCredentials, ListExpenses, ListNonHumanAccounts, ListUpdatedAccounts,
};
use connector::model::Timestamp;
use connector::{Response, Result, Wire};
use serde::{Deserialize, Serialize};

use crate::{Request, tenant, upstream};

/// The capabilities that list data with a history. What the others return never changes.
const WITH_HISTORY: [&str; 14] = [
    FindEntitlementAssignments::NAME,
    FindEntitlementAssociations::NAME,
    GetCredentialLastActivity::NAME,
    GetLastActivity::NAME,
    GetNonHumanAccountLastActivity::NAME,
    ListAccounts::NAME,
    ListActivityRecords::NAME,
    ListApplicationsAccounts::NAME,
    ListApplicationsActivityRecords::NAME,
    ListApplicationsEntitlementAssociations::NAME,
    ListCredentials::NAME,
    ListExpenses::NAME,
    ListNonHumanAccounts::NAME,
    ListUpdatedAccounts::NAME,
];

/// All data is as of the end of the tenant's history.
pub(crate) async fn get_data_recency(
    request: Request<GetDataRecencyRequest>,
) -> Result<Response<GetDataRecencyResponse>> {
    #[derive(Serialize)]
    struct Raw {
        as_of: Timestamp,
    }

    upstream::call(&request, "GET", "/tenant/history").await?;
    let as_of = tenant::end()?;
    let data: BTreeMap<_, _> = WITH_HISTORY.into_iter().map(|name| (name.to_owned(), Some(as_of))).collect();
    Ok(Response::new(GetDataRecencyResponse::new(data)).raw_data_if(request.include_raw_data, Raw { as_of }))
}

/// What `info` returns: the types of resources and entitlements are the same in every tenant.
pub(crate) async fn connected_info(
    request: Request<ConnectedInfoRequest>,
) -> Result<Response<ConnectedInfoResponse>> {
    #[derive(Deserialize)]
    struct Info {
        response: ConnectedInfoResponse,
    }
    #[derive(Serialize)]
    struct Raw {
        users: u64,
    }

    let tenant = upstream::call(&request, "GET", "/tenant").await?;
    let info = crate::integration().with_wire(Wire::OpenApi)?.dispatch("info", b"").await;
    let Info { response } = serde_json::from_slice(&info)?;
    Ok(Response::new(response).raw_data_if(request.include_raw_data, Raw { users: tenant.accounts() }))
}
