//! Returns when accounts were last used, and in which applications.

use connector::capability::{
    GetLastActivityRequest, GetLastActivityResponse, ListActivityRecordsRequest, ListActivityRecordsResponse,
    ListApplicationsActivityRecordsRequest, ListApplicationsActivityRecordsResponse,
};
use connector::model::{
    ActivityEventType, ActivityRecord, ActivityRecordActor, ActivityType, ApplicationActivityRecord,
    LastActivityData, Timestamp,
};
use connector::{Response, Result};
use serde::Serialize;

use crate::pagination::Window;
use crate::tenant::{GROUPS, Tenant, User};
use crate::{Request, date, upstream};

const ACTIVITY: &str = "/activity";
const EVENTS: &str = "/events";
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

/// The last activity of each account. The tenant keeps no older ones.
pub(crate) async fn list_activity_records(
    request: Request<ListActivityRecordsRequest>,
) -> Result<Response<ListActivityRecordsResponse>> {
    #[derive(Serialize)]
    struct Raw<'a> {
        events: &'a [LastEvent],
    }

    let tenant = upstream::call(&request, "GET", EVENTS).await?;
    let ListActivityRecordsRequest { since_date, actors } = &request.request;
    let events = events_since(tenant, since_date, actors)?;
    let window = Window::new(&request, EVENTS, events.len() as u64)?;
    let events = window.slice(&events);
    let records: Vec<_> = events.iter().map(|event| record(event.user, event.at, event.user.id())).collect();
    Ok(Response::new(ListActivityRecordsResponse::new(records))
        .raw_data_if(request.include_raw_data, Raw { events })
        .next_page(window.next()))
}

/// What a user did last, as the upstream would send it.
#[derive(Serialize)]
struct LastEvent {
    user: User,
    at: Timestamp,
}

/// What these actors did last, if that was on `since_date` or later. Unknown actors did nothing.
fn events_since(tenant: Tenant, since_date: &str, actors: &[ActivityRecordActor]) -> Result<Vec<LastEvent>> {
    let since = date::instant(since_date, "since_date")?;
    let mut events = Vec::new();
    for user in actors.iter().filter_map(|actor| tenant.user(&actor.account_id)) {
        let at = user.last_active()?;
        if at.instant() >= since.instant() {
            events.push(LastEvent { user, at });
        }
    }
    Ok(events)
}

/// The record with this ID of what a user did last.
fn record(user: User, at: Timestamp, id: String) -> ActivityRecord {
    let activity = match user.last_event() {
        ActivityEventType::LastLogin => ActivityType::AccountLogin,
        _ => ActivityType::Other("APP_USED".to_owned()),
    };
    ActivityRecord::new(id, activity, at, ActivityRecordActor::new(user.id()), [])
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
    let mut events = Vec::new();
    for LastEvent { user, at } in events_since(tenant, since_date, actors)? {
        let groups = GROUPS.iter().filter(|group| group.has_member(user));
        events.extend(groups.map(|group| Event { app: group.app.id, user, at }));
    }
    let window = Window::new(&request, ACTIVITY_OF_APPS, events.len() as u64)?;
    let events = window.slice(&events);
    let records: Vec<_> = events.iter().map(ApplicationActivityRecord::from).collect();
    Ok(Response::new(ListApplicationsActivityRecordsResponse::new(records))
        .raw_data_if(request.include_raw_data, Raw { events })
        .next_page(window.next()))
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
        let id = [app, "/", &user.id()].concat();
        Self::new(*app, record(*user, *at, id))
    }
}
