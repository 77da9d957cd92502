"""The mock connector once more, on connector-py: the same tenant, answered by the published release.

Modules and functions are named as those of the Rust connector are, so that `raised_in` can be compared.
"""
