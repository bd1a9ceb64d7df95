"""The event loop of a network run between two moments of the conductor: compiled by numba if it is there, else interpreted."""

# mypy: allow-untyped-calls
from __future__ import annotations

import heapq
from functools import cache
from typing import Any

from eldersim import heap as heap_rules
from eldersim import network_loop, network_rules
from eldersim.compilation import compiled
from eldersim.network_records import State


def advance(state: State, limit: int) -> None:
    """Let everything happen whose key is below ``limit``."""
    if isinstance(state.visits, list):
        _interpret(state, limit)
    else:
        compiled_rules()["advance"](
            state.run,
            state.visits,
            state.places,
            state.out,
            state.pauses,
            state.todo,
            state.heap,
            state.arrivals,
            limit,
        )


def settle(state: State, time: int, place: int) -> None:
    """Hand out free beds of one place after the conductor changed it."""
    parts = (state.visits, state.places, state.out, state.pauses, state.todo, time, place)
    if isinstance(state.visits, list):
        network_rules.settle(state.run, *parts)
        for key in state.out[: state.run.asked]:
            heapq.heappush(state.heap, key)
        state.run.asked = 0
    else:
        compiled_rules()["settled"](state.run, *parts, state.heap)


@cache
def compiled_rules() -> dict[str, Any]:
    """The rules and the event loop around them, compiled."""
    return compiled((heap_rules, network_rules, network_loop))


def _interpret(state: State, limit: int) -> None:
    """The same loop over the standard library's heap."""
    run, heap, arrivals = state.run, state.heap, state.arrivals
    parts = (run, state.visits, state.places, state.out, state.pauses, state.todo)
    coming = arrivals.tolist()
    while True:
        arrival = coming[run.came] if run.came < len(coming) else limit
        key = min(arrival, heap[0]) if heap else arrival
        if key >= limit:
            return
        if key == arrival:
            run.came += 1
        else:
            heapq.heappop(heap)
        network_rules.act(*parts, key)
        run.events += 1
        for following in state.out[: run.asked]:
            heapq.heappush(heap, following)
        run.asked = 0
