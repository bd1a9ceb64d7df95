"""The bed engine and the network engine are two sets of rules; where both apply they treat every person alike."""

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from eldersim import network_kernel
from eldersim.baseline import Baseline, Division, Facility, Place, Resident
from eldersim.engine import conduct, prepare
from eldersim.network_records import State, fresh_places, fresh_visits
from eldersim.network_rules import CAME, ID_BITS, NEVER, SHIFT
from eldersim.parameters import standard
from eldersim.theory import erlang_b

pytest.importorskip("numba")
NURSING = 1
BEYOND = 2**31 - 2
YEARS = 8


def crowded_home(*, beds: int = 40, waits: bool = True) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Everybody before and after eight years of one home with one kind of bed, in which nobody's need changes."""
    home = Baseline(
        "one", date(2024, 1, 1), (Division("1"),), (Facility("A", "1"),), (Place("A", "NURSING", beds),),
        tuple(Resident("A", "NURSING", 30 * n, priority_class=1 + n % 8) for n in range(beds)),
        parameters=standard().changed({"waiting.promotion": 20_000, "waiting.widening": 20_000}),
    )  # fmt: skip
    model = prepare(home, years=YEARS)
    engine = model.begin(seed=7, compiled=True)
    people = engine.state.people
    people["need"] = people["first_need"] = people["later"] = NURSING
    people["worse"], people["home"] = BEYOND, 0
    people["klass"] = 1 + np.arange(len(people)) % 8
    if not waits:
        people["patience"] = 1
    before = people.copy()
    conduct(engine, model, ())
    return before, engine.state.people


def as_network(before: npt.NDArray[Any], ranks: npt.NDArray[Any], *, beds: int) -> npt.NDArray[Any]:
    """The same people, with the same stays and patience, at one place of a network with priorities."""
    came = np.maximum(before["since"].astype(np.int64), 0)
    order = np.argsort(came, kind="stable")
    visits = fresh_visits(len(before))
    visits["service"], visits["patience"] = before["stay"][order], before["patience"][order]
    visits["rank"] = ranks[order]
    places = fresh_places(1)
    places["beds"], places["room"] = beds, NEVER
    horizon = YEARS * 365 * 86_400
    state = State.compiled(
        visits, places, (came[order] << SHIFT) | (CAME << ID_BITS) | np.arange(len(order)), horizon=horizon
    )
    network_kernel.advance(state, horizon << SHIFT)
    found = np.empty_like(visits)
    found[order] = state.bring_back()
    return found


def test_both_engines_admit_and_lose_the_same_people_at_the_same_second():
    before, after = crowded_home()
    ranks = after["own_rank"].astype(np.int64)
    applied = (before["state"] == 0) & (before["since"] < YEARS * 365 * 86_400 - 86_400)
    ranks = np.where(applied, ranks - ranks[applied].min(), 0)
    network = as_network(before, ranks, beds=40)
    admitted = applied & (after["began"] >= 0) & (after["bed"] >= 0)
    assert admitted.sum() > 100
    assert len(np.unique(ranks)) > 4
    assert (applied & ~admitted).sum() > 10
    early = applied & (after["began"] < YEARS * 365 * 86_400 - 86_400 * 30)
    assert (network["began"][early & admitted] == after["began"][early & admitted]).all()


def test_a_home_where_nobody_waits_refuses_as_erlang_says():
    before, after = crowded_home(beds=300, waits=False)
    came = before["state"] == 0
    settled = came & (before["since"] > 365 * 86_400)
    refused = settled & (after["began"] < 0)
    span = (YEARS - 1) * 365 * 86_400
    load = before["stay"][settled].astype(float).sum() / span
    assert refused.sum() / settled.sum() == pytest.approx(erlang_b(300, load), abs=0.04)
