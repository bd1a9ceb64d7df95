"""Small random worlds for the tests of the bed engine: a few homes, people in them, people waiting, a few measures."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from eldersim.baseline import BED_TYPES, Applicant, Baseline, Division, Facility, Place, Resident
from eldersim.parameters import standard
from eldersim.scenario import Scenario, read

CODES = ("A", "B", "C", "D")
DIVISIONS = ("1", "2")
TYPES = st.sampled_from(BED_TYPES[:3])
DAYS = st.integers(0, 900)
QUICK = standard().changed(
    {"waiting.promotion": 120, "waiting.widening": 40, "need.worsening": [0.5, 0.6, 0.8, 1.0, 1.5]}
)


@st.composite
def baselines(draw: st.DrawFn, *, most: int = 25) -> Baseline:
    """A territory of two divisions with up to four homes, crowded, so that lists, transfers and reserves matter."""
    codes = CODES[: draw(st.integers(1, len(CODES)))]
    homes = tuple(
        Facility(code, draw(st.sampled_from(DIVISIONS)), group=draw(st.sampled_from([None, None, "G"])))
        for code in codes
    )
    places = []
    for code in codes:
        for kind in BED_TYPES[: draw(st.integers(1, 3))]:
            beds = draw(st.integers(1, most))
            kept = ((draw(st.integers(1, 8)), draw(st.integers(0, beds))),) if draw(st.booleans()) else ()
            places.append(Place(code, kind, beds, reserved=kept, trunk=draw(st.booleans())))
    residents = [
        Resident(
            place.facility,
            place.bed_type,
            draw(DAYS),
            draw(st.sampled_from([None, 0, 2, 3, 4])),
            priority_class=draw(st.integers(1, 8)),
        )
        for place in places
        for _ in range(draw(st.integers(place.licensed // 2, place.licensed)))
    ]
    waiting = [
        Applicant(
            draw(DAYS),
            draw(st.integers(1, 8)),
            draw(st.integers(0, 4)),
            bed_type=draw(TYPES),
            facilities=tuple(codes[: draw(st.integers(0, 2))]),
        )
        for _ in range(draw(st.integers(0, 6)))
    ]
    towns = tuple(Division(code, home_care=draw(st.integers(0, 3))) for code in DIVISIONS)
    return Baseline(
        "small", date(2024, 3, 1), towns, homes, tuple(places), tuple(residents), tuple(waiting), parameters=QUICK
    )


def measures(codes: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """One measure of any kind about these homes."""
    code, day, beds = st.sampled_from(codes), st.integers(0, 700), st.integers(1, 12)
    share = st.floats(0, 1)

    def kind(name: str, **parts: Any) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({"kind": st.just(name), "from": day, **parts})

    return st.one_of(
        kind("add_beds", bed_type=TYPES, beds=beds),
        kind("convert_beds", beds=beds, works_days=st.integers(0, 60)),
        kind("close_beds", bed_type=TYPES, beds=beds, facility=code),
        kind(
            "open_facility",
            facility=st.just("NEW"),
            division=st.sampled_from(DIVISIONS),
            beds=st.dictionaries(TYPES, beds, min_size=1),
        ),
        kind("close_facility", facility=code),
        kind("emergency_closure", facility=code, until=st.integers(700, 900)),
        kind("merge_facility", facility=code, into=code),
        kind("merge_small", beds_below=beds, residents_below=beds),
        kind("upgrade_facility", facility=code, share=share),
        kind("join_group", facilities=st.just((*codes, codes[0])), group=st.just("H")),
        kind("reserve", classes=st.just([1, 2]), share=share, trunk=st.booleans()),
        kind("priority_order", by=st.sampled_from(["class", "level", "none"])),
        kind("allocation", policy=st.sampled_from(["preference", "emptiest"])),
        kind("demand", factor=st.floats(0, 3)),
        kind("stay", factor=st.floats(0.2, 3)),
        kind("home_care", slots=beds, divert_share=share, bridge=st.booleans()),
        kind("staff", caregivers=beds),
        kind("price", facility=code, bands=st.integers(-1, 2)),
        kind("inclusion", share=st.floats(0, 2), classes=st.just([7, 8])),
        kind("willingness", factor=st.floats(0, 2), levels=st.just([0, 1])),
        kind("subsidy", yuan=st.just(300), factor=st.floats(1, 2), bed_types=st.just(["NURSING"])),
        kind("childcare_conversion", places=beds, beds_per_place=st.floats(0.3, 1)),
    )


@st.composite
def studies(draw: st.DrawFn) -> tuple[Baseline, Scenario]:
    """A world and a scenario over it."""
    baseline = draw(baselines())
    codes = tuple(each.code for each in baseline.facilities)
    chosen = draw(st.lists(measures(codes), max_size=5))
    return baseline, read({"name": "drawn", "measures": chosen}, baseline=baseline)
