"""A change that breaks clients is found, unless a deprecation went before it."""

from pathlib import Path

import pytest

from eldercare.api.breaking import breaking_changes, last_edition
from eldercare.api.schema import Api

OLD = """
type Query { facility(id: ID!): Facility old: Gone @deprecated(reason: "Use facility. Removed after 2027-01-01.") }
type Facility { name: String! beds: Int code: String @deprecated(reason: "Use name.") kind: Kind }
type Gone { x: Int }
enum Kind { HOME CLINIC PALACE @deprecated(reason: "There is none.") }
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("beds: Int ", ""),
        ("name: String!", "name: String"),
        ("beds: Int", "beds: String"),
        ("facility(id: ID!)", "facility(id: ID!, day: Int!)"),
        ("HOME ", ""),
    ],
)
def test_a_removal_or_a_change_of_type_breaks(before: str, after: str) -> None:
    assert breaking_changes(OLD, OLD.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('code: String @deprecated(reason: "Use name.")', ""),
        ('PALACE @deprecated(reason: "There is none.")', ""),
        ('old: Gone @deprecated(reason: "Use facility. Removed after 2027-01-01.")', ""),
        ("beds: Int", "beds: Int more: Int"),
        ("beds: Int", "beds: Int!"),
    ],
)
def test_what_was_deprecated_or_is_added_does_not(before: str, after: str) -> None:
    assert breaking_changes(OLD, OLD.replace(before, after)) == []


def test_a_type_may_go_with_the_deprecated_field_that_led_to_it() -> None:
    shorter = OLD.replace("type Gone { x: Int }", "").replace(
        'old: Gone @deprecated(reason: "Use facility. Removed after 2027-01-01.")', ""
    )
    assert breaking_changes(OLD, shorter) == []


def test_the_newest_edition_counts(tmp_path: Path) -> None:
    for name in ("0.9.0.graphql", "0.10.0.graphql", "notes.graphql"):
        (tmp_path / name).write_text("type Query { a: Int }")
    assert last_edition(tmp_path) == tmp_path / "0.10.0.graphql"
    assert last_edition(tmp_path / "none") is None


def test_the_schema_breaks_nothing_that_was_released(api: Api) -> None:
    released = last_edition(Path(__file__).parents[3] / "docs" / "schema")
    assert released is None or breaking_changes(released.read_text(), api.text()) == []
