"""Returns when accounts were last used, and in which applications."""

from typing import Any

from connector_sdk_types.generated import (
    ActivityRecord,
    ActivityRecordActivityType,
    ActivityRecordActor,
    ApplicationActivityRecord,
    GetLastActivityRequest,
    GetLastActivityResponse,
    LastActivityData,
    ListActivityRecordsRequest,
    ListActivityRecordsResponse,
    ListApplicationsActivityRecordsRequest,
    ListApplicationsActivityRecordsResponse,
    StandardCapabilityName,
)
from mock_tenant import year
from mock_tenant.groups import GROUPS
from mock_tenant.tenant import Tenant
from mock_tenant.users import User

from mock_connector.dates import instant
from mock_connector.integration import integration
from mock_connector.pagination import Window
from mock_connector.upstream import call, raw

EVENTS = "/events"
ACTIVITY_OF_APPS = "/apps/activity"


@integration.register_capability(StandardCapabilityName.GET_LAST_ACTIVITY)
async def get_last_activity(args: GetLastActivityRequest) -> GetLastActivityResponse:
    tenant = await call(args, "GET", "/activity")
    users = [user for id in args.request.account_ids if (user := tenant.user(id))]
    return GetLastActivityResponse(
        response=[
            LastActivityData(
                account_id=user.id,
                event_type=user.last_event(),
                happened_at=year.text(user.last_active()),
            )
            for user in users
        ],
        raw_data=raw(args, {"users": [user.raw() for user in users]}),
    )


def users_since(tenant: Tenant, since_date: str, actors: list[ActivityRecordActor]) -> list[User]:
    """The actors whose last activity was on `since_date` or later."""
    since = instant(since_date, "since_date")
    users = [user for actor in actors if (user := tenant.user(actor.account_id))]
    return [user for user in users if user.last_active() >= since]


def record(user: User, id: str) -> dict[str, Any]:
    kind = "ACCOUNT_LOGIN" if user.last_event() == "last_login" else "APP_USED"
    return {
        "id": id,
        "activity_type": ActivityRecordActivityType(kind),
        "timestamp": year.text(user.last_active()),
        "actor": ActivityRecordActor(account_id=user.id),
        "targets": [],
    }


def event(user: User) -> dict[str, Any]:
    """An activity as the upstream sends it."""
    return {"user": user.raw(), "at": year.text(user.last_active())}


@integration.register_capability(StandardCapabilityName.LIST_ACTIVITY_RECORDS)
async def list_activity_records(args: ListActivityRecordsRequest) -> ListActivityRecordsResponse:
    tenant = await call(args, "GET", EVENTS)
    users = users_since(tenant, args.request.since_date, args.request.actors)
    window = Window.of(args, EVENTS, len(users))
    users = window.slice(users)
    return ListActivityRecordsResponse(
        response=[ActivityRecord(**record(user, user.id)) for user in users],
        raw_data=raw(args, {"events": [event(user) for user in users]}),
        page=window.next(),
    )


@integration.register_capability(StandardCapabilityName.LIST_APPLICATIONS_ACTIVITY_RECORDS)
async def list_applications_activity_records(
    args: ListApplicationsActivityRecordsRequest,
) -> ListApplicationsActivityRecordsResponse:
    tenant = await call(args, "GET", ACTIVITY_OF_APPS)
    users = users_since(tenant, args.request.since_date, args.request.actors)
    used = [(group.app.id, user) for user in users for group in GROUPS if user.is_member(group)]
    window = Window.of(args, ACTIVITY_OF_APPS, len(used))
    used = window.slice(used)
    return ListApplicationsActivityRecordsResponse(
        response=[
            ApplicationActivityRecord(
                application_instance_id=app, **record(user, f"{app}/{user.id}")
            )
            for app, user in used
        ],
        raw_data=raw(args, {"events": [{"app": app, **event(user)} for app, user in used]}),
        page=window.next(),
    )
