"""How current the tenant's data is. The release can't register `connected_info` itself."""

from connector_sdk_types.generated import (
    DataRecency,
    GetDataRecencyRequest,
    GetDataRecencyResponse,
    StandardCapabilityName,
)
from mock_tenant import year

from mock_connector.integration import integration
from mock_connector.upstream import call, raw

WITH_HISTORY = [
    StandardCapabilityName.FIND_ENTITLEMENT_ASSIGNMENTS,
    StandardCapabilityName.FIND_ENTITLEMENT_ASSOCIATIONS,
    StandardCapabilityName.GET_CREDENTIAL_LAST_ACTIVITY,
    StandardCapabilityName.GET_LAST_ACTIVITY,
    StandardCapabilityName.GET_NON_HUMAN_ACCOUNT_LAST_ACTIVITY,
    StandardCapabilityName.LIST_ACCOUNTS,
    StandardCapabilityName.LIST_ACTIVITY_RECORDS,
    StandardCapabilityName.LIST_APPLICATIONS_ACCOUNTS,
    StandardCapabilityName.LIST_APPLICATIONS_ACTIVITY_RECORDS,
    StandardCapabilityName.LIST_APPLICATIONS_ENTITLEMENT_ASSOCIATIONS,
    StandardCapabilityName.LIST_CREDENTIALS,
    StandardCapabilityName.LIST_EXPENSES,
    StandardCapabilityName.LIST_NON_HUMAN_ACCOUNTS,
    StandardCapabilityName.LIST_UPDATED_ACCOUNTS,
]


@integration.register_capability(StandardCapabilityName.GET_DATA_RECENCY)
async def get_data_recency(args: GetDataRecencyRequest) -> GetDataRecencyResponse:
    await call(args, "GET", "/tenant/history")
    return GetDataRecencyResponse(
        response=DataRecency(data={name.value: year.END for name in WITH_HISTORY}),
        raw_data=raw(args, {"as_of": year.text(year.END)}),
    )
