"""The year in which everything in the tenant happens."""

from datetime import datetime, timedelta, timezone

NEW_YEAR = datetime(2024, 1, 1, tzinfo=timezone.utc)
DAY = timedelta(days=1)
DAYS = 365
END = NEW_YEAR + DAYS * DAY


def second(number: int) -> datetime:
    return NEW_YEAR + timedelta(seconds=number)


def day(number: int) -> datetime:
    return NEW_YEAR + number * DAY


def first_day_from(at: datetime) -> int:
    """The number of the first day that starts at `at` or later."""
    return max(0, -((NEW_YEAR - at) // DAY))


def first_day_after(at: datetime) -> int:
    """The number of the first day that starts later than `at`."""
    return max(0, (at - NEW_YEAR) // DAY + 1)


def text(at: datetime | None) -> str | None:
    """The time in UTC, as in RFC 3339."""
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")
