"""Step functions of time, such as occupied beds or people waiting: averages, peaks, shares of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eldersim.errors import NoAnswer

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A quantity that holds ``values[i]`` from ``times[i]`` until the next time, and the last until ``end``."""

    times: Vector
    values: Vector
    end: float

    @classmethod
    def of_steps(cls, steps: list[tuple[float, float]], *, end: float) -> Timeline:
        """From (time, value) pairs in order of time.

        >>> Timeline.of_steps([(0, 0), (1, 2)], end=4).average()
        1.5
        """
        times, values = np.array([t for t, _ in steps], dtype=float), np.array([v for _, v in steps], dtype=float)
        if len(times) == 0 or np.any(np.diff(times) < 0) or end < times[-1]:
            raise NoAnswer(
                "STEPS_UNORDERED",
                "Steps must be in order of time and end after the last.",
                remedy="Sort them.",
                path=["steps"],
            )
        return cls(times, values, end)

    @classmethod
    def of_stays(cls, came: Vector, left: Vector, *, start: float, end: float) -> Timeline:
        """The number of people present, from when each came and left; nobody but those listed is present at ``start``."""
        moments = np.concatenate([[start], came, left])
        changes = np.concatenate([[0.0], np.ones(len(came)), -np.ones(len(left))])
        order = np.argsort(moments, kind="stable")
        times, values = moments[order], np.cumsum(changes[order])
        last = np.append(np.diff(times) > 0, True)
        inside = last & (times < end)
        return cls(np.maximum(times[inside], start), values[inside], end)

    def durations(self, *, since: float | None = None) -> Vector:
        """How long each step lasts from ``since`` on."""
        since = self.times[0] if since is None else since
        ends = np.append(self.times[1:], self.end)
        return np.asarray(np.maximum(ends - np.maximum(self.times, since), 0.0))

    def average(self, *, since: float | None = None) -> float:
        """The average over time from ``since`` (the start) to the end."""
        spans = self.durations(since=since)
        return float((spans * self.values).sum() / spans.sum())

    def variance(self, *, since: float | None = None) -> float:
        """The variance over time."""
        spans, centre = self.durations(since=since), self.average(since=since)
        return float((spans * (self.values - centre) ** 2).sum() / spans.sum())

    def peak(self, *, since: float | None = None) -> float:
        """The highest value that lasts."""
        return float(self.values[self.durations(since=since) > 0].max())

    def time_at_least(self, level: float, *, since: float | None = None) -> float:
        """How long the value is ``level`` or more."""
        return float(self.durations(since=since)[self.values >= level].sum())

    def just_before(self, time: float) -> float:
        """The value just before ``time``."""
        place = int(np.searchsorted(self.times, time, side="left")) - 1
        return float(self.values[max(place, 0)])

    def shares(self, top: int, *, since: float | None = None) -> Vector:
        """The share of time at each whole value 0 to ``top``; what is higher counts as ``top``."""
        spans = self.durations(since=since)
        found = np.bincount(np.minimum(self.values.astype(np.int64), top), weights=spans, minlength=top + 1)
        return np.asarray(found / spans.sum())
