"""What one principal may hand on to another: never more than it has itself."""

from collections.abc import Iterator

from eldercare.security.principal import Principal, Role

SCOPES = ("read", "write", "plan", "export", "reveal", "admin")
"""What a token can allow; each is needed besides what the role may do."""

MAY_GRANT: dict[Role, frozenset[Role]] = {
    Role.SYSTEM: frozenset(Role) - {Role.SYSTEM},
    Role.PROVINCE: frozenset({Role.PROVINCE, Role.PLANNER, Role.PUBLIC}),
    Role.CITY_ADMIN: frozenset({Role.CITY_ADMIN, Role.PLANNER, Role.PUBLIC}),
    Role.COUNTY_ADMIN: frozenset(
        {
            Role.COUNTY_ADMIN,
            Role.TOWN_OFFICER,
            Role.VILLAGE_WORKER,
            Role.FACILITY_OPERATOR,
            Role.PROVIDER,
            Role.CALL_AGENT,
            Role.INSPECTOR,
            Role.FINANCE_AUDITOR,
            Role.PLANNER,
            Role.PARTNER_API,
            Role.PUBLIC,
        }
    ),
    Role.TOWN_OFFICER: frozenset({Role.TOWN_OFFICER, Role.VILLAGE_WORKER, Role.PUBLIC}),
}
"""Whose sight lies within whose: a city sees names masked, so that it cannot make somebody who sees them clear."""

WITHIN_DIVISION = frozenset(
    {Role.VILLAGE_WORKER, Role.TOWN_OFFICER, Role.COUNTY_ADMIN, Role.CITY_ADMIN, Role.PROVINCE, Role.PLANNER}
)
"""Roles that need a division to see anything."""


def excess(creator: Principal, wanted: Principal) -> Iterator[tuple[str, str]]:
    """What is wanted beyond what the creator has, as the argument it is about and a sentence; places are checked elsewhere."""
    if "admin" not in creator.scopes:
        yield "role", "You may not issue tokens: yours has not the scope admin."
    if wanted.role not in MAY_GRANT.get(creator.role, frozenset()):
        yield "role", f"The role {creator.role} cannot make a token of the role {wanted.role}: it would see more."
    if more := sorted(wanted.scopes - creator.scopes):
        yield "scopes", f"Your own token has not the scope {', '.join(more)}."
    if wanted.special_family and not (creator.special_family or creator.role in (Role.SYSTEM, Role.COUNTY_ADMIN)):
        yield "special_family", "Special families are not assigned to you."


def incomplete(wanted: Principal) -> Iterator[tuple[str, str]]:
    """What a role cannot do without."""
    if wanted.role in WITHIN_DIVISION and wanted.division_id is None:
        yield "division_id", f"The role {wanted.role} sees nothing without a division."
    if wanted.role is Role.FACILITY_OPERATOR and not wanted.facility_ids:
        yield "facility_ids", "An operator of facilities needs at least one."
    if wanted.role in (Role.PROVIDER, Role.CALL_AGENT) and wanted.organisation_id is None:
        yield "organisation_id", f"The role {wanted.role} needs its organisation."
    if wanted.role is Role.PARTNER_API and not wanted.fields:
        yield "fields", "A partner's token lists the fields of its contract, such as Person.name."
    if unknown := sorted(wanted.scopes - set(SCOPES)):
        yield "scopes", f"There is no scope {', '.join(unknown)}; there are {', '.join(SCOPES)}."
