"""What listings return for users."""

from connector.enums import AccountStatus
from connector.serializers.response import FoundAccountData
from mock_tenant.users import User


def account(user: User, attributes: list[str] | None = None) -> FoundAccountData:
    return FoundAccountData(
        **user.fields(),
        user_status=AccountStatus.ACTIVE,
        custom_attributes=user.attributes(attributes),
    )
