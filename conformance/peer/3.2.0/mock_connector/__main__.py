"""The command line: `python -m mock_connector list-accounts --json '…'`."""

from connector.cli import run_integration

from mock_connector import (  # noqa: F401  (importing them registers their capabilities)
    accounts,
    activity,
    attributes,
    authorization,
    credentials,
    entitlements,
    resources,
)
from mock_connector.integration import integration

run_integration(integration)
