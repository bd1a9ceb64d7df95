"""Who waits for the registry to change can be stopped at any moment, also in the one when it changes."""

import asyncio

import pytest

from eldercare.api.streaming import Listener


@pytest.mark.parametrize("turns", range(6))
def test_a_follower_that_leaves_while_news_come_is_gone(turns: int) -> None:
    async def story() -> bool:
        listener = Listener()
        waiting = asyncio.create_task(listener.wait(60))
        await asyncio.sleep(0)
        listener.wake()
        for _ in range(turns):
            await asyncio.sleep(0)
        left_in_time = waiting.cancel()
        await asyncio.wait([waiting])
        return waiting.cancelled() or not left_in_time

    assert asyncio.run(story()), "the news swallowed that the follower has left; it would follow for ever"


def test_waiting_ends_after_its_seconds() -> None:
    asyncio.run(asyncio.wait_for(Listener().wait(0.01), 5))
