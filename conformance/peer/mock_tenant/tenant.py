"""A tenant: its users, and what they hold."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Iterator

from mock_tenant import year
from mock_tenant.groups import GROUPS, App, Entitlement, Group, roles
from mock_tenant.users import User


@dataclass(frozen=True)
class Association:
    user: User
    group: Group
    entitlement: Entitlement

    def raw(self) -> dict[str, Any]:
        return {"user": self.user.raw(), "group": self.group.id, "role": self.entitlement.id}


def held_by(user: User) -> Iterator[Association]:
    held = (role for role in roles() if user.index % role[1].every == 0)
    return (Association(user, group, entitlement) for group, entitlement in held)


@dataclass(frozen=True)
class Tenant:
    accounts: int

    def user(self, id: str) -> User | None:
        """The user with this ID, which must be written exactly as listed: `01` isn't an ID."""
        if not (id.isascii() and id.isdigit() and len(id) <= 20 and str(int(id)) == id):
            return None
        return User(int(id)) if int(id) < self.accounts else None

    def user_named(self, username: str) -> User | None:
        username = username.lower()
        return self.user(username.removeprefix("user")) if username.startswith("user") else None

    def user_at(self, email: str) -> User | None:
        email = email.lower()
        domain = "@example.com"
        return self.user_named(email.removesuffix(domain)) if email.endswith(domain) else None

    def associations(self) -> int:
        """Number of associations."""
        return sum(entitlement.holders(self.accounts) for _, entitlement in roles())

    def associations_at(self, positions: range) -> Iterator[Association]:
        """The associations at these positions, sorted by user, then in the order of groups."""
        held = (association for index in range(self.accounts) for association in held_by(User(index)))
        return islice(held, positions.start, positions.stop)

    def app_accounts(self) -> list[tuple[App, User]]:
        """Everyone with access to an application, sorted by application, then by user."""
        users = [User(index) for index in range(self.accounts)]
        return [(group.app, user) for group in GROUPS for user in users if user.is_member(group)]

    def day_of(self, user: User) -> datetime:
        """The day on which the user changed last, and bought a license. The days are in the order of users."""
        return year.day(user.index * year.DAYS // max(1, self.accounts))

    def first_on(self, day: int) -> int:
        """The position of the first user whose day is this one or a later one."""
        return min(self.accounts, -(-day * self.accounts // year.DAYS))
