"""The five representative documents of the benchmark of reads, and the same answers written in SQL by hand."""

from typing import Any

FACILITY = "id name kind ownership operatingMode address contactPhone establishedOn"
LISTED = "id name kind division { name parent { name } } capacity { nodes { bedType open } } residents"
PAGE = "totalCount pageInfo { hasNextPage endCursor } edges { cursor node { %s } }" % LISTED
COUNTS = "groupMembershipSummary(groupBy: [CATEGORY, AGE_BAND], filter: {within: $city}) { category ageBand people }"

DOCUMENTS: dict[str, str] = {
    "by id": "query Q($id: ID!) { facility(id: $id) { %s } }" % FACILITY,
    "page of 50": "query Q($city: ID!) { facilities(filter: {within: $city}, first: 50) { %s } }" % PAGE,
    "500 people": "query Q($city: ID!) { people(filter: {within: $city}, first: 500, orderBy: [{field: BIRTH_DATE}]) "
    "{ pageInfo { hasNextPage endCursor } nodes { id name birthDate sex maritalStatus education quality version "
    "memberships { nodes { category validFrom } } } } }",
    "group counts": "query Q($city: ID!) { %s }" % COUNTS,
    "dashboard": "query Q($id: ID!, $city: ID!) { facility(id: $id) { %s } "
    "facilities(filter: {within: $city}, first: 20) { %s } %s "
    "division(id: $city) { code name level children { nodes { code name } } } }" % (FACILITY, PAGE, COUNTS),
}
"""By name."""


def variables(name: str, ids: dict[str, str]) -> dict[str, Any]:
    """The variables of a document."""
    return {key: ids[key] for key in ("id", "city") if f"${key}" in DOCUMENTS[name]}
