//! Returns the last activity of accounts.

use connector::capability::{GetLastActivityRequest, GetLastActivityResponse};
use connector::model::LastActivityData;
use connector::{Response, Result};
use serde::Serialize;

use crate::tenant::User;
use crate::{Request, upstream};

pub(crate) async fn get_last_activity(
    request: Request<GetLastActivityRequest>,
) -> Result<Response<GetLastActivityResponse>> {
    #[derive(Serialize)]
    struct Raw {
        users: Vec<User>,
    }

    let tenant = upstream::call(&request, "GET", "/activity").await?;
    let users: Vec<User> = request.request.account_ids.iter().filter_map(|id| tenant.user(id)).collect();
    let activities =
        users.iter().map(|user| Ok(LastActivityData::new(user.id(), user.last_event(), user.last_active()?)));
    let activities = activities.collect::<Result<Vec<_>>>()?;
    Ok(Response::new(GetLastActivityResponse::new(activities))
        .raw_data_if(request.include_raw_data, Raw { users }))
}
