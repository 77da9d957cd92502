"""Returns the last activity of accounts."""

from connector.capability import CapabilityName
from connector.enums import ActivityEventType
from connector.serializers.request import GetLastActivityRequest, Request
from connector.serializers.response import GetLastActivityResponse, LastActivityData, Response

from mock_connector import upstream
from mock_connector.integration import integration
from mock_connector.settings import Settings


@integration.register_capability(CapabilityName.GET_LAST_ACTIVITY)
async def get_last_activity(
    request: Request[GetLastActivityRequest, Settings | None],
) -> Response[GetLastActivityResponse]:
    tenant = await upstream.call(request, "GET", "/activity")
    users = [user for id in request.request.account_ids if (user := tenant.user(id))]
    activities = [
        LastActivityData(
            account_id=user.id,
            event_type=ActivityEventType[user.last_event().upper()],
            happened_at=user.last_active(),
        )
        for user in users
    ]
    return Response[GetLastActivityResponse](
        response=GetLastActivityResponse(activities=activities),
        raw_data={"users": [user.raw() for user in users]} if request.include_raw_data else None,
    )
