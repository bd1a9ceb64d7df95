"""No expression names anew the row that it is about: it would be computed over all rows, and be the same for each."""

import doctest
from datetime import date
from typing import Any

import pytest
import scopes
from sqlalchemy import Date, literal, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import aliased

from eldercare.api.compiler.sight import plain
from eldercare.api.noun import Masked
from eldercare.api.schema import Api
from eldercare.registry.invariant import Invariant
from eldercare.registry.invariants import INVARIANTS
from eldercare.registry.query import View

VIEW = View(literal(date(2026, 11, 1), Date()))


def lost(expression: Any, row: Any) -> set[str]:
    """What is lost where the expression stands in a statement over its row."""
    statement = select(row.id).where(expression.is_not(None))
    return scopes.lost(str(statement.compile(dialect=postgresql.dialect())))  # type: ignore[no-untyped-call]


def test_a_lost_row_is_found() -> None:
    assert doctest.testmod(scopes).failed == 0


def test_every_computed_field_means_its_own_row(api: Api) -> None:
    found = {}
    for name, noun in api.catalogue.nouns.items():
        row = aliased(noun.entity)
        computed = [f for f in api.catalogue.shapes[name].values() if not f.stored and not isinstance(f, Masked)]
        found |= {f"{name}.{each.name}": lost(plain(each, row, VIEW), row) for each in computed}
    assert len(found) > 100
    assert {name for name, rows in found.items() if rows} == set()


def test_every_dimension_means_its_own_row(api: Api) -> None:
    found = {}
    for name, noun in api.catalogue.nouns.items():
        row = aliased(noun.entity)
        own = [d for d in noun.summary.dimensions if not d.level and not d.through] if noun.summary else []
        for each in own:
            found[f"{name}.{each.name}"] = lost(each.expression(row, VIEW), row)
    assert {name for name, rows in found.items() if rows} == set()


@pytest.mark.parametrize("rule", INVARIANTS, ids=lambda rule: rule.code)
def test_every_rule_means_its_own_row(rule: Invariant) -> None:
    for noun in rule.nouns:
        row = aliased(noun)
        assert lost(rule.broken(row), row) == set(), noun
