"""An OAuth 2 flow (RFC 6749, section 4.1) with a fictional provider."""

from typing import Any

from connector_sdk_types.generated import (
    AuthorizationUrl,
    ConnectorErrorCode,
    GetAuthorizationUrlRequest,
    GetAuthorizationUrlResponse,
    HandleAuthorizationCallbackRequest,
    HandleAuthorizationCallbackResponse,
    OauthCredentials,
    RefreshAccessTokenRequest,
    RefreshAccessTokenResponse,
    StandardCapabilityName,
    TokenType,
)
from connector.oai.errors import ConnectorError
from mock_tenant import DOMAIN, provider

from mock_connector import upstream
from mock_connector.errors import bad_request
from mock_connector.integration import integration


@integration.register_capability(StandardCapabilityName.GET_AUTHORIZATION_URL)
async def get_authorization_url(args: GetAuthorizationUrlRequest) -> GetAuthorizationUrlResponse:
    await upstream.call_anonymously(args, "GET", provider.AUTHORIZE)
    request = args.request
    require("client_id", request.client_id)
    require("redirect_uri", request.redirect_uri)
    query = provider.query(
        {
            "response_type": "code",
            "client_id": request.client_id,
            "redirect_uri": request.redirect_uri,
            "scope": " ".join(request.scopes),
            "state": request.state,
        }
    )
    url = f"https://{DOMAIN}{provider.AUTHORIZE}?{query}"
    return GetAuthorizationUrlResponse(response=AuthorizationUrl(authorization_url=url))


@integration.register_capability(StandardCapabilityName.HANDLE_AUTHORIZATION_CALLBACK)
async def handle_authorization_callback(
    args: HandleAuthorizationCallbackRequest,
) -> HandleAuthorizationCallbackResponse:
    await upstream.call_anonymously(args, "POST", provider.TOKEN)
    request = args.request
    require("client_id", request.client_id)
    error = provider.parameter(request.redirect_uri_with_code, "error")
    if error is not None:
        why = error if error in provider.PROVIDER_ERRORS else "unknown error"
        raise ConnectorError(
            message=f"the provider did not authorize the connector: {why}",
            error_code=ConnectorErrorCode.UNAUTHORIZED,
        )
    returned = provider.parameter(request.redirect_uri_with_code, "state")
    if None not in (request.state, returned) and request.state != returned:
        raise bad_request("redirect_uri_with_code: its state does not match the request's state")
    code = provider.parameter(request.redirect_uri_with_code, "code")
    if not code:
        raise bad_request("redirect_uri_with_code: its query has no code")
    check_client(request)
    return HandleAuthorizationCallbackResponse(
        response=tokens(request, code, returned if request.state is None else request.state),
        raw_data=upstream.raw(args, provider.GRANTED),
    )


@integration.register_capability(StandardCapabilityName.REFRESH_ACCESS_TOKEN)
async def refresh_access_token(args: RefreshAccessTokenRequest) -> RefreshAccessTokenResponse:
    await upstream.call_anonymously(args, "POST", provider.TOKEN)
    request = args.request
    require("client_id", request.client_id)
    require("refresh_token", request.refresh_token)
    check_client(request)
    return RefreshAccessTokenResponse(
        response=tokens(request, request.refresh_token, request.state),
        raw_data=upstream.raw(args, provider.GRANTED),
    )


def require(field: str, value: str) -> None:
    if not value:
        raise bad_request(f"{field}: empty")


def check_client(request: Any) -> None:
    upstream.check_secret(
        request.client_secret, "POST", provider.TOKEN, "the client's secret is wrong"
    )


def tokens(request: Any, grant: str, state: str | None) -> OauthCredentials:
    return OauthCredentials(
        access_token=provider.derive_token("access", request.client_id, grant),
        refresh_token=provider.derive_token("refresh", request.client_id, grant),
        token_type=TokenType.BEARER,
        state=state,
    )
