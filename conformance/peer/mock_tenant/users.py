"""The tenant's users. A user is a number."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mock_tenant import year
from mock_tenant.groups import Group

ATTRIBUTES = {"department": "Where the user works", "manager": "The user's manager"}
"""The custom attributes of users, with their descriptions."""

_DEPARTMENTS = ["Administration", "Production", "Research", "Sales"]


@dataclass(frozen=True)
class User:
    index: int

    @property
    def id(self) -> str:
        return str(self.index)

    def fields(self) -> dict[str, Any]:
        """The fields of an account that every release has."""
        return {
            "integration_specific_id": self.id,
            "email": f"user{self.id}@example.com",
            "given_name": "Given",
            "family_name": "Family",
            "username": f"user{self.id}",
            "extra_data": {"n": "1"},
        }

    def attributes(self, requested: list[str] | None) -> dict[str, str] | None:
        """The values of the requested custom attributes. Unknown names are ignored."""
        values = {"department": _DEPARTMENTS[self.index % 4]}
        if self.index > 0:
            values["manager"] = str((self.index - 1) // 10)
        names = [name for name in ATTRIBUTES if name in (requested or [])]
        return {name: values[name] for name in names if name in values} if names else None

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

    def last_event(self) -> str:
        return "last_activity" if self.index % 2 else "last_login"

    def last_active(self) -> datetime:
        return year.second(self.index * 7_368_787 % (year.DAYS * 86_400))

    def is_member(self, group: Group) -> bool:
        return any(self.index % entitlement.every == 0 for entitlement in group.entitlements)

    def license(self) -> str:
        return "basic" if self.index % 2 else "full"
