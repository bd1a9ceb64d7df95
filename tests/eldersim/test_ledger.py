"""A run that broke a law is an error with a code, never a number."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from eldersim.baseline import Baseline, Division, Facility, Place, Resident
from eldersim.beds import GONE, WAITING
from eldersim.engine import Model, prepare
from eldersim.errors import BrokenRule
from eldersim.kernel import advance, apply
from eldersim.ledger import check
from eldersim.records import State
from eldersim.sampling import YEAR

TOWN = Baseline(
    "town",
    date(2020, 5, 19),
    (Division("1"),),
    (Facility("A", "1"),),
    (Place("A", "ORDINARY", 30), Place("A", "NURSING", 5)),
    (Resident("A", "ORDINARY", 100),) * 25 + (Resident("A", "NURSING", 100),) * 5,
)
END = 2 * YEAR


def finished() -> State:
    """A whole run of two years, read once at its start and once at its end."""
    model: Model = prepare(TOWN, years=2)
    state = model.begin(seed=1, compiled=False).state
    apply(state, "start", 30, 0)
    apply(state, "read", state.seen, state.waiting, 0, 0)
    apply(state, "settle_all", 0)
    advance(state, END)
    apply(state, "read", state.seen, state.waiting, 1, END)
    return state


def judged(change: Callable[[Any, Any], None]) -> None:
    """Break something in the records of a sound run, then look."""
    state = finished()
    people, pools = state.bring_back()
    change(people, pools)
    check(state, people, pools, end=END, closing=frozenset())


def test_a_sound_run_passes() -> None:
    judged(lambda people, pools: None)


def first(people: Any, state: int) -> int:
    return int((people["state"] == state).nonzero()[0][0])


def lose(people: Any, pools: Any) -> None:
    people["fate"][first(people, GONE)] = 0


def share_a_bed(people: Any, pools: Any) -> None:
    pools["occupied"][0] -= 1


def overfill(people: Any, pools: Any) -> None:
    pools["beds"][0] = pools["occupied"][0] - 1


def wait_backwards(people: Any, pools: Any) -> None:
    people["asked"][first(people, GONE)] = people["began"][first(people, GONE)] + 1


def forget_the_list(people: Any, pools: Any) -> None:
    people["queued"][first(people, GONE)] = 1


def stretch_a_stay(people: Any, pools: Any) -> None:
    people["ended"][first(people, GONE)] += 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lose, "PEOPLE_LOST"),
        (share_a_bed, "BED_USED_TWICE"),
        (overfill, "MORE_THAN_BEDS"),
        (wait_backwards, "WAIT_BELOW_ZERO"),
        (forget_the_list, "LIST_WRONG"),
        (stretch_a_stay, "LITTLE_BROKEN"),
    ],
)
def test_a_broken_law_has_its_code(change: Callable[[Any, Any], None], code: str) -> None:
    assert WAITING != GONE
    with pytest.raises(BrokenRule) as told:
        judged(change)
    assert told.value.code == code
