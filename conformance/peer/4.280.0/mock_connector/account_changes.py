"""Updates accounts, and lists those that have changed."""

from connector_sdk_types.generated import (
    ListUpdatedAccountsRequest,
    ListUpdatedAccountsResponse,
    StandardCapabilityName,
    UpdateableAccount,
    UpdateAccountResponse,
    UpdatedAccounts,
)
from connector.oai.capability import CustomRequest
from mock_tenant import year
from mock_tenant.users import User

from mock_connector.accounts import USER
from mock_connector.dates import in_utc, instant
from mock_connector.errors import already_exists, bad_request
from mock_connector.found import account, find_user
from mock_connector.integration import integration
from mock_connector.pagination import Window
from mock_connector.upstream import call, raw


class Changes(UpdateableAccount):
    email: str | None = None
    username: str | None = None
    given_name: str | None = None
    family_name: str | None = None


@integration.register_capability(StandardCapabilityName.UPDATE_ACCOUNT)
async def update_account(args: CustomRequest[Changes]) -> UpdateAccountResponse:
    tenant = await call(args, "PATCH", USER)
    user = find_user(tenant, args.request.id, "id")
    changed = args.request.model_dump(include=Changes.model_fields.keys() - {"id"})
    given = {name: value for name, value in changed.items() if value is not None}
    if not given:
        raise bad_request("expected an email, a username, a given_name or a family_name to change")
    for name, value in given.items():
        if not value.strip():
            raise bad_request(f"{name}: must not be blank")
    if "email" in given and tenant.user_at(given["email"]) not in (None, user):
        raise already_exists("email")
    if "username" in given and tenant.user_named(given["username"]) not in (None, user):
        raise already_exists("username")
    return UpdateAccountResponse(
        response=UpdateableAccount(id=user.id),
        raw_data=raw(args, {"id": user.index, "changed": changed}),
    )


@integration.register_capability(StandardCapabilityName.LIST_UPDATED_ACCOUNTS)
async def list_updated_accounts(args: ListUpdatedAccountsRequest) -> ListUpdatedAccountsResponse:
    tenant = await call(args, "GET", "/users/changed")
    since = args.request.since
    if args.request.cursor is not None:
        since = instant(
            args.request.cursor, "cursor", expected="the cursor of an earlier response"
        )
    first = 0 if since is None else tenant.first_on(year.first_day_from(in_utc(since)))
    window = Window.of(args, f"/users/changed/{first}", tenant.accounts - first)
    users = [User(first + at) for at in window.items()]
    page = window.next()
    return ListUpdatedAccountsResponse(
        response=UpdatedAccounts(
            accounts=[account(user, args.request.custom_attributes) for user in users],
            cursor=year.text(year.END) if page is None else None,
        ),
        raw_data=raw(args, {"users": [user.raw() for user in users]}),
        page=page,
    )
