"""What stands in for the network: the way to the tenant, and how it fails."""

import asyncio

import httpx
from connector.serializers.request import Request

from mock_connector.settings import Settings
from mock_connector.tenant import Tenant


async def call(request: Request, method: str, path: str) -> Tenant:
    settings = request.settings or Settings()
    if settings.delay_ms:
        await asyncio.sleep(settings.delay_ms / 1000)
    if settings.panic:
        raise RuntimeError("the setting `panic` is on")
    if settings.fail_with_status is not None:
        raise answered(method, path, settings.fail_with_status, "the setting `fail_with_status` is on")
    accept(request.get_basic_auth().password, method, path, "the password is wrong")
    return Tenant(250 if settings.accounts is None else settings.accounts)


def accept(secret: str, method: str, path: str, refusal: str) -> None:
    if secret == "wrong":
        raise answered(method, path, 401, refusal)


def answered(method: str, path: str, status: int, body: str) -> httpx.HTTPStatusError:
    url = f"https://mock.example.com{path}"
    sent = httpx.Request(method, url)
    # The message is the Rust connector's, so that what the release does with a message can be compared.
    return httpx.HTTPStatusError(
        f"{method} {url}: upstream answered {status}: {body}",
        request=sent,
        response=httpx.Response(status, request=sent, text=body),
    )
