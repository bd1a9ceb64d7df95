"""What subscriptions have while they run: who follows, threads to read in, and one pulse for all that says when to look."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from graphql import FragmentDefinitionNode, OperationDefinitionNode

from eldercare.api.context import Context
from eldercare.kit import log

T = TypeVar("T")


class Pulse:
    """Looks at the state of the registry at intervals, once for all who listen, and wakes them when it has changed.

    Nobody listens: it does not look at all.
    """

    def __init__(self, state: Callable[[], Awaitable[bytes]], interval: float = 1.0) -> None:
        self._state, self.interval = state, interval
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self.looks = 0
        """How often it has looked."""

    def __len__(self) -> int:
        return len(self._listeners)

    @contextmanager
    def listening(self) -> "Iterator[Listener]":
        """Listen while the block runs."""
        listener = Listener()
        self._listeners.add(listener)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._beat())
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            if not self._listeners and self._task is not None:
                self._task.cancel()
                self._task = None

    async def _beat(self) -> None:
        last: bytes | None = None
        while True:
            state: bytes | None
            try:
                self.looks += 1
                state = await self._state()
            except Exception as error:  # the database may be gone for a while
                log.get("feed").warning("no pulse", kind=type(error).__name__)
                state = last
            if state != last:
                last = state
                for listener in self._listeners:
                    listener.wake()
            await asyncio.sleep(self.interval)


class Listener:
    """One who waits for the registry to change."""

    def __init__(self) -> None:
        self._news = asyncio.Event()
        self._spoke = time.monotonic()

    def wake(self) -> None:
        """Say that something has changed."""
        self._news.set()

    async def wait(self, seconds: float) -> None:
        """Return when something has changed since the last time, or after so many seconds."""
        # not wait_for: on Python 3.11 it swallows a cancellation that comes together with the news
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
        self._news.clear()

    def quiet(self, seconds: float) -> bool:
        """Whether nothing was said to the follower for so long."""
        return time.monotonic() - self._spoke >= seconds

    def spoke(self) -> None:
        """Something was said to the follower."""
        self._spoke = time.monotonic()


@dataclass
class Stream:
    """One subscription: it has no session of its own between two payloads, so a follower that waits costs nothing."""

    make: Callable[[], Context]
    pulse: Pulse
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    viewer: Any
    services: Mapping[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The business date, which changes while a subscription runs."""
        return self.make().today

    async def in_thread(self, act: Callable[[Context], T]) -> T:
        """Do something with a context of its own in a thread."""

        def run() -> T:
            context = self.make()
            try:
                return act(context)
            finally:
                context.close(commit=False)

        return await asyncio.to_thread(run)
