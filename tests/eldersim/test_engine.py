"""What the bed engine does, told in small stories of one or two homes."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
import simpy

from eldersim.agenda import ranks_by
from eldersim.baseline import BED_TYPES, Applicant, Baseline, Division, Facility, Place, Resident
from eldersim.conductor import WEEK, Beds
from eldersim.demand import Demand
from eldersim.engine import prepare, simulate
from eldersim.errors import InvalidInput
from eldersim.scenario import BASE, Scenario, read

ORDINARY, NURSING = 0, 1
START = date(2020, 5, 19)


def town(
    *places: Place, residents: tuple[Resident, ...] = (), waiting: tuple[Applicant, ...] = (), **more: Any
) -> Baseline:
    """A town with the homes of these places."""
    homes = tuple(Facility(code, "1") for code in dict.fromkeys(place.facility for place in places))
    return Baseline("town", START, (Division("1"),), homes, places, residents, waiting, **more)


def doing(*measures: dict[str, Any]) -> Scenario:
    return read({"name": "doing", "measures": list(measures)})


FIVE_CENTRES = town(
    *(
        Place(f"C{n}", kind, beds)
        for n in range(5)
        for kind, beds in (("ORDINARY", 291 if n < 4 else 285), ("NURSING", 40))
    ),
    residents=tuple(Resident(f"C{n % 5}", "ORDINARY", 30 * n) for n in range(390))
    + tuple(Resident(f"C{n % 5}", "NURSING", 5 * n) for n in range(185)),
)


@pytest.mark.parametrize(
    ("measure", "share"),
    [
        (None, 34.87),
        ({"kind": "add_beds", "bed_type": "NURSING", "beds": 100}, 32.88),
        ({"kind": "convert_beds", "beds": 100}, 34.87),
    ],
)
def test_the_start_is_the_registry_after_measures_of_day_zero(measure: dict[str, Any] | None, share: float) -> None:
    scenario = BASE if measure is None else doing(measure)
    start = simulate(FIVE_CENTRES, scenario, seed=1, years=1, compiled=False)
    assert start.residents[0].sum() == 575
    assert round(100 * start.number("occupancy", 0), 2) == share


def test_without_growth_and_measures_a_town_stays_as_full_as_it_is() -> None:
    model = prepare(FIVE_CENTRES, years=4)
    ends = [model.run(seed=7, replication=number).residents[4].sum() for number in range(40)]
    assert abs(np.mean(ends) - 575) < 3 * np.std(ends, ddof=1) / np.sqrt(40) + 12


def test_more_beds_bring_the_same_people() -> None:
    base = simulate(FIVE_CENTRES, seed=3, years=3, people=True)
    more = simulate(
        FIVE_CENTRES, doing({"kind": "add_beds", "bed_type": "NURSING", "beds": 100}), seed=3, years=3, people=True
    )
    assert base.people is not None
    assert more.people is not None
    for name in ("asked", "stay", "patience", "need", "level", "choice"):
        assert (base.people[name][575:] == more.people[name][575:]).all() or name == "asked", name


def test_more_demand_adds_people_and_changes_none() -> None:
    base = simulate(FIVE_CENTRES, seed=3, years=3, people=True)
    more = simulate(FIVE_CENTRES, doing({"kind": "demand", "factor": 1.3}), seed=3, years=3, people=True)
    assert base.people is not None
    assert more.people is not None
    known = {tuple(row) for row in more.people[["stay", "patience", "worse", "row"]].tolist()}
    assert {tuple(row) for row in base.people[["stay", "patience", "worse", "row"]].tolist()} <= known
    assert len(more.people) > len(base.people)


def test_equal_seeds_give_equal_outcomes_and_others_do_not() -> None:
    first, again, other = (simulate(FIVE_CENTRES, seed=seed, years=2, people=True) for seed in (1, 1, 2))
    assert first.people.tobytes() == again.people.tobytes()  # type: ignore[union-attr]
    assert first.people.tobytes() != other.people.tobytes()  # type: ignore[union-attr]


FULL = town(
    Place("A", "ORDINARY", 10),
    Place("A", "NURSING", 4),
    Place("B", "ORDINARY", 10),
    residents=(Resident("A", "ORDINARY", 10),) * 9 + (Resident("A", "NURSING", 10),) * 4,
)


def test_beds_close_when_their_residents_leave() -> None:
    start = simulate(
        FULL, doing({"kind": "close_beds", "bed_type": "ORDINARY", "beds": 8, "facility": "A"}), seed=1, years=1
    )
    assert start.residents[0, 0, ORDINARY] == 9
    assert start.beds[0, 0, ORDINARY] == 2
    assert start.closing_days.sum() > 0


def test_converted_beds_in_use_become_ready_when_their_residents_leave() -> None:
    outcome = simulate(FULL, doing({"kind": "convert_beds", "facility": "A", "beds": 5}), seed=1, years=10)
    assert outcome.beds[0, 0, NURSING] == 4 + 1
    assert outcome.beds[10, 0, NURSING] == 4 + 5


def test_an_emergency_moves_everybody_out_at_once() -> None:
    closure = {"kind": "emergency_closure", "from": 100, "facility": "A", "until": 300}
    outcome = simulate(FULL, doing(closure), seed=1, years=1, log=True)
    moved = [entry for entry in outcome.log if entry.event == "moved_out"]
    assert outcome.relocated[0] == len(moved) > 0
    assert {entry.time for entry in moved} == {100 * 86_400}
    assert outcome.beds[1, 0].sum() == 14


def test_residents_who_need_more_come_before_applicants() -> None:
    crowd = tuple(Applicant(100, 1, 4, bed_type="NURSING") for _ in range(5))
    worse = (Resident("A", "ORDINARY", 10, level=4),)
    full = town(
        Place("A", "ORDINARY", 5),
        Place("A", "NURSING", 1),
        residents=(*worse, Resident("A", "NURSING", 400)),
        waiting=crowd,
    )
    outcome = simulate(full, seed=5, years=10, log=True, people=True)
    taken = [entry for entry in outcome.log if entry.bed_type == "NURSING" and entry.event in ("admitted", "moved")]
    assert outcome.misplaced[0, ORDINARY] == 1
    assert outcome.people is not None
    assert taken[0].person == 0 or outcome.people["ended"][0] < taken[0].time


def test_a_group_shares_one_list() -> None:
    apart = town(Place("A", "ORDINARY", 5), Place("B", "ORDINARY", 5), residents=(Resident("A", "ORDINARY", 1),) * 5)
    named = replace(apart, waiting=(Applicant(1, facilities=("A",)),))
    assert simulate(named, seed=1, years=1, log=True).placed[0].sum() >= 0
    joined = simulate(
        named, doing({"kind": "join_group", "facilities": ["A", "B"], "group": "G"}), seed=1, years=1, log=True
    )
    first = next(entry for entry in joined.log if entry.event == "admitted")
    assert (first.person, first.time, first.facility) == (5, 0, "B")


def test_reserved_beds_wait_for_their_class() -> None:
    kept = town(
        Place("A", "ORDINARY", 3, reserved=((2, 2),)),
        waiting=(
            Applicant(50, 8, facilities=("A",)),
            Applicant(40, 8, facilities=("A",)),
            Applicant(5, 1, facilities=("A",)),
        ),
    )
    log = simulate(kept, seed=1, years=1, log=True).log
    assert [entry.person for entry in log if entry.event == "admitted" and entry.time == 0] == [2, 0]


def test_too_few_caregivers_keep_beds_out_of_use() -> None:
    outcome = simulate(FULL, doing({"kind": "staff", "facility": "A", "caregivers": 1}), seed=1, years=1)
    assert outcome.beds[0, 0].sum() == 7


def test_home_care_takes_mild_applicants() -> None:
    care = {"kind": "home_care", "slots": 1000, "divert_share": 1.0, "levels": [0, 1, 2, 3, 4]}
    outcome = simulate(FIVE_CENTRES, doing(care), seed=1, years=2)
    assert outcome.diverted.sum() > 0
    assert outcome.home_days.sum() > 0
    base = simulate(FIVE_CENTRES, seed=1, years=2)
    assert outcome.residents[2, :, ORDINARY].sum() < base.residents[2, :, ORDINARY].sum()


def test_childcare_places_become_beds_after_the_works() -> None:
    idle = {"kind": "childcare_conversion", "facility": "A", "places": 20, "beds_per_place": 0.5, "works_days": 400}
    outcome = simulate(FULL, doing(idle), seed=1, years=2)
    assert outcome.beds[:, 0, ORDINARY].tolist() == [10, 10, 20]


def test_small_homes_are_merged_into_the_largest() -> None:
    homes = town(Place("A", "ORDINARY", 8), Place("B", "ORDINARY", 60), residents=(Resident("A", "ORDINARY", 5),) * 3)
    outcome = simulate(
        homes, doing({"kind": "merge_small", "from": 30, "beds_below": 40, "residents_below": 10}), seed=2, years=1
    )
    assert outcome.beds[1, :, ORDINARY].tolist() == [0, 68]


def test_a_new_home_draws_people_who_wait_already() -> None:
    full = town(
        Place("A", "NURSING", 1),
        residents=(Resident("A", "NURSING", 5),),
        waiting=(Applicant(3, 8, 3, bed_type="NURSING"),) * 3,
    )
    opened = {"kind": "open_facility", "from": 1, "facility": "N", "division": "1", "beds": {"NURSING": 10}}
    log = simulate(full, doing(opened), seed=4, years=1, log=True).log
    assert sum(entry.event == "admitted" and entry.facility == "N" and entry.time == 86_400 for entry in log) > 0


def test_a_policy_sees_the_beds_as_they_are_and_can_change_them() -> None:
    def builder(clock: simpy.Environment, beds: Beds) -> Any:
        while True:
            yield clock.timeout(WEEK)
            if beds.waiting()[:, NURSING].sum() > 0 and beds.open()[0, NURSING] < 12:
                beds.change("A", "NURSING", 1)

    crowd = tuple(Applicant(100, 1, 4, bed_type="NURSING") for _ in range(8))
    outcome = simulate(replace(FULL, waiting=crowd), seed=1, years=2, policies=[builder])
    assert outcome.beds[2, 0, NURSING] > 4


def test_a_policy_may_put_anybody_first() -> None:
    def severe_first(clock: simpy.Environment, beds: Beds) -> Any:
        beds.order(ranks_by(lambda priority_class, level: -level))
        yield clock.timeout(1)

    waiting = (Applicant(90, 1, 3, bed_type="NURSING"), Applicant(5, 8, 4, bed_type="NURSING"))
    later = {"kind": "add_beds", "from": 1, "bed_type": "NURSING", "beds": 1}
    full = town(Place("A", "NURSING", 1), residents=(Resident("A", "NURSING", 5),), waiting=waiting)
    for policies, first in (([], 1), ([severe_first], 2)):
        log = simulate(full, doing(later), seed=1, years=1, log=True, policies=policies).log
        assert next(entry.person for entry in log if entry.event == "admitted") == first


def test_a_policy_with_too_many_ranks_is_refused() -> None:
    with pytest.raises(InvalidInput, match="ranks"):
        ranks_by(lambda priority_class, level: 10 * priority_class + level)


@pytest.mark.parametrize(("name", "number"), [("seed", -1), ("replication", 1 << 32), ("years", 61), ("years", 0)])
def test_numbers_outside_their_span_are_refused(name: str, number: int) -> None:
    with pytest.raises(InvalidInput, match=name):
        simulate(FULL, **{"seed": 1, "years": 1, name: number})


def test_given_demand_is_taken_as_it_is() -> None:
    intensity = np.zeros((1, 1, 2, 41, 5, 1))
    intensity[0, 0, 1, 20, 0, 0] = 400.0
    outcome = simulate(town(Place("A", "ORDINARY", 900), demand=Demand(("1",), ("OTHER",), intensity)), seed=1, years=4)
    assert abs(outcome.applied.sum() - 1600) < 160
    lost = outcome.died.sum() + outcome.withdrew.sum() + outcome.hospital.sum()
    assert outcome.placed.sum() + lost + outcome.waiting[4].sum() == outcome.applied.sum()


def test_a_run_without_anybody_is_a_run() -> None:
    outcome = simulate(town(Place("A", "ORDINARY", 1)), seed=1, years=2)
    assert outcome.residents.sum() == outcome.applied.sum() == 0


def test_numbers_are_read_by_name_and_a_wrong_name_is_told_the_nearest() -> None:
    outcome = simulate(FULL, seed=1, years=1)
    assert outcome.number("beds", 0) == 24
    with pytest.raises(InvalidInput, match="occupancy"):
        outcome.number("ocupancy", 0)


def test_intervals_are_drawn_anew_for_each_replication() -> None:
    numbers = {simulate(FIVE_CENTRES, seed=1, replication=r, years=1, uncertain=True).applied.sum() for r in range(4)}
    assert len(numbers) > 1


def test_bed_types_have_an_order() -> None:
    assert BED_TYPES[ORDINARY] == "ORDINARY"
    assert BED_TYPES[NURSING] == "NURSING"
