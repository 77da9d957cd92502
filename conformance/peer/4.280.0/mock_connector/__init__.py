"""A twin of the mock connector on connector-py: the same tenant, served by the published release.

Modules and functions have the same names as in the Rust connector, so `raised_in` can be compared.
"""
