"""The mock connector's fictional tenant, for its twins on every release. Everything follows from the number of accounts.

As in the Rust connector, nothing is stored. This package doesn't import connector-py, so that releases can share it.
"""

DOMAIN = "mock.example.com"
RESOURCE_TYPE = "group"
ENTITLEMENT_TYPE = "membership"
