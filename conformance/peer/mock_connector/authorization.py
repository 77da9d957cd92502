"""An OAuth 2 flow (RFC 6749, section 4.1) with a fictional provider that derives tokens from its input."""

import re
from urllib.parse import quote, unquote_to_bytes

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

from mock_connector import upstream
from mock_connector.errors import bad_request
from mock_connector.integration import integration
from mock_connector.settings import Settings

AUTHORIZE = "/authorize"
TOKEN = "/token"
PROVIDER_ERRORS = [
    "access_denied",
    "invalid_request",
    "invalid_scope",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_response_type",
]
GRANTED = {"token_type": "bearer", "expires_in": 3600}


@integration.register_capability(CapabilityName.GET_AUTHORIZATION_URL)
async def get_authorization_url(
    request: Request[GetAuthorizationUrl, Settings | None],
) -> Response[AuthorizationUrl]:
    await upstream.call_anonymously(request, "GET", AUTHORIZE)
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
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items() if value)
    return Response[AuthorizationUrl](
        response=AuthorizationUrl(authorization_url=f"https://mock.example.com{AUTHORIZE}?{query}"),
    )


@integration.register_capability(CapabilityName.HANDLE_AUTHORIZATION_CALLBACK)
async def handle_authorization_callback(
    request: Request[HandleAuthorizationCallback, Settings | None],
) -> Response[OauthCredentials]:
    await upstream.call_anonymously(request, "POST", TOKEN)
    payload = request.request
    require("client_id", payload.client_id)
    error = parameter(payload.redirect_uri_with_code, "error")
    if error is not None:
        why = error if error in PROVIDER_ERRORS else "unknown error"
        raise ConnectorError(
            f"the provider did not authorize the connector: {why}", ErrorCodes.UNAUTHORIZED
        )
    returned = parameter(payload.redirect_uri_with_code, "state")
    if None not in (payload.state, returned) and payload.state != returned:
        raise bad_request("redirect_uri_with_code: its state does not match the request's state")
    code = parameter(payload.redirect_uri_with_code, "code")
    if not code:
        raise bad_request("redirect_uri_with_code: its query has no code")
    upstream.check_secret(payload.client_secret, "POST", TOKEN, "the client's secret is wrong")
    return tokens(request, code, returned if payload.state is None else payload.state)


@integration.register_capability(CapabilityName.REFRESH_ACCESS_TOKEN)
async def refresh_access_token(
    request: Request[RefreshAccessToken, Settings | None],
) -> Response[OauthCredentials]:
    await upstream.call_anonymously(request, "POST", TOKEN)
    payload = request.request
    require("client_id", payload.client_id)
    require("refresh_token", payload.refresh_token)
    upstream.check_secret(payload.client_secret, "POST", TOKEN, "the client's secret is wrong")
    return tokens(request, payload.refresh_token, payload.state)


def tokens(request: Request, grant: str, state: str | None) -> Response[OauthCredentials]:
    client_id = request.request.client_id
    return Response[OauthCredentials](
        response=OauthCredentials(
            access_token=derive_token("access", client_id, grant),
            refresh_token=derive_token("refresh", client_id, grant),
            token_type=TokenType.BEARER,
            state=state,
        ),
        raw_data=GRANTED if request.include_raw_data else None,
    )


def require(field: str, value: str) -> None:
    if not value:
        raise bad_request(f"{field}: empty")


def derive_token(kind: str, client_id: str, grant: str) -> str:
    """The token for a client and a code or refresh token: the 128-bit FNV-1a hash of its parts."""
    hash = 0x6C62272E07BB014262B821756295C58D
    for part in (kind, client_id, grant):
        for byte in [*part.encode(), 0xFF]:
            hash = (hash ^ byte) * 0x0000000001000000000000000000013B % (1 << 128)
    return f"mock-{kind}-{hash:032x}"


def parameter(uri: str, name: str) -> str | None:
    """The first value of the parameter `name` in the query of `uri`; `None` if no value can be decoded."""
    _, found, query = uri.split("#")[0].partition("?")
    for pair in query.split("&") if found else []:
        key, _, value = pair.partition("=")
        if decoded(key) == name and (text := decoded(value)) is not None:
            return text
    return None


def decoded(text: str) -> str | None:
    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        return None
    try:
        return unquote_to_bytes(text.replace("+", " ")).decode()
    except UnicodeDecodeError:
        return None
