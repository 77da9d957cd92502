"""The integration. Each module with capabilities registers its own."""

import httpx
from connector.errors import HTTPHandler
from connector.integration import DescriptionData, Integration
from connector.serializers.abstract import AppCategory
from connector.serializers.request import BasicCredentials

integration = Integration(
    app_id="mock-connector",
    auth=BasicCredentials,
    exception_handlers=[(httpx.HTTPStatusError, HTTPHandler, None)],
    handle_errors=True,
    description_data=DescriptionData(
        user_friendly_name="Mock Connector",
        description="Returns the data of a fictional tenant, and fails on request",
        logo_url="https://mock.example/logo.svg",
        categories=[AppCategory.DEVELOPERS],
    ),
)
