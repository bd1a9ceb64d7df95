"""Chinese identifiers: citizen numbers (GB 11643), credit codes (GB 32100) and the organisation code inside them."""

from datetime import date
from typing import NamedTuple

from eldercare.kit.errors import InvalidInput
from eldercare.registry.person import Sex

CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_CHECKS = "10X98765432"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Citizen(NamedTuple):
    """What a citizen number says about its holder."""

    number: str
    area: str
    birth_date: date
    sex: Sex


def citizen(number: str) -> Citizen:
    """Read a citizen number of 18 characters, or of 15 digits as issued until 1999; `InvalidInput` tells what is wrong.

    The area code is not looked up: codes are withdrawn and reused, and most codes of today did not exist when today's
    elders were born.

    >>> citizen("990101194503122747")
    Citizen(number='990101194503122747', area='990101', birth_date=datetime.date(1945, 3, 12), sex=<Sex.FEMALE: 'FEMALE'>)
    """
    text = number.strip().upper()
    if len(text) == 15 and text.isascii() and text.isdigit():
        text = expand(text)
    if len(text) != 18 or not (text.isascii() and text[:17].isdigit()) or text[17] not in "0123456789X":
        raise InvalidInput(
            "ID_NUMBER_FORMAT",
            "A citizen number has 17 digits and a check character.",
            remedy="Check it against the card.",
        )
    if citizen_check(text[:17]) != text[17]:
        raise InvalidInput(
            "ID_NUMBER_CHECK",
            "The check character of the citizen number is wrong.",
            remedy="Look for a mistyped digit.",
        )
    return Citizen(text, text[:6], _birth_date(text[6:14]), Sex.MALE if int(text[16]) % 2 else Sex.FEMALE)


def expand(number: str) -> str:
    """The 18-character form of a 15-digit citizen number: all of them are of people born from 1900 to 1999.

    >>> expand("990101450312274")
    '990101194503122747'
    """
    body = number[:6] + "19" + number[6:]
    return body + citizen_check(body)


def citizen_check(body: str) -> str:
    """The check character of the first 17 digits of a citizen number."""
    return CITIZEN_CHECKS[sum(int(digit) * weight for digit, weight in zip(body, CITIZEN_WEIGHTS, strict=True)) % 11]


def _birth_date(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise InvalidInput(
            "ID_NUMBER_BIRTH_DATE",
            "The citizen number contains a day that does not exist.",
            remedy="Check it against the card.",
        ) from None


def credit_code(code: str) -> str:
    """Check a unified social credit code and return it in capitals; `InvalidInput` tells what is wrong.

    >>> credit_code("52990101000000027h")
    '52990101000000027H'
    """
    text = code.strip().upper()
    if len(text) != 18 or any(character not in CREDIT_ALPHABET for character in text):
        raise InvalidInput(
            "CREDIT_CODE_FORMAT",
            "A unified social credit code has 18 digits or capital letters other than I, O, S, V and Z.",
            remedy="Check it against the certificate.",
        )
    if credit_check(text[:17]) != text[17]:
        raise InvalidInput(
            "CREDIT_CODE_CHECK",
            "The check character of the credit code is wrong.",
            remedy="Look for a mistyped character.",
        )
    if organisation_check(text[8:16]) != text[16]:
        raise InvalidInput(
            "ORGANISATION_CODE_CHECK",
            "The check character of the organisation code inside the credit code is wrong.",
            remedy="Look for a mistyped character.",
        )
    return text


def credit_check(body: str) -> str:
    """The check character of the first 17 characters of a credit code."""
    total = sum(
        CREDIT_ALPHABET.index(character) * weight for character, weight in zip(body, CREDIT_WEIGHTS, strict=True)
    )
    return CREDIT_ALPHABET[-total % 31]


def organisation_check(body: str) -> str:
    """The check character of an eight-character organisation code (GB 11714)."""
    total = sum(
        ORGANISATION_ALPHABET.index(character) * weight
        for character, weight in zip(body, ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]
