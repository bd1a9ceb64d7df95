"""Tests of networks of places: the rules one by one, both ways of running, conservation, and the same luck in all scenarios."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eldersim.errors import InvalidInput
from eldersim.laws import Law, law
from eldersim.network import Group, Network, Place, Present, Stream
from eldersim.network_events import events_of
from eldersim.network_luck import luck
from eldersim.network_observed import Observed, Where
from eldersim.network_occupancy import open_beds, share_of_time_full
from eldersim.network_outcome import (
    blocked,
    in_system,
    occupied,
    queue,
    share_refused,
    time_in_system,
    wait_of_admitted,
)
from eldersim.network_remarks import remarks
from eldersim.network_run import NetworkRun, simulate_network
from eldersim.rates import Rate
from eldersim.validation_runs import corrected

ALL = Where()


def fixed(value: float) -> Law:
    return Law("deterministic", (value,))


def person(name: str, at: float, stay: float, **more: object) -> Group:
    return Group(name, (Stream("ward", times=(at,)),), {"ward": fixed(stay)}, **more)  # type: ignore[arg-type]


def ward(beds: int, **more: object) -> Place:
    return Place("ward", ((0.0, beds),), **more)  # type: ignore[arg-type]


def log(run: NetworkRun) -> list[tuple[float, str, str]]:
    return [(round(event.time, 6), event.kind, event.who) for event in events_of(run)]


def run_once(network: Network, end: float = 100.0) -> NetworkRun:
    return simulate_network(network, seed=1, replication=0, warmup=0.0, horizon=end, compiled=False)


def test_the_next_in_line_takes_the_bed_the_moment_it_is_free():
    run = run_once(Network((ward(1),), (person("A", 1, 5), person("B", 2, 3), person("C", 4, 1))))
    assert log(run) == [
        (1, "admit", "A"), (2, "wait", "B"), (4, "wait", "C"), (6, "discharge", "A"), (6, "admit", "B"),
        (9, "discharge", "B"), (9, "admit", "C"), (10, "discharge", "C"),
    ]  # fmt: skip


def test_patience_counts_from_joining_the_list_and_ends_with_a_bed():
    impatient = person("B", 1, 3, patience={"ward": fixed(2)})
    patient = person("C", 1.5, 2, patience={"ward": fixed(10)})
    run = run_once(Network((ward(1),), (person("A", 0.5, 4), impatient, patient)))
    assert (3, "give up", "B") in log(run)
    assert (4.5, "admit", "C") in log(run)


def test_who_finds_no_room_to_wait_is_refused():
    run = run_once(
        Network((ward(1, room=1),), tuple(person(name, at, 9) for name, at in zip("ABC", (1, 2, 3), strict=True)))
    )
    assert (3, "refuse", "C") in log(run)
    assert (2, "wait", "B") in log(run)


def test_the_urgent_go_first_but_displace_nobody():
    people = (person("A", 0, 5, urgency=1), person("B", 1, 1, urgency=1), person("C", 2, 1, urgency=0))
    assert log(run_once(Network((ward(1, order="priority"),), people)))[3:5] == [
        (5, "discharge", "A"),
        (5, "admit", "C"),
    ]


def test_a_displaced_person_resumes_where_the_stay_stopped():
    people = (person("A", 0, 5, urgency=1), person("B", 2, 1, urgency=0))
    assert log(run_once(Network((ward(1, order="displacing"),), people))) == [
        (0, "admit", "A"), (2, "displace", "A"), (2, "admit", "B"), (3, "discharge", "B"), (3, "resume", "A"), (6, "discharge", "A"),
    ]  # fmt: skip


def test_the_last_to_come_may_be_the_first_served():
    people = tuple(person(name, at, 5) for name, at in zip("ABC", (0, 1, 2), strict=True))
    assert (5, "admit", "C") in log(run_once(Network((ward(1, order="lifo"),), people)))


def test_kept_beds_are_for_others():
    people = (person("A", 0, 9), person("B", 1, 9), person("C", 2, 9))
    place = ward(2, room=0, kept={"B": 1})
    assert [entry for entry in log(run_once(Network((place,), people))) if entry[1] == "refuse"] == [(1, "refuse", "B")]


def test_who_is_refused_goes_where_the_overflow_leads():
    wide = Place("elsewhere", None)
    people = tuple(
        replace(person(name, at, 5), stays={"ward": fixed(5), "elsewhere": fixed(7)})
        for name, at in (("A", 0), ("B", 1))
    )
    run = run_once(Network((ward(1, room=0, overflow="elsewhere"), wide), people))
    assert [(event.time, event.who, event.place) for event in events_of(run) if event.kind == "discharge"] == [
        (5, "A", "ward"),
        (8, "B", "elsewhere"),
    ]


def moving(at: float, name: str, first: float, second: float, **more: object) -> Group:
    return Group(
        name,
        (Stream("ward", times=(at,)),),
        {"ward": fixed(first), "nursing": fixed(second)},
        routing={"ward": {"nursing": 1.0}},
        **more,
    )  # type: ignore[arg-type]


def test_who_cannot_move_on_keeps_the_bed_and_blocks_it():
    nursing = Place("nursing", ((0.0, 1),), room=0, holds=True)
    run = run_once(Network((ward(1), nursing), (moving(0, "A", 2, 10), moving(1, "B", 2, 1), moving(3, "C", 2, 1))))
    assert (4, "block", "B") in log(run)
    admissions = [(event.time, event.who, event.place) for event in events_of(run) if event.kind == "admit"]
    assert (12, "B", "nursing") in admissions
    assert (12, "C", "ward") in admissions


def test_a_stay_that_runs_on_paper_may_end_while_blocked():
    nursing = Place("nursing", ((0.0, 1),), room=0, holds=True)
    people = (moving(0, "A", 2, 10), moving(1, "B", 2, 3, running=frozenset(["nursing"])))
    run = run_once(Network((ward(2), nursing), people))
    assert [event.time for event in events_of(run) if event.who == "B" and event.kind == "discharge"] == [6.0]
    assert time_in_system(Observed(run), Where(groups=(1,))).above[0] == pytest.approx(5.0)


def test_a_bed_that_closes_does_so_at_the_next_discharge():
    place = Place("ward", ((0.0, 1), (5.0, 2), (8.0, 1)))
    people = tuple(person(name, at, stay) for name, at, stay in (("A", 0, 10), ("B", 2, 6), ("C", 6, 2), ("D", 12, 1)))
    run = simulate_network(Network((place,), people), seed=0, replication=0, warmup=0, horizon=17, compiled=False)
    seen = Observed(run, until=16.0)
    assert open_beds(seen, ALL).above[0] == pytest.approx(21.0)
    assert occupied(seen, ALL).above[0] == pytest.approx(19.0)


def test_a_bed_must_be_made_ready():
    run = run_once(Network((ward(1, turnaround=2.0),), (person("A", 0, 5), person("B", 1, 1))))
    assert (7, "admit", "B") in log(run)


def test_people_who_never_wait_leave_at_once():
    run = run_once(Network((ward(1),), (person("A", 0, 5), person("B", 1, 1, waits=False), person("C", 2, 1))))
    assert (1, "refuse", "B") in log(run)
    assert (5, "admit", "C") in log(run)


STAYS = st.sampled_from([{"dist": "exponential", "mean": 4.0}, {"dist": "lognormal", "mean": 3.0, "sd": 5.0}, 2.0])


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Two places and two groups with everything that can be asked of them."""
    order = draw(st.sampled_from(["fifo", "lifo", "random", "priority", "displacing"]))
    holds = draw(st.booleans())
    first = Place("ward", ((0.0, draw(st.integers(1, 4))), (20.0, draw(st.integers(1, 6)))), room=draw(st.sampled_from([None, 0, 2])), order=order,
                  kept={"b": draw(st.integers(0, 1))}, overflow=draw(st.sampled_from([None, "home"])), turnaround=draw(st.sampled_from([0.0, 0.5])))  # fmt: skip
    second = Place(
        "nursing", ((0.0, draw(st.integers(1, 3))),), room=0 if holds else draw(st.sampled_from([None, 1])), holds=holds
    )
    routing = {
        "ward": {"nursing": draw(st.sampled_from([0.0, 0.4])), "exit": 1.0},
        "nursing": {"ward": draw(st.sampled_from([0.0, 0.2])), "exit": 1.0},
    }
    stays = {name: law(draw(STAYS)) for name in ("ward", "nursing", "home")}
    patience = {"ward": law({"dist": "exponential", "mean": 3.0})} if draw(st.booleans()) else {}
    running = frozenset(["nursing"]) if draw(st.booleans()) else frozenset()
    groups = tuple(
        Group(
            name,
            (Stream("ward", rate=Rate("0.6"), batch=law(2.0) if name == "b" else None),),
            stays,
            patience,
            routing,
            urgency=rank,
            running=running,
        )
        for rank, name in enumerate("ab")
    )
    return Network((first, second, Place("home", None)), groups, (Present("a", "ward", 2, law(3.0)),))


