"""The tenant's groups, the entitlements on them, and the applications that they lead to."""

from dataclasses import dataclass
from typing import Any, Iterator


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
class App:
    id: str
    name: str
    label: str
    sign_on: str

    def raw(self) -> dict[str, Any]:
        return {"id": self.id, "product": self.name, "title": self.label, "sign_on": self.sign_on}


@dataclass(frozen=True)
class Group:
    id: str
    label: str
    entitlements: list[Entitlement]
    app: App

    def raw(self) -> dict[str, Any]:
        roles = [entitlement.raw() for entitlement in self.entitlements]
        return {"id": self.id, "title": self.label, "roles": roles}

    def members(self, accounts: int) -> int:
        """Number of users that hold an entitlement on the group. Admins are also members."""
        return max(entitlement.holders(accounts) for entitlement in self.entitlements)

    def entitlement(self, id: str) -> Entitlement | None:
        return next((found for found in self.entitlements if found.id == id), None)

    def subgroups(self) -> "list[Group]":
        """The groups whose members are members of this group too."""
        return GROUPS[1:] if self is GROUPS[0] else []

    def implied_by(self, entitlement: Entitlement) -> "tuple[Group, Entitlement] | None":
        """The entitlement that every holder of `entitlement`, which is on this group, also holds."""
        if entitlement is not self.entitlements[0]:
            return self, self.entitlements[0]
        return None if self is GROUPS[0] else (GROUPS[0], GROUPS[0].entitlements[0])


def _group(id: str, app: App, member: int, admin: int | None = None) -> Group:
    label = id.capitalize()
    entitlements = [Entitlement(f"{id}-member", f"Member of {label}", member)]
    if admin is not None:
        entitlements.append(Entitlement(f"{id}-admin", f"Admin of {label}", admin))
    return Group(id, label, entitlements, app)


def _app(name: str, label: str, sign_on: str) -> App:
    return App(f"mock.{name}.example", f"{name}.example", label, sign_on)


GROUPS = [
    _group("everyone", _app("chat", "Chat", "SAML"), member=1),
    _group("engineering", _app("tracker", "Issue Tracker", "OIDC"), member=2, admin=20),
    _group("sales", _app("crm", "Customer Relations", "SAML"), member=3, admin=30),
    _group("support", _app("helpdesk", "Help Desk", "OIDC"), member=5, admin=60),
    _group("security", _app("vault", "Vault", "BOOKMARK"), member=12, admin=60),
]


def group(id: str) -> Group | None:
    return next((found for found in GROUPS if found.id == id), None)


def group_of_app(id: str) -> Group | None:
    return next((found for found in GROUPS if found.app.id == id), None)


def roles() -> Iterator[tuple[Group, Entitlement]]:
    """Every entitlement with its group."""
    return ((group, entitlement) for group in GROUPS for entitlement in group.entitlements)
