"""What a document names is counted by client, within bounds; what is deprecated says since when and until when."""

from dataclasses import replace
from datetime import date

import pytest
from asker import Asker

from eldercare.api import facility
from eldercare.api.breaking import breaking_changes
from eldercare.api.noun import Deprecation
from eldercare.api.schema import NOUNS, build_api
from eldercare.api.usage import MOST_CLIENTS, NAMELESS, OTHERS, Usage

QUERY = (
    "{ facilities(first: 1, filter: {kind: {eq: NURSING_HOME}}) { nodes { ...F } } } fragment F on Facility { name }"
)


def test_fields_are_counted_by_client(ask: Asker) -> None:
    ask.executor.usage.take()
    for client in ("desk", "desk", ""):
        ask(QUERY, client=client)
    taken = ask.executor.usage.take()
    assert taken["desk", "Facility.name"] == 2
    assert taken[NAMELESS, "Query.facilities"] == 1
    assert {coordinate for client, coordinate in taken if client == "desk"} == {
        "Query.facilities", "FacilityFilter.kind", "FacilityKindFilter.eq", "FacilityConnection.nodes", "Facility.name",
    }  # fmt: skip
    assert ask.executor.usage.take() == {}


def test_clients_are_counted_apart_up_to_a_bound(ask: Asker) -> None:
    usage, operation = Usage(ask.executor.api.schema), ask.executor.documents.operation(QUERY, None)
    for i in range(MOST_CLIENTS + 50):
        usage.note(f"client {i}", operation)
    assert usage.take()[OTHERS, "Facility.name"] == 50


SOON = Deprecation("Use residents.", since=date(2026, 11, 1), until=date(2027, 5, 1))


def test_a_deprecated_field_says_so_wherever_it_can_be_named() -> None:
    nouns = [
        replace(noun, deprecated={"open_beds": SOON, "name": SOON}) if noun in facility.NOUNS and noun.plural == "facilities" else noun
        for noun in NOUNS
    ]  # fmt: skip
    text = build_api(nouns).text()
    mark = '@deprecated(reason: "Use residents. Deprecated since 2026-11-01, removed after 2027-05-01.")'
    for line in (
        f"  openBeds: Int {mark}",
        f"  openBeds: IntFilter {mark}",
        f"  OPEN_BEDS {mark}",
        f"  name: String! {mark}",
    ):
        assert line in text, line


def test_a_deprecation_lasts_a_while() -> None:
    with pytest.raises(ValueError, match="180 days"):
        Deprecation("Use x.", since=date(2026, 11, 1), until=date(2027, 1, 1))


OLD = (
    'type Query { a: Int b: Int @deprecated(reason: "Use a. Deprecated since 2026-11-01, removed after 2027-05-01.") }'
)


def test_what_is_deprecated_may_go_only_after_its_day() -> None:
    new = "type Query { a: Int }"
    assert breaking_changes(OLD, new, today=date(2027, 4, 30)) == ["Field Query.b was removed."]
    assert breaking_changes(OLD, new, today=date(2027, 5, 2)) == []
