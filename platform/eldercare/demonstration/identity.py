"""Identity numbers that were never given to anybody, and credit codes of organisations that do not exist."""

from datetime import date

from eldercare.registry.identifier import citizen_check, credit_check, organisation_check
from eldercare.registry.person import Sex

AREAS = 10_000
"""Area codes 990000 to 999999 were never assigned, so a number with one of them belongs to nobody."""

ORDERS = 500
"""Sequence numbers of one sex on one day in one area."""


def resident_number(index: int, born: date, sex: Sex) -> str:
    """The identity number of synthetic person number `index`: valid, and given to no other index.

    Area and sequence number follow from the index alone, so five million people cannot share one whatever their birthdays.

    >>> resident_number(50_637, date(1945, 3, 12), Sex.FEMALE)
    '990101194503122747'
    """
    area, order = divmod(index, ORDERS)
    digits = f"99{area % AREAS:04d}{born:%Y%m%d}{order * 2 + (sex is Sex.MALE):03d}"
    return digits + citizen_check(digits)


def credit_code(prefix: str, index: int) -> str:
    """The credit code of synthetic organisation number `index`; the two-digit prefix says who registered it as what."""
    number = f"{index:08d}"
    body = f"{prefix}990101{number}{organisation_check(number)}"
    return body + credit_check(body)
