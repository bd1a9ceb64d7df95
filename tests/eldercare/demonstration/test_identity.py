"""Synthetic numbers are valid and belong to nobody."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from eldercare.demonstration.facility import PREFIXES
from eldercare.demonstration.identity import credit_code, resident_number
from eldercare.registry import identifier
from eldercare.registry.person import Sex

DAYS = st.dates(date(1910, 1, 1), date(1965, 12, 31))
SEXES = st.sampled_from([Sex.MALE, Sex.FEMALE])
INDEXES = st.integers(0, 4_999_999)


@given(INDEXES, DAYS, SEXES)
def test_a_number_is_valid_and_from_no_area(index: int, born: date, sex: Sex) -> None:
    """It says when its holder was born and of which sex, under an area code that was never assigned."""
    found = identifier.citizen(resident_number(index, born, sex))
    assert (found.birth_date, found.sex, found.area[:2]) == (born, sex, "99")


@given(st.lists(INDEXES, min_size=2, max_size=50, unique=True), DAYS, SEXES)
def test_no_two_people_share_a_number(indexes: list[int], born: date, sex: Sex) -> None:
    """Not even people of one birthday and sex."""
    assert len({resident_number(index, born, sex) for index in indexes}) == len(indexes)


@given(st.integers(0, 99_999), st.sampled_from(sorted(set(PREFIXES.values()))))
def test_a_credit_code_is_valid(index: int, prefix: str) -> None:
    """Both check characters fit."""
    code = credit_code(prefix, index)
    assert identifier.credit_code(code) == code
    assert code[2:4] == "99"
