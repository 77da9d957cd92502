//! Lists when accounts were last used.

use std::collections::HashMap;

use connector::capability::{GetLastActivityRequest, GetLastActivityResponse};
use connector::model::{ActivityEventType, LastActivityData, Timestamp};
use connector::{Response, Result};
use serde::Serialize;

use crate::Request;
use crate::activity::LastLogin;
use crate::partial::with_gaps;
use crate::reading::Reading;

pub(crate) fn get_last_activity(
    request: Request<GetLastActivityRequest>,
) -> Result<Response<GetLastActivityResponse>> {
    #[derive(Serialize)]
    struct Raw<'a> {
        logins: Vec<Line<'a>>,
    }

    let Reading { items, gaps } = request.settings.machine(request.cancellation())?.last_logins();
    let by_name: HashMap<&str, &LastLogin> =
        items.iter().map(|login| (login.account.as_str(), login)).collect();
    let ids = request.request.account_ids.iter();
    let logins: Vec<&LastLogin> = ids.filter_map(|id| by_name.get(id.as_str()).copied()).collect();
    let activities = logins.iter().map(|login| {
        let at = Timestamp::from_unix_seconds(login.at)?;
        Ok(LastActivityData::new(&login.account, ActivityEventType::LastLogin, at))
    });
    let activities = activities.collect::<Result<Vec<_>>>()?;
    let raw = Raw { logins: logins.into_iter().map(Line::of).collect() };
    let response =
        Response::new(GetLastActivityResponse::new(activities)).raw_data_if(request.include_raw_data, raw);
    Ok(with_gaps(response, &gaps))
}

/// A login, with the file that records it.
#[derive(Serialize)]
struct Line<'a> {
    account: &'a str,
    at: i64,
    source: &'static str,
}

impl<'a> Line<'a> {
    fn of(login: &'a LastLogin) -> Self {
        Self { account: &login.account, at: login.at, source: login.source }
    }
}
