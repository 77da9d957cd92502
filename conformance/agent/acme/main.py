"""A twin of a few capabilities of the mock connector, in the openapi format, to be packed for the on-premise agent."""

from connector.cli import run_integration
from connector.generated import (
    AccountStatus,
    BasicCredential,
    DeletedAccount,
    DeleteAccountRequest,
    DeleteAccountResponse,
    ErrorCode,
    FoundAccountData,
    GetAccountRequest,
    GetAccountResponse,
    ListAccountsRequest,
    ListAccountsResponse,
    ValidateCredentialsRequest,
    ValidateCredentialsResponse,
    ValidatedCredentials,
)
from connector.oai.capability import StandardCapabilityName
from connector.oai.errors import ConnectorError
from connector.oai.integration import DescriptionData, Integration
from pydantic import BaseModel

TENANT = "mock.example.com"


class Settings(BaseModel):
    accounts: int = 250


integration = Integration(
    app_id="acme",
    version="0.1.0",
    auth=BasicCredential,
    settings_model=Settings,
    exception_handlers=[],
    handle_errors=True,
    description_data=DescriptionData(user_friendly_name="Acme", categories=[]),
)


def account(number: int) -> FoundAccountData:
    return FoundAccountData(
        integration_specific_id=str(number),
        email=f"user{number}@example.com",
        given_name="Given",
        family_name="Family",
        username=f"user{number}",
        user_status=AccountStatus.ACTIVE,
        extra_data={"n": "1"},
    )


@integration.register_capability(StandardCapabilityName.VALIDATE_CREDENTIALS)
async def validate_credentials(request: ValidateCredentialsRequest) -> ValidateCredentialsResponse:
    return ValidateCredentialsResponse(response=ValidatedCredentials(valid=True, unique_tenant_id=TENANT))


@integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
async def list_accounts(request: ListAccountsRequest) -> ListAccountsResponse:
    count = request.settings["accounts"]
    return ListAccountsResponse(response=[account(number) for number in range(count)])


@integration.register_capability(StandardCapabilityName.GET_ACCOUNT)
async def get_account(request: GetAccountRequest) -> GetAccountResponse:
    number = int(request.request.account_id)
    if number >= request.settings["accounts"]:
        raise ConnectorError(message="there is no such account", error_code=ErrorCode.NOT_FOUND)
    return GetAccountResponse(response=account(number))


@integration.register_capability(StandardCapabilityName.DELETE_ACCOUNT)
async def delete_account(request: DeleteAccountRequest) -> DeleteAccountResponse:
    return DeleteAccountResponse(response=DeletedAccount(deleted=True, status=AccountStatus.DELETED))


if __name__ == "__main__":
    run_integration(integration)
