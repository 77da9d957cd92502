"""What listings return for users, and how requests refer to them."""

from connector_sdk_types.generated import AccountStatus, FoundAccountData
from mock_tenant.tenant import Tenant
from mock_tenant.users import User

from mock_connector.errors import no_such


def account(user: User, attributes: list[str] | None = None) -> FoundAccountData:
    return FoundAccountData(
        **user.fields(),
        user_status=AccountStatus.ACTIVE,
        custom_attributes=user.attributes(attributes),
    )


def find_user(tenant: Tenant, id: str, field: str = "account_id") -> User:
    user = tenant.user(id)
    if user is None:
        raise no_such("account", field)
    return user
