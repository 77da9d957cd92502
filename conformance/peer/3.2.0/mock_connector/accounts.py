"""Lists, creates, activates, deactivates and deletes accounts."""

from typing import Any

from connector.capability import CapabilityName
from connector.enums import AccountStatus
from connector.serializers.request import (
    ActivateAccountRequest,
    CreateAccountRequest,
    DeactivateAccountRequest,
    DeleteAccountRequest,
    ListAccountsRequest,
    Request,
)
from connector.serializers.response import (
    ActivateAccountResponse,
    CreateAccountResponse,
    DeactivateAccountResponse,
    DeleteAccountResponse,
    ListAccountsResponse,
    Response,
)
from mock_tenant.tenant import Tenant
from mock_tenant.users import User

from mock_connector import entitlements, upstream
from mock_connector.errors import already_exists, bad_request, no_such
from mock_connector.found import account
from mock_connector.integration import integration
from mock_connector.pagination import Window
from mock_connector.settings import Settings

USERS = "/users"
USER = "/users/{id}"


@integration.register_capability(CapabilityName.LIST_ACCOUNTS)
async def list_accounts(
    request: Request[ListAccountsRequest, Settings | None],
) -> Response[ListAccountsResponse]:
    tenant = await upstream.call(request, "GET", USERS)
    window = Window.of(request, USERS, tenant.accounts)
    users = [User(index) for index in window.items()]
    return Response[ListAccountsResponse](
        response=ListAccountsResponse(
            accounts=[account(user, request.request.custom_attributes) for user in users]
        ),
        raw_data={"users": [user.raw() for user in users]} if request.include_raw_data else None,
        page=window.next(),
    )


@integration.register_capability(CapabilityName.CREATE_ACCOUNT)
async def create_account(
    request: Request[CreateAccountRequest, Settings | None],
) -> Response[CreateAccountResponse]:
    tenant = await upstream.call(request, "POST", USERS)
    new = request.request.account
    email, username = (new.email or "").strip(), (new.username or "").strip()
    if not email and not username:
        raise bad_request("an account needs an email or a username")
    if email and tenant.user_at(new.email):
        raise already_exists("email")
    if username and tenant.user_named(new.username):
        raise already_exists("username")
    status = initial_status(new.user_status)
    for at, entitlement in enumerate(request.request.entitlements):
        entitlements.check_initial(entitlement, at)
    return Response[CreateAccountResponse](
        response=CreateAccountResponse(status=status, created=True),
        raw_data={"id": tenant.accounts} if request.include_raw_data else None,
    )


def initial_status(name: str | None) -> AccountStatus:
    status = (name if name is not None else "ACTIVE").upper()
    if status not in ("ACTIVE", "PENDING", "SUSPENDED"):
        raise bad_request("user_status: expected ACTIVE, PENDING or SUSPENDED")
    return AccountStatus(status)


@integration.register_capability(CapabilityName.ACTIVATE_ACCOUNT)
async def activate_account(
    request: Request[ActivateAccountRequest, Settings | None],
) -> Response[ActivateAccountResponse]:
    tenant = await upstream.call(request, "PATCH", USER)
    raw = changed(tenant, request.request.account_id, "ACTIVE")
    return Response[ActivateAccountResponse](
        response=ActivateAccountResponse(status=AccountStatus.ACTIVE, activated=True),
        raw_data=raw if request.include_raw_data else None,
    )


@integration.register_capability(CapabilityName.DEACTIVATE_ACCOUNT)
async def deactivate_account(
    request: Request[DeactivateAccountRequest, Settings | None],
) -> Response[DeactivateAccountResponse]:
    tenant = await upstream.call(request, "PATCH", USER)
    raw = changed(tenant, request.request.account_id, "SUSPENDED")
    return Response[DeactivateAccountResponse](
        response=DeactivateAccountResponse(status=AccountStatus.SUSPENDED, deactivated=True),
        raw_data=raw if request.include_raw_data else None,
    )


@integration.register_capability(CapabilityName.DELETE_ACCOUNT)
async def delete_account(
    request: Request[DeleteAccountRequest, Settings | None],
) -> Response[DeleteAccountResponse]:
    tenant = await upstream.call(request, "DELETE", USER)
    raw = changed(tenant, request.request.account_id, "DELETED")
    return Response[DeleteAccountResponse](
        response=DeleteAccountResponse(status=AccountStatus.DEPROVISIONED, deleted=True),
        raw_data=raw if request.include_raw_data else None,
    )


def changed(tenant: Tenant, account_id: str, state: str) -> dict[str, Any]:
    """What the upstream returns for a user whose state has changed."""
    user = tenant.user(account_id)
    if user is None:
        raise no_such("account", "account_id")
    return {"id": user.index, "state": state}
