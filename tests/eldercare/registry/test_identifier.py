"""Identifiers are checked digit by digit; the area code is never a reason to refuse an elder."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eldercare.kit.errors import InvalidInput
from eldercare.registry.identifier import (
    CREDIT_ALPHABET,
    citizen,
    citizen_check,
    credit_check,
    credit_code,
    organisation_check,
)
from eldercare.registry.person import Sex


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("990101194503122747", date(1945, 3, 12), Sex.FEMALE),
        ("990101193602290012", date(1936, 2, 29), Sex.MALE),
        ("99010119400101018X", date(1940, 1, 1), Sex.FEMALE),
        ("99010119400101018x", date(1940, 1, 1), Sex.FEMALE),
    ],
)
def test_a_citizen_number_tells_birth_date_and_sex(number: str, born: date, sex: Sex) -> None:
    assert citizen(number) == (number.upper(), "990101", born, sex)


def test_a_number_of_fifteen_digits_is_expanded() -> None:
    assert citizen("990101450312274").number == "990101194503122747"


def test_every_single_wrong_digit_is_caught() -> None:
    number = "990101194503122747"
    wrong = [number[:i] + digit + number[i + 1 :] for i in range(17) for digit in "0123456789" if digit != number[i]]
    assert len(wrong) == 153
    for each in wrong:
        with pytest.raises(InvalidInput):
            citizen(each)


@given(st.integers(0, 999999), st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999))
def test_a_well_made_number_is_always_accepted(area: int, born: date, order: int) -> None:
    body = f"{area:06}{born:%Y%m%d}{order:03}"
    assert citizen(body + citizen_check(body)).birth_date == born


@pytest.mark.parametrize("number", ["", "9901011945031227", "99010119450312274A", "９９0101194503122747", "1" * 19])
def test_another_shape_is_refused(number: str) -> None:
    with pytest.raises(InvalidInput, match="ID_NUMBER_FORMAT"):
        citizen(number)


def test_a_day_that_does_not_exist_is_refused() -> None:
    body = "99010119450230274"
    with pytest.raises(InvalidInput, match="ID_NUMBER_BIRTH_DATE"):
        citizen(body + citizen_check(body))


@pytest.mark.parametrize("code", ["12990101000000019T", "52990101000000027H", "91990101000000035B"])
def test_a_credit_code_with_both_check_characters_is_accepted(code: str) -> None:
    assert credit_code(code) == code


@given(st.text(CREDIT_ALPHABET, min_size=16, max_size=16))
def test_a_well_made_credit_code_is_accepted_and_its_neighbour_refused(body: str) -> None:
    body += organisation_check(body[8:])
    good = body + credit_check(body)
    assert credit_code(good) == good
    bad = body + CREDIT_ALPHABET[(CREDIT_ALPHABET.index(good[17]) + 1) % 31]
    with pytest.raises(InvalidInput, match="CREDIT_CODE_CHECK"):
        credit_code(bad)


def test_a_wrong_organisation_code_inside_is_caught() -> None:
    body = "5299010100000002" + "8"
    with pytest.raises(InvalidInput, match="ORGANISATION_CODE_CHECK"):
        credit_code(body + credit_check(body))


@pytest.mark.parametrize("code", ["", "5299010100000002", "52990101000000027I", "５2990101000000027H"])
def test_another_shape_of_credit_code_is_refused(code: str) -> None:
    with pytest.raises(InvalidInput, match="CREDIT_CODE_FORMAT"):
        credit_code(code)
