"""A fictional OAuth 2 provider (RFC 6749, section 4.1) that derives tokens from its input."""

import re
from urllib.parse import quote, unquote_to_bytes

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


def query(parameters: dict[str, str]) -> str:
    """The parameters as a query. Empty values are omitted."""
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items() if value)


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
