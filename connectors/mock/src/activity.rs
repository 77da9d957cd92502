//! Returns when accounts were last used, and in which applications.

use connector::capability::{
    GetLastActivityRequest, GetLastActivityResponse, ListApplicationsActivityRecordsRequest,
    ListApplicationsActivityRecordsResponse,
};
use connector::model::{
    ActivityEventType, ActivityRecord, ActivityRecordActor, ActivityType, ApplicationActivityRecord,
    LastActivityData, Timestamp,
};
use connector::{ConnectorError, Response, Result};
use serde::Serialize;

use crate::error::bad_request;
use crate::pagination::Window;
use crate::tenant::{GROUPS, User};
use crate::{Request, upstream};

const ACTIVITY: &str = "/activity";
const ACTIVITY_OF_APPS: &str = "/apps/activity";

pub(crate) async fn get_last_activity(
    request: Request<GetLastActivityRequest>,
) -> Result<Response<GetLastActivityResponse>> {
    #[derive(Serialize)]
    struct Raw {
        users: Vec<User>,
    }

    let tenant = upstream::call(&request, "GET", ACTIVITY).await?;
    let users: Vec<User> = request.request.account_ids.iter().filter_map(|id| tenant.user(id)).collect();
    let activities =
        users.iter().map(|user| Ok(LastActivityData::new(user.id(), user.last_event(), user.last_active()?)));
    let activities = activities.collect::<Result<Vec<_>>>()?;
    Ok(Response::new(GetLastActivityResponse::new(activities))
        .raw_data_if(request.include_raw_data, Raw { users }))
}

/// The last activity of each account, in every application that it has access to.
pub(crate) async fn list_applications_activity_records(
    request: Request<ListApplicationsActivityRecordsRequest>,
) -> Result<Response<ListApplicationsActivityRecordsResponse>> {
    #[derive(Serialize)]
    struct Raw<'a> {
        events: &'a [Event],
    }

    let tenant = upstream::call(&request, "GET", ACTIVITY_OF_APPS).await?;
    let ListApplicationsActivityRecordsRequest { since_date, actors, .. } = &request.request;
    let since = start(since_date)?;
    let mut events = Vec::new();
    for user in actors.iter().filter_map(|actor| tenant.user(&actor.account_id)) {
        let at = user.last_active()?;
        if at.instant() >= since.instant() {
            let groups = GROUPS.iter().filter(|group| group.has_member(user));
            events.extend(groups.map(|group| Event { app: group.app.id, user, at }));
        }
    }
    let window = Window::new(&request, ACTIVITY_OF_APPS, events.len() as u64)?;
    let events = window.slice(&events);
    let records: Vec<_> = events.iter().map(ApplicationActivityRecord::from).collect();
    Ok(Response::new(ListApplicationsActivityRecordsResponse::new(records))
        .raw_data_if(request.include_raw_data, Raw { events })
        .next_page(window.next()))
}

/// The instant that a date stands for: midnight in UTC, unless it has a time.
fn start(since_date: &str) -> Result<Timestamp, ConnectorError> {
    let midnight = || format!("{since_date}T00:00:00Z").parse();
    since_date
        .parse()
        .or_else(|_| midnight())
        .map_err(|_| bad_request("since_date: expected a date, or a date and time with an offset"))
}

/// What a user did in an application, as the upstream would send it.
#[derive(Serialize)]
struct Event {
    app: &'static str,
    user: User,
    at: Timestamp,
}

impl From<&Event> for ApplicationActivityRecord {
    fn from(event: &Event) -> Self {
        let Event { app, user, at } = event;
        let id = user.id();
        let activity = match user.last_event() {
            ActivityEventType::LastLogin => ActivityType::AccountLogin,
            _ => ActivityType::Other("APP_USED".to_owned()),
        };
        let record =
            ActivityRecord::new([app, "/", &id].concat(), activity, *at, ActivityRecordActor::new(id), []);
        Self::new(*app, record)
    }
}
