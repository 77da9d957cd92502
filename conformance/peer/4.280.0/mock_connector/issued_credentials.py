"""Lists the credentials that the upstream has issued, and when they were last used."""

from connector_sdk_types.generated import (
    ActivityEventType,
    Credential,
    CredentialLastActivity,
    CredentialStatus,
    GetCredentialLastActivityRequest,
    GetCredentialLastActivityResponse,
    ListCredentialsRequest,
    ListCredentialsResponse,
    StandardCapabilityName,
)
from mock_tenant import programs, year
from mock_tenant.programs import Key

from mock_connector.integration import integration
from mock_connector.pagination import Window
from mock_connector.upstream import call, raw


@integration.register_capability(StandardCapabilityName.LIST_CREDENTIALS)
async def list_credentials(args: ListCredentialsRequest) -> ListCredentialsResponse:
    listing = programs.keys((await call(args, "GET", "/keys")).accounts)
    window = Window.of(args, "/keys", len(listing))
    keys = window.slice(listing)
    return ListCredentialsResponse(
        response=[credential(key) for key in keys],
        raw_data=raw(args, {"keys": [key.raw() for key in keys]}),
        page=window.next(),
    )


def credential(key: Key) -> Credential:
    owner = key.owner.id
    fields = (
        {
            "label": f"Certificate of {owner}",
            "credential_type": "certificate",
            "grants_access_to_non_human_account_id": owner,
        }
        if key.is_certificate
        else {
            "label": f"API key of user{owner}",
            "credential_type": "api_key",
            "grants_access_to_account_id": owner,
        }
    )
    return Credential(
        resource_id=f"credential:{key.id}",
        external_id=key.id,
        status=CredentialStatus.ACTIVE if key.last_used() else CredentialStatus.INACTIVE,
        created_at=year.text(key.created()),
        last_used_at=year.text(key.last_used()),
        expires_at=year.text(key.expires()),
        **fields,
    )


@integration.register_capability(StandardCapabilityName.GET_CREDENTIAL_LAST_ACTIVITY)
async def get_credential_last_activity(
    args: GetCredentialLastActivityRequest,
) -> GetCredentialLastActivityResponse:
    listing = programs.keys((await call(args, "GET", "/keys/activity")).accounts)
    used = [key for key in listing if key.last_used()]
    window = Window.of(args, "/keys/activity", len(used))
    keys = window.slice(used)
    return GetCredentialLastActivityResponse(
        response=[
            CredentialLastActivity(
                credential_id=key.id,
                event_type=(
                    ActivityEventType.LAST_ACTIVITY
                    if key.is_certificate
                    else ActivityEventType.LAST_LOGIN
                ),
                happened_at=year.text(key.last_used()),
            )
            for key in keys
        ],
        raw_data=raw(args, {"keys": [key.raw() for key in keys]}),
        page=window.next(),
    )
