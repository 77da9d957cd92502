"""Lists the accounts of programs, and when they were last active."""

from connector_sdk_types.generated import (
    AccountStatus,
    ActivityEventType,
    GetNonHumanAccountLastActivityRequest,
    GetNonHumanAccountLastActivityResponse,
    ListNonHumanAccountsRequest,
    ListNonHumanAccountsResponse,
    NonHumanAccount,
    NonHumanAccountLastActivity,
    StandardCapabilityName,
)
from mock_tenant import year
from mock_tenant.programs import PROGRAMS, Program

from mock_connector.integration import integration
from mock_connector.pagination import Window
from mock_connector.upstream import call, raw


@integration.register_capability(StandardCapabilityName.LIST_NON_HUMAN_ACCOUNTS)
async def list_non_human_accounts(
    args: ListNonHumanAccountsRequest,
) -> ListNonHumanAccountsResponse:
    await call(args, "GET", "/programs")
    window = Window.of(args, "/programs", len(PROGRAMS))
    programs = window.slice(PROGRAMS)
    return ListNonHumanAccountsResponse(
        response=[account(program) for program in programs],
        raw_data=raw(args, {"programs": [program.raw() for program in programs]}),
        page=window.next(),
    )


def account(program: Program) -> NonHumanAccount:
    app = program.group.app
    return NonHumanAccount(
        resource_id=program.resource_id,
        id=program.id,
        label=f"Sync of {app.label}",
        workload_name=app.label,
        workload_id=app.id,
        type="sync_program",
        status=AccountStatus.ACTIVE,
        created_at=year.text(program.created()),
        last_activity=year.text(program.last_active()),
    )


@integration.register_capability(StandardCapabilityName.GET_NON_HUMAN_ACCOUNT_LAST_ACTIVITY)
async def get_non_human_account_last_activity(
    args: GetNonHumanAccountLastActivityRequest,
) -> GetNonHumanAccountLastActivityResponse:
    await call(args, "GET", "/programs/activity")
    used = [program for program in PROGRAMS if program.last_active()]
    window = Window.of(args, "/programs/activity", len(used))
    programs = window.slice(used)
    return GetNonHumanAccountLastActivityResponse(
        response=[
            NonHumanAccountLastActivity(
                non_human_account_id=program.id,
                event_type=ActivityEventType.LAST_ACTIVITY,
                happened_at=year.text(program.last_active()),
            )
            for program in programs
        ],
        raw_data=raw(args, {"programs": [program.raw() for program in programs]}),
        page=window.next(),
    )
