"""`connector compile-on-prem` reads the version from here."""

__version__ = "0.1.0"
