"""Every measure in words, and how scenarios differ."""

from datetime import date
from typing import Any

import pytest

from eldersim.measures import KINDS, AddBeds, ConvertBeds, DemandFactor, OpenFacility, PriorityOrder, Reserve
from eldersim.scenario import BASE, difference
from eldersim.wording import sentence

EXAMPLES: dict[str, dict[str, Any]] = {
    "add_beds": {"bed_type": "NURSING", "beds": 10},
    "convert_beds": {"beds": 10},
    "close_beds": {"bed_type": "ORDINARY", "beds": 10},
    "open_facility": {"facility": "N", "division": "1", "beds": {"NURSING": 10}},
    "close_facility": {"facility": "A", "until": 30},
    "emergency_closure": {"facility": "A"},
    "merge_facility": {"facility": "A", "into": "B"},
    "merge_small": {"beds_below": 40, "residents_below": 10},
    "upgrade_facility": {"facility": "A", "share": 0.5},
    "join_group": {"facilities": ("A", "B"), "group": "G"},
    "reserve": {"classes": (1, 2), "share": 0.2},
    "priority_order": {"by": "level"},
    "allocation": {},
    "demand": {"factor": 1.2},
    "willingness": {"factor": 1.5, "levels": (3, 4)},
    "inclusion": {"share": 0.5, "groups": ("DIBAO",)},
    "subsidy": {"yuan": 300},
    "price": {"bands": 1},
    "stay": {"factor": 1.1},
    "home_care": {"slots": 50, "divert_share": 0.15},
    "staff": {"caregivers": 30},
    "childcare_conversion": {"places": 40, "beds_per_place": 0.5},
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.model_fields["kind"].default))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_measure_is_told_without_gaps(kind: Any, language: str) -> None:
    measure = kind.model_validate(EXAMPLES[kind.model_fields["kind"].default])
    told = sentence(measure, language)
    assert "{" not in told
    assert "None" not in told
    assert "  " not in told
    assert told == told.strip()


def test_where_and_when_are_told() -> None:
    measure = AddBeds.model_validate(
        {"bed_type": "DEMENTIA", "beds": 3, "facility": "A", "from": date(2021, 5, 1), "lead_days": 90}
    )
    assert sentence(measure) == "3 dementia beds more at A, ready after 90 days from 2021-05-01"
    assert sentence(measure, "zh") == "自2021-05-01起在A新增3张失智照护床位，90天后可用"


def test_whom_a_measure_is_about_is_told() -> None:
    measure = DemandFactor.model_validate({"factor": 2, "levels": (3, 4), "bed_types": ("NURSING",), "from": 30})
    assert sentence(measure) == "2 times as many applications for ability levels 3, 4, nursing beds from day 30"


def test_a_reserve_tells_beds_or_share_and_an_order_its_classes() -> None:
    reserve = Reserve.model_validate({"classes": (1, 2), "beds": 8, "bed_type": "NURSING"})
    assert (
        sentence(reserve) == "8 of the nursing beds are reserved for classes 1, 2 in the whole territory from the start"
    )
    order = PriorityOrder.model_validate({"order": ((1,), (2, 3))})
    assert sentence(order) == "who is first: 1 > 2+3 from the start"


def test_a_difference_tells_what_comes_and_what_goes() -> None:
    base = BASE.with_measures(ConvertBeds(beds=5), name="one")
    other = BASE.with_measures(AddBeds(bed_type="NURSING", beds=5), name="two")
    assert difference(base, other) == (
        "In addition: 5 nursing beds more in the whole territory from the start.",
        "Left out: 5 ordinary beds become nursing beds in the whole territory from the start.",
    )


def test_a_measure_taken_twice_differs_from_it_once() -> None:
    opened = OpenFacility(facility="N", division="1", beds={"NURSING": 10})
    once = BASE.with_measures(opened, name="once")
    twice = BASE.with_measures(opened, opened, name="twice")
    assert len(difference(once, twice)) == len(difference(twice, once)) == 1


def test_the_same_measures_differ_in_nothing() -> None:
    assert difference(BASE, BASE) == ()
