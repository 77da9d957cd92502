"""Dates in requests."""

from datetime import datetime, timezone

from mock_connector.errors import bad_request


A_DATE = "a date, or a date and time with an offset"


def instant(date: str, field: str, expected: str = A_DATE) -> datetime:
    """The instant that a date stands for: midnight in UTC, unless it has a time."""
    try:
        at = datetime.fromisoformat(date)
    except ValueError:
        raise bad_request(f"{field}: expected {expected}") from None
    return in_utc(at)


def in_utc(at: datetime) -> datetime:
    """A time without an offset is in UTC."""
    return at if at.tzinfo else at.replace(tzinfo=timezone.utc)
