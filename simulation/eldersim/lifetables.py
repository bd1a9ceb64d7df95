"""Life tables and cohorts in age groups: remaining years, survivors, and how a closed population moves up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eldersim.errors import InvalidInput
from eldersim.transitions import survival, years_spent


def survivors(hazards: Sequence[float], *, width: float = 5.0) -> list[float]:
    """The share alive at the start of each age group, of those alive at the start of the first; the last group is open.

    ``hazards`` are deaths per person-year, constant within a group of ``width`` years.

    >>> [round(share, 6) for share in survivors([0.1, 0.2])]
    [1.0, 0.606531]
    """
    alive = [1.0]
    for hazard in hazards[:-1]:
        alive.append(alive[-1] * float(survival(np.array(hazard), years=width)))
    return alive


def remaining_years(hazards: Sequence[float], *, width: float = 5.0) -> list[float]:
    """The remaining life expectancy at the start of each age group, deaths at exact times, the last group open.

    >>> [round(years, 4) for years in remaining_years([0.1, 0.2])]
    [6.9673, 5.0]
    """
    if hazards[-1] <= 0:
        raise InvalidInput(
            "NOBODY_DIES",
            "The open age group has no deaths, so life has no end.",
            remedy="Give its hazard.",
            path=["hazards"],
        )
    years = [1 / hazards[-1]]
    for hazard in reversed(hazards[:-1]):
        period = np.array([[[0.0, hazard], [0.0, 0.0]]])
        lived = float(years_spent(period, start=0, years=width)[0])
        years.append(lived + float(survival(np.array(hazard), years=width)) * years[-1])
    return years[::-1]


def classic_remaining_years(hazards: Sequence[float], *, width: float = 5.0) -> list[float]:
    """The same by the classic life table, in which people who die in a group live half of it (a_x = n / 2).

    It is a little longer, because chances of dying are taken as n m / (1 + n m / 2) (Chiang 1984).
    """
    years = [1 / hazards[-1]]
    for hazard in reversed(hazards[:-1]):
        dying = width * hazard / (1 + width * hazard / 2)
        years.append(width * (1 - dying) + width / 2 * dying + (1 - dying) * years[-1])
    return years[::-1]


def moved_up(people: Sequence[float], hazards: Sequence[float], *, width: float = 5.0) -> list[float]:
    """A closed population one group later: survivors of each group are in the next, the open group keeps its own.

    >>> [round(count, 4) for count in moved_up([100.0, 50.0], [0.0, 0.1])]
    [0.0, 130.3265]
    """
    alive = [
        count * float(survival(np.array(hazard), years=width)) for count, hazard in zip(people, hazards, strict=True)
    ]
    return [0.0, *alive[:-2], alive[-2] + alive[-1]] if len(alive) > 1 else alive
