"""An OAuth 2 flow (RFC 6749, section 4.1) with a fictional provider."""

from connector.capability import CapabilityName
from connector.errors import ConnectorError, ErrorCodes
from connector.generated import (
    AuthorizationUrl,
    GetAuthorizationUrl,
    HandleAuthorizationCallback,
    OauthCredentials,
    RefreshAccessToken,
    TokenType,
)
from connector.serializers.request import Request
from connector.serializers.response import Response
from mock_tenant import DOMAIN, provider

from mock_connector import upstream
from mock_connector.errors import bad_request
from mock_connector.integration import integration
from mock_connector.settings import Settings


@integration.register_capability(CapabilityName.GET_AUTHORIZATION_URL)
async def get_authorization_url(
    request: Request[GetAuthorizationUrl, Settings | None],
) -> Response[AuthorizationUrl]:
    await upstream.call_anonymously(request, "GET", provider.AUTHORIZE)
    payload = request.request
    require("client_id", payload.client_id)
    require("redirect_uri", payload.redirect_uri)
    parameters = {
        "response_type": "code",
        "client_id": payload.client_id,
        "redirect_uri": payload.redirect_uri,
        "scope": " ".join(payload.scopes),
        "state": payload.state,
    }
    query = provider.query(parameters)
    return Response[AuthorizationUrl](
        response=AuthorizationUrl(authorization_url=f"https://{DOMAIN}{provider.AUTHORIZE}?{query}"),
    )


@integration.register_capability(CapabilityName.HANDLE_AUTHORIZATION_CALLBACK)
async def handle_authorization_callback(
    request: Request[HandleAuthorizationCallback, Settings | None],
) -> Response[OauthCredentials]:
    await upstream.call_anonymously(request, "POST", provider.TOKEN)
    payload = request.request
    require("client_id", payload.client_id)
    error = provider.parameter(payload.redirect_uri_with_code, "error")
    if error is not None:
        why = error if error in provider.PROVIDER_ERRORS else "unknown error"
        raise ConnectorError(
            f"the provider did not authorize the connector: {why}", ErrorCodes.UNAUTHORIZED
        )
    returned = provider.parameter(payload.redirect_uri_with_code, "state")
    if None not in (payload.state, returned) and payload.state != returned:
        raise bad_request("redirect_uri_with_code: its state does not match the request's state")
    code = provider.parameter(payload.redirect_uri_with_code, "code")
    if not code:
        raise bad_request("redirect_uri_with_code: its query has no code")
    upstream.check_secret(payload.client_secret, "POST", provider.TOKEN, "the client's secret is wrong")
    return tokens(request, code, returned if payload.state is None else payload.state)


@integration.register_capability(CapabilityName.REFRESH_ACCESS_TOKEN)
async def refresh_access_token(
    request: Request[RefreshAccessToken, Settings | None],
) -> Response[OauthCredentials]:
    await upstream.call_anonymously(request, "POST", provider.TOKEN)
    payload = request.request
    require("client_id", payload.client_id)
    require("refresh_token", payload.refresh_token)
    upstream.check_secret(payload.client_secret, "POST", provider.TOKEN, "the client's secret is wrong")
    return tokens(request, payload.refresh_token, payload.state)


def tokens(request: Request, grant: str, state: str | None) -> Response[OauthCredentials]:
    client_id = request.request.client_id
    return Response[OauthCredentials](
        response=OauthCredentials(
            access_token=provider.derive_token("access", client_id, grant),
            refresh_token=provider.derive_token("refresh", client_id, grant),
            token_type=TokenType.BEARER,
            state=state,
        ),
        raw_data=provider.GRANTED if request.include_raw_data else None,
    )


def require(field: str, value: str) -> None:
    if not value:
        raise bad_request(f"{field}: empty")
