"""The five representative documents of the benchmark of reads, and the same answers written in SQL by hand."""

from typing import Any

FACILITY = "id name kind ownership operatingMode address contactPhone establishedOn"
LISTED = "id name kind division { name parent { name } } capacity { nodes { bedType open } } residents"
PAGE = f"totalCount pageInfo {{ hasNextPage endCursor }} edges {{ cursor node {{ {LISTED} }} }}"
COUNTS = "groupMembershipSummary(groupBy: [CATEGORY, AGE_BAND], filter: {within: $city}) { category ageBand people }"

DOCUMENTS: dict[str, str] = {
    "by id": f"query Q($id: ID!) {{ facility(id: $id) {{ {FACILITY} }} }}",
    "page of 50": f"query Q($city: ID!) {{ facilities(filter: {{within: $city}}, first: 50) {{ {PAGE} }} }}",
    "500 people": "query Q($city: ID!) { people(filter: {within: $city}, first: 500, orderBy: [{field: BIRTH_DATE}]) "
    "{ pageInfo { hasNextPage endCursor } nodes { id name birthDate sex maritalStatus education quality version "
    "memberships { nodes { category validFrom } } } } }",
    "group counts": f"query Q($city: ID!) {{ {COUNTS} }}",
    "dashboard": f"query Q($id: ID!, $city: ID!) {{ facility(id: $id) {{ {FACILITY} }} "
    f"facilities(filter: {{within: $city}}, first: 20) {{ {PAGE} }} {COUNTS} "
    "division(id: $city) { code name level children { nodes { code name } } } }",
}
"""By name."""


def variables(name: str, ids: dict[str, str]) -> dict[str, Any]:
    """The variables of a document."""
    return {key: ids[key] for key in ("id", "city") if f"${key}" in DOCUMENTS[name]}
