"""Errors that the connector raises deliberately."""

from connector.errors import ConnectorError, ErrorCodes


def no_such(what: str, field: str) -> ConnectorError:
    return ConnectorError(f"{field}: there is no such {what}", ErrorCodes.NOT_FOUND)


def bad_request(message: str) -> ConnectorError:
    return ConnectorError(message, ErrorCodes.BAD_REQUEST)


def already_exists(field: str) -> ConnectorError:
    return ConnectorError(f"{field}: this account already exists", "bad_request.already_exists")
