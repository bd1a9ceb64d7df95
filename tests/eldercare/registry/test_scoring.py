"""GB/T 42195-2022 is scored as the standard says, item by item."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eldercare.kit.errors import InvalidInput
from eldercare.registry.scoring import final_level, level_of, maxima, score


def test_the_standard_has_26_items_and_90_points() -> None:
    best = score(maxima())
    assert len(maxima()) == 26
    assert best.sections == {"self_care_score": 32, "mobility_score": 15, "mental_score": 28, "participation_score": 15}
    assert (best.total, best.preliminary_level, best.level) == (90, 0, 0)


@pytest.mark.parametrize(
    ("total", "level"), [(90, 0), (89, 1), (66, 1), (65, 2), (46, 2), (45, 3), (30, 3), (29, 4), (0, 4)]
)
def test_the_level_follows_from_the_total(total: int, level: int) -> None:
    assert level_of(total) == level


def test_coma_is_complete_disability_whatever_the_total() -> None:
    assert final_level(90, coma=True) == 4


@pytest.mark.parametrize(
    ("total", "diagnosis", "events", "level"),
    [(70, True, 0, 2), (90, False, 2, 1), (70, True, 2, 2), (10, True, 0, 4), (70, False, 1, 1)],
)
def test_a_diagnosis_or_two_risk_events_raise_one_level(total: int, diagnosis: bool, events: int, level: int) -> None:
    assert final_level(total, mental_diagnosis=diagnosis, risk_events=events) == level


@pytest.mark.parametrize("value", [-1, 5, None, 2.5, True])
def test_an_impossible_item_score_is_refused_and_named(value: object) -> None:
    with pytest.raises(InvalidInput, match="EATING") as refused:
        score({**maxima(), "EATING": value})  # type: ignore[dict-item]
    assert refused.value.path == ("EATING",)


def test_stairs_have_three_points_and_not_four() -> None:
    with pytest.raises(InvalidInput, match="from 0 to 3"):
        score({**maxima(), "STAIRS": 4})


def test_a_missing_item_is_refused() -> None:
    with pytest.raises(InvalidInput, match="MEMORY"):
        score({code: most for code, most in maxima().items() if code != "MEMORY"})


def test_an_unknown_item_is_refused() -> None:
    with pytest.raises(InvalidInput, match="ITEM_UNKNOWN"):
        score({**maxima(), "DANCING": 4})


@given(st.fixed_dictionaries({code: st.integers(0, most) for code, most in maxima().items()}), st.booleans())
def test_the_total_is_the_sum_and_a_diagnosis_never_lowers_the_need(items: dict[str, int], diagnosis: bool) -> None:
    plain, raised = score(items), score(items, mental_diagnosis=diagnosis)
    assert plain.total == sum(items.values()) == sum(plain.sections.values())
    assert plain.level == plain.preliminary_level <= raised.level <= 4
