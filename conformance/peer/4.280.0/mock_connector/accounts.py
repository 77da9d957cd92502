"""Lists, creates, activates, deactivates and deletes accounts."""

from typing import Any

from connector_sdk_types.generated import (
    AccountStatus,
    ActivateAccountRequest,
    ActivateAccountResponse,
    ActivatedAccount,
    CreatableAccount,
    CreateAccountResponse,
    CreatedAccount,
    DeactivateAccountRequest,
    DeactivateAccountResponse,
    DeactivatedAccount,
    DeleteAccountRequest,
    DeleteAccountResponse,
    DeletedAccount,
    GetAccountRequest,
    GetAccountResponse,
    ListAccountsRequest,
    ListAccountsResponse,
    StandardCapabilityName,
)
from connector.oai.capability import CustomRequest
from mock_tenant.users import User

from mock_connector import entitlements
from mock_connector.errors import already_exists, bad_request
from mock_connector.found import account, find_user
from mock_connector.integration import integration
from mock_connector.pagination import Window
from mock_connector.upstream import call, raw

USERS = "/users"
USER = "/users/{id}"


@integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    tenant = await call(args, "GET", USERS)
    window = Window.of(args, USERS, tenant.accounts)
    users = [User(index) for index in window.items()]
    return ListAccountsResponse(
        response=[account(user, args.request.custom_attributes) for user in users],
        raw_data=raw(args, {"users": [user.raw() for user in users]}),
        page=window.next(),
    )


@integration.register_capability(StandardCapabilityName.GET_ACCOUNT)
async def get_account(args: GetAccountRequest) -> GetAccountResponse:
    user = find_user(await call(args, "GET", USER), args.request.account_id)
    found = account(user, args.request.custom_attributes)
    return GetAccountResponse(response=found, raw_data=raw(args, user.raw()))


class NewAccount(CreatableAccount):
    email: str | None = None
    username: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    user_status: str | None = None
    extra_data: dict[str, Any] | None = None


@integration.register_capability(StandardCapabilityName.CREATE_ACCOUNT)
async def create_account(args: CustomRequest[NewAccount]) -> CreateAccountResponse:
    tenant = await call(args, "POST", USERS)
    new = args.request
    email, username = (new.email or "").strip(), (new.username or "").strip()
    if not email and not username:
        raise bad_request("an account needs an email or a username")
    if email and tenant.user_at(new.email):
        raise already_exists("email")
    if username and tenant.user_named(new.username):
        raise already_exists("username")
    status = initial_status(new.user_status)
    for at, entitlement in enumerate(new.entitlements):
        entitlements.check_initial(entitlement, at)
    return CreateAccountResponse(
        response=CreatedAccount(id=str(tenant.accounts), status=status, created=True),
        raw_data=raw(args, {"id": tenant.accounts}),
    )


def initial_status(name: str | None) -> AccountStatus:
    status = (name if name is not None else "ACTIVE").upper()
    if status not in ("ACTIVE", "PENDING", "SUSPENDED"):
        raise bad_request("user_status: expected ACTIVE, PENDING or SUSPENDED")
    return AccountStatus(status)


@integration.register_capability(StandardCapabilityName.ACTIVATE_ACCOUNT)
async def activate_account(args: ActivateAccountRequest) -> ActivateAccountResponse:
    changed = await change(args, "PATCH", "ACTIVE")
    return ActivateAccountResponse(
        response=ActivatedAccount(status=AccountStatus.ACTIVE, activated=True),
        raw_data=raw(args, changed),
    )


@integration.register_capability(StandardCapabilityName.DEACTIVATE_ACCOUNT)
async def deactivate_account(args: DeactivateAccountRequest) -> DeactivateAccountResponse:
    changed = await change(args, "PATCH", "SUSPENDED")
    return DeactivateAccountResponse(
        response=DeactivatedAccount(status=AccountStatus.SUSPENDED, deactivated=True),
        raw_data=raw(args, changed),
    )


@integration.register_capability(StandardCapabilityName.DELETE_ACCOUNT)
async def delete_account(args: DeleteAccountRequest) -> DeleteAccountResponse:
    changed = await change(args, "DELETE", "DELETED")
    return DeleteAccountResponse(
        response=DeletedAccount(status=AccountStatus.DELETED, deleted=True),
        raw_data=raw(args, changed),
    )


async def change(args: Any, method: str, state: str) -> dict[str, Any]:
    """What the upstream returns for a user whose state has changed."""
    user = find_user(await call(args, method, USER), args.request.account_id)
    return {"id": user.index, "state": state}
