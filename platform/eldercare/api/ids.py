"""Opaque global ids: the name of a type and a key, safe in an address."""

import re

from eldercare.kit.errors import InvalidInput

FORM = re.compile(r"([A-Za-z]{1,60})_([1-9][0-9]{0,18})\Z", re.ASCII)
LARGEST = 2**63 - 1


def join(name: str, key: int) -> str:
    """The id of a record.

    >>> join("Facility", 12)
    'Facility_12'
    """
    return f"{name}_{key}"


def split(text: str) -> tuple[str, int]:
    """The type and key of an id; anything else is `InvalidInput` (BAD_ID).

    >>> split("Facility_12")
    ('Facility', 12)
    """
    found = FORM.match(text)
    if not found or int(found[2]) > LARGEST:
        raise InvalidInput("BAD_ID", "This is not an id of this API.", remedy="Send an id exactly as the API gave it.")
    return found[1], int(found[2])


def key(text: str, name: str) -> int:
    """The key of an id that must be of the type `name`; else `InvalidInput` (BAD_ID or WRONG_TYPE_OF_ID)."""
    found, number = split(text)
    if found != name:
        raise InvalidInput(
            "WRONG_TYPE_OF_ID", f"This id is not of a {name}.", remedy=f"Send an id that the API gave for a {name}."
        )
    return number
