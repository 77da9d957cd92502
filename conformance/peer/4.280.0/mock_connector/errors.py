"""Errors that the connector raises deliberately."""

from connector_sdk_types.generated import ConnectorErrorCode
from connector.oai.errors import ConnectorError


def no_such(what: str, field: str) -> ConnectorError:
    return ConnectorError(
        message=f"{field}: there is no such {what}", error_code=ConnectorErrorCode.NOT_FOUND
    )


def bad_request(message: str) -> ConnectorError:
    return ConnectorError(message=message, error_code=ConnectorErrorCode.BAD_REQUEST)


def already_exists(field: str) -> ConnectorError:
    return ConnectorError(
        message=f"{field}: this account already exists",
        error_code=ConnectorErrorCode.BAD_REQUEST,
        app_error_code="mock-connector.bad_request.already_exists",
    )
