"""Somebody who looks, as statements know them: what their role sees, and expressions for the values of their scope."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam

from eldercare.kit.db import Key
from eldercare.security.policy import Policy, Rights, Scope, Sight, policy, sight
from eldercare.security.principal import Principal, Role
from eldercare.security.privacy import Privacy

Bind = Callable[[str, int], ColumnElement[int]]
"""Makes the expression for a value of a viewer's scope, from its name and the value."""


@dataclass(frozen=True)
class Viewer:
    """A viewer of one shape: statements differ by shape only, the values of the scope are parameters."""

    principal: Principal
    policy: Policy
    rights: Rights
    bind: Bind

    def sight(self, kind: Privacy, field: str = "") -> Sight:
        """How a kind of field is seen."""
        return sight(self.principal, self.rights, kind, field)

    def reads(self, noun: str) -> bool:
        """Whether records of a noun about people are seen at all; a partner's contract lists a field of it."""
        listed = self.rights.sights[Privacy.PERSONAL] is not Sight.LISTED
        return self.rights.reads(noun) and (listed or any(f.startswith(f"{noun}.") for f in self.principal.fields))

    @property
    def division(self) -> ColumnElement[int] | None:
        """The key of the viewer's division."""
        return self._value("division")

    @property
    def organisation(self) -> ColumnElement[int] | None:
        """The key of the viewer's organisation."""
        return self._value("organisation")

    @property
    def facilities(self) -> list[ColumnElement[int]]:
        """The keys of the viewer's facilities."""
        return [self.bind(name, key) for name, key in values_of(self.principal).items() if name.startswith(FACILITY)]

    @property
    def schemes(self) -> list[ColumnElement[int]]:
        """The keys of the viewer's schemes."""
        return [self.bind(name, key) for name, key in values_of(self.principal).items() if name.startswith(SCHEME)]

    def _value(self, name: str) -> ColumnElement[int] | None:
        values = values_of(self.principal)
        return self.bind(f"viewer_{name}", values[f"viewer_{name}"]) if f"viewer_{name}" in values else None


FACILITY, SCHEME = "viewer_facility_", "viewer_scheme_"


def values_of(principal: Principal) -> Mapping[str, int]:
    """The values of a viewer's scope by the names of their parameters."""
    found = {f"{FACILITY}{i}": key for i, key in enumerate(principal.facility_ids)}
    found |= {f"{SCHEME}{i}": key for i, key in enumerate(principal.scheme_ids)}
    if principal.division_id is not None:
        found["viewer_division"] = principal.division_id
    if principal.organisation_id is not None:
        found["viewer_organisation"] = principal.organisation_id
    return found


def shape_of(principal: Principal) -> Hashable:
    """What decides the form of a statement: two viewers of one shape share their plans."""
    fields = principal.fields if principal.role is Role.PARTNER_API else frozenset()
    return principal.role, principal.special_family, tuple(values_of(principal)), fields


def viewer_of(principal: Principal, bind: Bind) -> Viewer | None:
    """The viewer that a principal is; None for one who sees everything as it is."""
    table = policy()
    rights = table.of(principal.role)
    if rights.people is Scope.EVERYTHING:
        return None
    return Viewer(principal, table, rights, bind)


def parameter(name: str, value: int) -> BindParameter[Any]:
    """A named parameter, whose value comes with each call."""
    return bindparam(name, None, type_=Key)


def constant(name: str, value: int) -> BindParameter[Any]:
    """A parameter that holds the value."""
    return bindparam(None, value, type_=Key, unique=True)
