"""Who asks: a role, the territory, facilities or organisation it holds for, and what the token allows."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The roles of the system; what each sees and may do stands in the policy, as data."""

    VILLAGE_WORKER = "VILLAGE_WORKER"
    TOWN_OFFICER = "TOWN_OFFICER"
    COUNTY_ADMIN = "COUNTY_ADMIN"
    CITY_ADMIN = "CITY_ADMIN"
    PROVINCE = "PROVINCE"
    FACILITY_OPERATOR = "FACILITY_OPERATOR"
    PROVIDER = "PROVIDER"
    CALL_AGENT = "CALL_AGENT"
    INSPECTOR = "INSPECTOR"
    FINANCE_AUDITOR = "FINANCE_AUDITOR"
    PLANNER = "PLANNER"
    PARTNER_API = "PARTNER_API"
    PUBLIC = "PUBLIC"
    SYSTEM = "SYSTEM"
    """The operator's own programs, on the machine of the registry; no token ever carries it."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who asks, as established by a token; `id` is how logs and the change log call them.

    Keys are the registry's own. `scopes` are what a token allows (read, write, plan, export, reveal, admin); `fields` are
    what a partner's contract lists, as "Person.name". `special_family` says that special families are assigned to them.
    """

    id: str
    role: Role
    division_id: int | None = None
    facility_ids: tuple[int, ...] = ()
    organisation_id: int | None = None
    scheme_ids: tuple[int, ...] = ()
    special_family: bool = False
    fields: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()


ANYBODY = Principal("anybody", Role.PUBLIC)
"""Who asks without saying who: what everybody may know, and nothing else."""

SYSTEM = Principal("system", Role.SYSTEM, scopes=frozenset({"read", "write", "plan", "export", "reveal", "admin"}))
"""The operator's own programs."""