@settings(max_examples=25, deadline=None)
@given(networks(), st.integers(0, 10_000))
def test_interpreted_and_compiled_runs_agree_to_the_last_event(network, seed):
    runs = [
        simulate_network(network, seed=seed, replication=3, warmup=5, horizon=60, copies=2, compiled=way)
        for way in (False, True)
    ]
    for column in ("asked", "began", "ended", "left", "fate", "state", "service"):
        assert (runs[0].visits[column] == runs[1].visits[column]).all()
    assert (runs[0].pauses == runs[1].pauses).all()


@settings(max_examples=40, deadline=None)
@given(networks(), st.integers(0, 10_000))
def test_nobody_is_lost_and_no_bed_is_used_twice(network, seed):
    run = simulate_network(network, seed=seed, replication=0, warmup=0, horizon=60, compiled=True)
    seen = Observed(run)
    visits = run.visits[run.visits["asked"] >= 0]
    admitted = visits["began"] >= 0
    assert (visits["began"][admitted] >= visits["asked"][admitted]).all()
    assert ((visits["left"] == -1) | (visits["left"] >= visits["asked"])).all()
    held = seen.in_beds(Where(places=(1,)))
    limit = network.places[1].beds[0][1]
    assert held.value[held.duration > 0].max(initial=0.0) <= limit
    assert in_system(seen, ALL).above[0] == pytest.approx(occupied(seen, ALL).above[0] + queue(seen, ALL).above[0])


