"""Token buckets: how often somebody may do something, in memory that does not grow."""

import time
from collections.abc import Callable, Hashable


class Buckets:
    """A bucket for each of many: it holds `burst`, a use takes one, and `rate` a second come back.

    The longest unused are forgotten when there are too many; a forgotten bucket is full again.

    >>> clock = iter([0.0, 0.0, 0.0, 0.5])
    >>> buckets = Buckets(rate=1, burst=2, clock=lambda: next(clock))
    >>> [buckets.take("li") for _ in range(4)]
    [0.0, 0.0, 1.0, 0.5]
    """

    def __init__(
        self, *, rate: float, burst: float, most: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.rate, self.burst, self.most, self._clock = rate, burst, most, clock
        self._kept: dict[Hashable, tuple[float, float]] = {}

    def take(self, who: Hashable) -> float:
        """Take one and return 0, or return the seconds until there is one."""
        left, at = self._left(who)
        if left < 1:
            return (1 - left) / self.rate
        self._keep(who, left - 1, at)
        return 0.0

    def wait(self, who: Hashable) -> float:
        """The seconds until there is one to take; 0 when there is."""
        left, _ = self._left(who)
        return 0.0 if left >= 1 else (1 - left) / self.rate

    def _left(self, who: Hashable) -> tuple[float, float]:
        at = self._clock()
        left, since = self._kept.get(who, (self.burst, at))
        return min(self.burst, left + (at - since) * self.rate), at

    def _keep(self, who: Hashable, left: float, at: float) -> None:
        self._kept.pop(who, None)
        self._kept[who] = (left, at)
        while len(self._kept) > self.most:
            del self._kept[next(iter(self._kept))]

    def __len__(self) -> int:
        return len(self._kept)
