"""Published counts through the API: the edition of a date, by level, with what is withheld told as such."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from eldercare.registry.division import Level
from eldercare.registry.person import Sex
from eldercare.registry.publishing import publish
from factories import division, person, residence, writer

ASK = """query Ask($where: ID!, $level: Level, $on: Date) {
  publishedCounts(division: $where, level: $level, measures: [AGE_60], asOf: $on) {
    measure people withheld edition countedOn division { code }
  }
}"""


def plant(engine: Engine) -> str:
    """A town with villages of 3, 6 and 9 men of 61, published for two quarters; gives the town's code."""
    with Session(engine) as session:
        w = writer(session)
        town = division(w, level=Level.TOWN)
        for size in (3, 6, 9):
            village = division(w, level=Level.VILLAGE, parent_id=town.id)
            for _ in range(size):
                made = person(w, sex=Sex.MALE, birth_date=date(1964, 5, 6))
                residence(w, made.id, village.id)
        publish(w, date(2026, 1, 1))
        publish(w, date(2026, 4, 1))
        session.commit()
        return town.code


@pytest.fixture
def town(engine: Engine, database_url: str, asking: Callable[[str, Engine], Asker]) -> tuple[str, Asker]:
    """The town's code and somebody who asks."""
    code = plant(engine)
    return code, asking(database_url, engine)


def rows(ask: Asker, **variables: Any) -> list[Any]:
    answer = ask(ASK, variables)
    assert "errors" not in answer, answer
    return [(row["people"], row["withheld"], row["edition"]) for row in answer["data"]["publishedCounts"]]


def test_counts_are_those_of_the_edition_that_was_out(town: tuple[str, Asker]) -> None:
    code, ask = town
    assert rows(ask, where=code) == [(18, False, "2026-04-01")]
    assert rows(ask, where=code, on="2026-03-31") == [(18, False, "2026-01-01")]
    assert rows(ask, where=code, on="2025-12-31") == []
    below = rows(ask, where=code, level="VILLAGE")
    assert below == [(None, True, "2026-04-01"), (None, True, "2026-04-01"), (9, False, "2026-04-01")]
