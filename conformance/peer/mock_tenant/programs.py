"""Programs with accounts of their own, and the credentials of programs and users."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mock_tenant import year
from mock_tenant.groups import GROUPS, Group
from mock_tenant.users import User


@dataclass(frozen=True)
class Program:
    """The program that keeps the application of a group up to date."""

    number: int

    @property
    def group(self) -> Group:
        return GROUPS[self.number]

    @property
    def id(self) -> str:
        return f"sync-{self.group.id}"

    @property
    def resource_id(self) -> str:
        return f"program:{self.id}"

    def created(self) -> datetime:
        return year.day(self.number)

    def last_active(self) -> datetime | None:
        """The last program was never active."""
        return None if self.group is GROUPS[-1] else year.day(300 + self.number)

    def raw(self) -> dict[str, Any]:
        return {"id": self.id, "app": self.group.app.id}


PROGRAMS = [Program(number) for number in range(len(GROUPS))]


@dataclass(frozen=True)
class Key:
    """What a program or a user signs in with: the certificate of a program, or the API key of a user."""

    owner: Program | User

    @property
    def is_certificate(self) -> bool:
        return isinstance(self.owner, Program)

    @property
    def id(self) -> str:
        return f"certificate-{self.owner.id}" if self.is_certificate else f"key-{self.owner.id}"

    def created(self) -> datetime:
        return self.owner.created() if isinstance(self.owner, Program) else year.day(0)

    def expires(self) -> datetime | None:
        return year.day(2 * year.DAYS) if self.is_certificate else None

    def last_used(self) -> datetime | None:
        """Of the users with a key, every second one has used it."""
        if isinstance(self.owner, User) and self.owner.index % 20:
            return None
        return self.owner.last_active()

    def raw(self) -> dict[str, Any]:
        return {"program" if self.is_certificate else "user": self.owner.raw()}


def keys(accounts: int) -> list[Key]:
    """All credentials: first those of programs, then those of users. Every tenth user has one."""
    return [Key(program) for program in PROGRAMS] + [Key(User(index)) for index in range(0, accounts, 10)]