def queue_of(beds: int, rate: str = "0.9") -> Network:
    return Network(
        (ward(beds),),
        (Group("a", (Stream("ward", rate=Rate(rate)),), {"ward": law({"dist": "exponential", "mean": 4.0})}),),
    )


def test_more_beds_change_nobody_s_arrival_or_stay():
    few, many = (simulate_network(queue_of(beds), seed=5, replication=2, warmup=0, horizon=500) for beds in (4, 6))
    assert (few.visits["asked"] == many.visits["asked"]).all()
    assert (few.visits["service"] == many.visits["service"]).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.integers(3, 6))
def test_one_more_bed_never_makes_anybody_wait_longer(seed, beds):
    """First come first served with given stays: a later bed cannot come earlier by taking one away."""
    few, many = (
        simulate_network(queue_of(n), seed=seed, replication=0, warmup=0, horizon=300) for n in (beds, beds + 1)
    )
    both = (few.visits["began"] >= 0) & (many.visits["began"] >= 0)
    assert (many.visits["began"][both] <= few.visits["began"][both]).all()
    assert (many.visits["began"] >= 0).sum() >= (few.visits["began"] >= 0).sum()


def test_copies_are_independent_and_each_follows_theory():
    run = simulate_network(queue_of(4, "0.5"), seed=3, replication=0, warmup=50, horizon=2000, copies=20)
    waits = wait_of_admitted(Observed(run), ALL)
    each = waits.above / waits.below
    assert len(np.unique(each)) == 20
    assert waits.above.sum() / waits.below.sum() == pytest.approx(0.347826, rel=0.15)


