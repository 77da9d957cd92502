"""The command line: `python -m mock_connector list_accounts --json '…'`."""

from connector.cli import run_integration

from mock_connector import (  # noqa: F401  (importing them registers their capabilities)
    access_graph,
    account_changes,
    accounts,
    activity,
    application_assignments,
    applications,
    attributes,
    authorization,
    connected_info,
    credentials,
    entitlement_assignments,
    entitlements,
    expenses,
    issued_credentials,
    non_human_accounts,
    offboarding,
    resources,
)
from mock_connector.integration import integration

if __name__ == "__main__":
    run_integration(integration)
