"""The integration. Each module with capabilities registers its own."""

import httpx
from connector_sdk_types.generated import AppCategory, BasicCredential
from connector.oai.errors import HTTPHandler
from connector.oai.integration import DescriptionData, Integration

from mock_connector.settings import Settings

integration = Integration(
    app_id="mock-connector",
    version="0.1.0",
    auth=BasicCredential,
    exception_handlers=[(httpx.HTTPStatusError, HTTPHandler, None)],
    description_data=DescriptionData(
        user_friendly_name="Mock Connector",
        description="Returns the data of a fictional tenant, and fails on request",
        categories=[AppCategory.DEVELOPERS],
    ),
    settings_model=Settings,
)
