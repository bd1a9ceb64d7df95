"""The gate: how many requests are answered at the same time, how many may wait, and how long."""

import asyncio
import collections
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from eldercare.kit.errors import Unavailable


class Busy(Unavailable):
    """The server has as much to do as it can; `after` is in how many seconds to ask again."""

    def __init__(self, after: int) -> None:
        super().__init__("BUSY", "The server is busy.", remedy=f"Ask again in {after} seconds.")
        self.after = after

    def __reduce__(self) -> tuple[type["Busy"], tuple[int]]:
        return Busy, (self.after,)


class Gate:
    """Lets a bounded number in; a bounded number waits outside, first come, first served; others are told to come back.

    It belongs to one event loop, so a number is enough where nobody waits.
    """

    def __init__(self, *, inside: int = 64, waiting: int = 256, seconds: float = 10.0) -> None:
        self.most_inside, self.most_waiting, self.seconds = inside, waiting, seconds
        self.inside = 0
        self.refused = 0
        self._waiting: collections.deque[asyncio.Future[None]] = collections.deque()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @asynccontextmanager
    async def through(self) -> AsyncIterator[None]:
        """Be inside while the block runs; `Busy` when there is no room in time."""
        if self.inside < self.most_inside:
            self.inside += 1
        else:
            await self._wait()
        try:
            yield
        finally:
            self._leave()

    async def _wait(self) -> None:
        if len(self._waiting) >= self.most_waiting:
            raise self._busy()
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            async with asyncio.timeout(self.seconds):
                await asyncio.shield(place)
        except (TimeoutError, asyncio.CancelledError) as error:
            self._give_up(place)
            if isinstance(error, TimeoutError):
                raise self._busy() from None
            raise

    def _give_up(self, place: "asyncio.Future[None]") -> None:
        if place.done():
            self._leave()  # it was let in while it gave up
        else:
            self._waiting.remove(place)
            place.cancel()

    def _leave(self) -> None:
        """Whoever leaves hands the place on; the number inside stays the same then."""
        if self._waiting:
            self._waiting.popleft().set_result(None)
        else:
            self.inside -= 1

    def _busy(self) -> Busy:
        self.refused += 1
        return Busy(max(1, round(self.seconds / 2)))
