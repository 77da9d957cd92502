"""Simulates calls to the upstream, including failures."""

import asyncio

import httpx
from connector.serializers.request import Request
from mock_tenant import DOMAIN
from mock_tenant.tenant import Tenant

from mock_connector.settings import Settings


async def call(request: Request, method: str, path: str) -> Tenant:
    tenant = await call_anonymously(request, method, path)
    check_secret(request.get_basic_auth().password, method, path, "the password is wrong")
    return tenant


async def call_anonymously(request: Request, method: str, path: str) -> Tenant:
    settings = request.settings or Settings()
    if settings.delay_ms:
        await asyncio.sleep(settings.delay_ms / 1000)
    if settings.panic:
        raise RuntimeError("the setting `panic` is on")
    if settings.fail_with_status is not None:
        raise status_error(method, path, settings.fail_with_status, "the setting `fail_with_status` is on")
    return Tenant(250 if settings.accounts is None else settings.accounts)


def check_secret(secret: str, method: str, path: str, message: str) -> None:
    if secret == "wrong":
        raise status_error(method, path, 401, message)


def status_error(method: str, path: str, status: int, body: str) -> httpx.HTTPStatusError:
    url = f"https://{DOMAIN}{path}"
    sent = httpx.Request(method, url)
    # The same message as in the Rust connector, so the release's handling of it can be compared.
    return httpx.HTTPStatusError(
        f"{method} {url}: upstream answered {status}: {body}",
        request=sent,
        response=httpx.Response(status, request=sent, text=body),
    )
