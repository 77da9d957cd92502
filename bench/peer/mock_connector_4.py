"""A twin of the mock connector on connector-py 4: `python mock_connector_4.py hacking http-server`.

`bench http` compares it with `mock-connector --wire openapi serve`. It has one capability, with the same tenant and pages.
"""

import httpx
from connector.cli import run_integration
from connector.client import PaginationBase, create_next_page_token, get_page, get_settings
from connector.generated import (
    AccountStatus,
    BasicCredential,
    FoundAccountData,
    ListAccountsRequest,
    ListAccountsResponse,
    StandardCapabilityName,
)
from connector.oai.errors import HTTPHandler
from connector.oai.integration import DescriptionData, Integration
from pydantic import BaseModel

DEFAULT_SIZE = 100
MAX_SIZE = 10_000


class Settings(BaseModel):
    accounts: int = 250


class Position(PaginationBase):
    """A position in the listing: the number of accounts before it."""

    offset: int


PageToken = create_next_page_token(Position, "PageToken")

integration = Integration(
    app_id="mock-connector",
    version="0.1.0",
    auth=BasicCredential,
    exception_handlers=[(httpx.HTTPStatusError, HTTPHandler, None)],
    description_data=DescriptionData(
        logo_url="https://mock.example.com/logo.png",
        user_friendly_name="Mock Connector",
        description="Supports list-accounts with a fictional tenant",
        categories=[],
    ),
    settings_model=Settings,
)


@integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    total = get_settings(args, Settings).accounts
    page = get_page(args)
    positions = PageToken(page.token).paginations()
    start = positions[0].offset if positions else 0
    end = min(start + min(page.size or DEFAULT_SIZE, MAX_SIZE), total)
    more = PageToken.from_paginations([Position(endpoint="/users", offset=end)]) if end < total else None
    return ListAccountsResponse(
        response=[account(index) for index in range(start, end)],
        page=more.to_page(page.size) if more else None,
    )


def account(index: int) -> FoundAccountData:
    return FoundAccountData(
        integration_specific_id=str(index),
        email=f"user{index}@example.com",
        given_name="Given",
        family_name="Family",
        username=f"user{index}",
        user_status=AccountStatus.ACTIVE,
        extra_data={"n": "1"},
    )


run_integration(integration)
