"""The nouns of a baseline: divisions, facilities, places with beds, residents and people who wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from eldersim.errors import InvalidInput

BED_TYPES = ("ORDINARY", "NURSING", "DEMENTIA", "REHAB", "SHORT_STAY")
NURSING_TYPES = ("NURSING", "DEMENTIA", "REHAB")
CLASSES = 8
"""Priority classes 1 (first) to 8 (last)."""


@dataclass(frozen=True, slots=True)
class Division:
    """A county or town: ``home_care`` is the number of people its home care can serve at a time.

    ``near`` are codes of divisions, nearest first, where its people go when there is nothing at home.
    """

    code: str
    name: str = ""
    home_care: int = 0
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facility:
    """An institution in a division; facilities of one ``group`` share one waiting list."""

    code: str
    division: str
    name: str = ""
    public: bool = False
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The beds of one type and price band in a facility: licensed, and usable now (None: all of them).

    ``reserved`` are (priority class, beds) kept for that class and all before it. With ``trunk`` so many beds stay free for those classes
    whoever is in; without it, residents of those classes count towards the reserve.
    """

    facility: str
    bed_type: str
    licensed: int
    usable: int | None = None
    price: int = 0
    reserved: tuple[tuple[int, int], ...] = ()
    trunk: bool = False

    @property
    def open(self) -> int:
        """Beds that can be used now."""
        return self.licensed if self.usable is None else min(self.usable, self.licensed)


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody in a bed for ``stayed_days``; ``level`` is the ability level 0 to 4, None if it is not known."""

    facility: str
    bed_type: str
    stayed_days: int
    level: int | None = None
    age: int = 80
    sex: str = "female"
    priority_class: int = CLASSES
    price: int = 0


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody on the waiting list for ``waited_days``; ``facilities`` are those wished, first choice first."""

    waited_days: int
    priority_class: int = CLASSES
    level: int | None = None
    age: int = 80
    sex: str = "female"
    bed_type: str | None = None
    facilities: tuple[str, ...] = ()
    division: str | None = None


def known(name: str, names: Iterable[str], code: str, path: tuple[str | int, ...]) -> None:
    """Refuse a name that is not among the names, and tell the nearest that is."""
    there = names if isinstance(names, frozenset) else tuple(names)
    if name in there:
        return
    near = get_close_matches(str(name), list(there), n=1, cutoff=0.4)
    shown = ", ".join(sorted(there)[:8])
    remedy = f"Did you mean {near[0]!r}?" if near else f"Known are {shown}."
    raise InvalidInput(code, f"{'.'.join(map(str, path))}: there is no {name!r}.", remedy=remedy, path=path)