def test_a_full_ward_is_full_as_often_as_it_refuses():
    network = Network(
        (ward(3, room=0),),
        (Group("a", (Stream("ward", rate=Rate("2.0")),), {"ward": law({"dist": "exponential", "mean": 1.0})}),),
    )
    seen = Observed(simulate_network(network, seed=4, replication=0, warmup=10, horizon=2000, copies=10))
    refused, full = (
        ratio.above.sum() / ratio.below.sum() for ratio in (share_refused(seen, ALL), share_of_time_full(seen, ALL))
    )
    assert refused == pytest.approx(full, rel=0.05)
    assert blocked(seen, ALL).above.sum() == 0


def test_a_stay_that_is_missing_is_named():
    with pytest.raises(InvalidInput, match="a comes to ward but has no stay there"):
        Network((ward(1),), (Group("a", (Stream("ward", rate=Rate("1")),)),))


def test_an_unknown_place_is_named_with_the_known_ones():
    with pytest.raises(InvalidInput, match="no place 'wrad'") as refused:
        Network((ward(1),), (Group("a", (Stream("wrad", rate=Rate("1")),), {"wrad": fixed(1)}),))
    assert "ward" in refused.value.remedy


def test_a_queue_that_grows_without_end_is_told_in_words():
    assert "grows without end" in remarks(simulate_network(queue_of(3), seed=1, replication=0, warmup=0, horizon=50))[0]
    assert remarks(simulate_network(queue_of(4), seed=1, replication=0, warmup=0, horizon=50)) == []


def test_two_full_wards_that_want_each_other_s_beds_are_locked():
    first, second = Place("ward", ((0.0, 1),), room=0, holds=True), Place("nursing", ((0.0, 1),), room=0, holds=True)
    back = Group(
        "B",
        (Stream("nursing", times=(0.0,)),),
        {"nursing": fixed(2), "ward": fixed(2)},
        routing={"nursing": {"ward": 1.0}},
    )
    run = run_once(Network((first, second), (moving(0, "A", 2, 2), back)))
    assert remarks(run) == [
        "nursing and ward: every bed is kept by somebody who waits for another of these places; nobody can move any more."
    ]


def test_blocked_people_who_will_move_are_not_locked():
    nursing = Place("nursing", ((0.0, 1),), room=0, holds=True)
    run = run_once(Network((ward(1), nursing), (moving(0, "A", 2, 200), moving(1, "B", 2, 1))))
    assert (4, "block", "B") in log(run)
    assert (4, "wait", "B") not in log(run)
    assert remarks(run) == []


def test_luck_is_zero_in_the_long_run_and_explains_part_of_what_happens():
    seen = Observed(simulate_network(queue_of(4), seed=9, replication=0, warmup=0, horizon=300, copies=300))
    fortune = luck(seen)
    errors = fortune.std(axis=1) / 300**0.5
    assert (np.abs(fortune.mean(axis=1)) < 4 * errors).all()
    waits = wait_of_admitted(seen, ALL)
    plain, (fairer, below) = waits.above, corrected(np.array([*waits, *fortune]))
    assert fairer.var() < plain.var()
    assert fairer.sum() / below.sum() == pytest.approx(plain.sum() / below.sum(), rel=0.1)
    assert (corrected(np.array([*waits, *fortune]), as_it_is=True)[0] == plain).all()
