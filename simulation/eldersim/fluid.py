"""A fluid approximation of one place: referrals, admissions and leavers as flows, by Euler steps.

It shows the average path without chance; it overstates waiting while beds are free, because whoever is admitted waits
about one step of the model (the form of system dynamics models of care homes).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """The state at one time: residents, waiting, and the admissions per unit of time that follow from it."""

    time: float
    residents: float
    waiting: float
    admissions: float


@dataclass(frozen=True, slots=True)
class FluidPlace:
    """One place: ``referrals(time)`` per unit of time, the mean stay, and the beds."""

    referrals: Callable[[float], float]
    mean_stay: float
    beds: float

    def path(self, residents: float, *, start: float, end: float, step: float) -> list[Level]:
        """The levels at every step from ``start`` to ``end``; the list begins with one unit of referrals waiting.

        >>> FluidPlace(lambda t: 10.0, 20.0, 100.0).path(80.0, start=0.0, end=1.0, step=0.5)[0].admissions
        10.0
        """
        waiting, found = self.referrals(start), []
        for number in range(round((end - start) / step) + 1):
            time = start + number * step
            leavers = residents / self.mean_stay
            admissions = min(waiting, self.beds - residents + leavers)
            found.append(Level(time, residents, waiting, admissions))
            waiting += step * (self.referrals(time) - admissions)
            residents += step * (admissions - leavers)
        return found
