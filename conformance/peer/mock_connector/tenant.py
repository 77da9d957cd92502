"""The fictional tenant: users, groups and associations. Everything follows from the number of accounts."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Any, Iterator

from connector.enums import AccountStatus, ActivityEventType
from connector.serializers.response import FoundAccountData

RESOURCE_TYPE = "group"
ENTITLEMENT_TYPE = "membership"
ATTRIBUTES = {"department": "STRING", "manager": "USER"}
DEPARTMENTS = ["Administration", "Production", "Research", "Sales"]
FIRST_ACTIVITY = datetime(2024, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Entitlement:
    id: str
    label: str
    every: int
    """Every how many users one holds it, starting with user 0."""

    def holders(self, accounts: int) -> int:
        return -(-accounts // self.every)

    def raw(self) -> dict[str, Any]:
        return {"id": self.id, "title": self.label}


@dataclass(frozen=True)
class Group:
    id: str
    label: str
    entitlements: list[Entitlement]

    def raw(self) -> dict[str, Any]:
        roles = [entitlement.raw() for entitlement in self.entitlements]
        return {"id": self.id, "title": self.label, "roles": roles}

    def members(self, accounts: int) -> int:
        """Number of users that hold an entitlement on the group. Admins are also members."""
        return max(entitlement.holders(accounts) for entitlement in self.entitlements)

    def entitlement(self, id: str) -> Entitlement | None:
        return next((found for found in self.entitlements if found.id == id), None)


def _group(id: str, member: int, admin: int | None = None) -> Group:
    label = id.capitalize()
    entitlements = [Entitlement(f"{id}-member", f"Member of {label}", member)]
    if admin is not None:
        entitlements.append(Entitlement(f"{id}-admin", f"Admin of {label}", admin))
    return Group(id, label, entitlements)


GROUPS = [
    _group("everyone", member=1),
    _group("engineering", member=2, admin=20),
    _group("sales", member=3, admin=30),
    _group("support", member=5, admin=60),
    _group("security", member=12, admin=60),
]


def group(id: str) -> Group | None:
    return next((found for found in GROUPS if found.id == id), None)


@dataclass(frozen=True)
class User:
    index: int

    @property
    def id(self) -> str:
        return str(self.index)

    def account(self, attributes: list[str]) -> FoundAccountData:
        return FoundAccountData(
            integration_specific_id=self.id,
            email=f"user{self.id}@example.com",
            given_name="Given",
            family_name="Family",
            username=f"user{self.id}",
            user_status=AccountStatus.ACTIVE,
            extra_data={"n": "1"},
            custom_attributes=self.attributes(attributes) if attributes else None,
        )

    def attributes(self, names: list[str]) -> dict[str, str]:
        values = {"department": DEPARTMENTS[self.index % 4]}
        if self.index > 0:
            values["manager"] = str((self.index - 1) // 10)
        return {name: values[name] for name in names if name in values}

    def raw(self) -> dict[str, Any]:
        return {
            "id": self.index,
            "login": f"user{self.id}",
            "mail": f"user{self.id}@example.com",
            "first_name": "Given",
            "last_name": "Family",
            "state": "ACTIVE",
            "n": "1",
        }

    def last_event(self) -> ActivityEventType:
        return ActivityEventType.LAST_ACTIVITY if self.index % 2 else ActivityEventType.LAST_LOGIN

    def last_active(self) -> datetime:
        return FIRST_ACTIVITY + timedelta(seconds=self.index * 7_368_787 % (365 * 86_400))


@dataclass(frozen=True)
class Association:
    user: User
    group: Group
    entitlement: Entitlement

    def raw(self) -> dict[str, Any]:
        return {"user": self.user.raw(), "group": self.group.id, "role": self.entitlement.id}


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
        return sum(
            entitlement.holders(self.accounts) for group in GROUPS for entitlement in group.entitlements
        )

    def associations_at(self, positions: range) -> Iterator[Association]:
        """The associations at these positions, sorted by user, then in the order of groups."""
        held = (
            Association(User(index), group, entitlement)
            for index in range(self.accounts)
            for group in GROUPS
            for entitlement in group.entitlements
            if index % entitlement.every == 0
        )
        return islice(held, positions.start, positions.stop)
