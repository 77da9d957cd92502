"""Simulates calls to the upstream, including failures."""

import asyncio
from typing import Any

import httpx
from connector.client import get_basic_auth, get_settings
from mock_tenant import DOMAIN
from mock_tenant.tenant import Tenant

from mock_connector.settings import Settings


async def call(args: Any, method: str, path: str) -> Tenant:
    tenant = await call_anonymously(args, method, path)
    check_secret(get_basic_auth(args).password, method, path, "the password is wrong")
    return tenant


async def call_anonymously(args: Any, method: str, path: str) -> Tenant:
    settings = get_settings(args, Settings)
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
    sent = httpx.Request(method, f"https://{DOMAIN}{path}")
    response = httpx.Response(status, request=sent, text=body)
    return httpx.HTTPStatusError(f"status {status}", request=sent, response=response)


def raw(args: Any, data: Any) -> Any:
    """What the upstream returned, if the caller requests it."""
    return data if args.include_raw_data else None
