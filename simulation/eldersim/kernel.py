"""Runs the rules on a state up to a moment, or one dated rule at a moment: compiled by numba if it is there, else interpreted."""

from __future__ import annotations

import heapq
from functools import cache
from typing import Any

import numpy as np

from eldersim import beds, dated, loop, rules
from eldersim import heap as heap_rules
from eldersim.beds import ID_BITS, ID_MASK, SHIFT
from eldersim.compilation import compiled
from eldersim.records import State

KINDS = 15
BEFORE = 0
"""A moment of the conductor comes before everything people do in the same second."""


@cache
def machine() -> dict[str, Any]:
    """All rules and the loop, compiled."""
    return compiled((heap_rules, beds, rules, dated, loop))


def advance(state: State, time: int) -> None:
    """Let everything happen that happens before a second."""
    limit = (time << SHIFT) | BEFORE
    if state.interpreted:
        _interpret(state, limit)
        return
    parts = (state.run, state.people, state.pools)
    run = machine()["advance"]
    while not run(*parts, state.paper, state.heap, state.arrivals, limit):
        _grow(state, loop.ROOM)


def apply(state: State, name: str, *values: Any) -> None:
    """One rule of `dated` at this moment; ``values`` are what it needs beyond the parts of the state."""
    _grow(state, int(state.of_run("todo_at")))
    rule = getattr(dated, name) if state.interpreted else machine()[name]
    names = getattr(dated, name).__code__.co_varnames
    parts = {"W": state.control, "P": state.people, "B": state.pools, "X": state.paper}
    given = [parts[each] for each in names[: _count(name)] if each in parts]
    rule(*given, *values)
    if state.interpreted:
        _collect(state)
    else:
        machine()["collect"](state.run, state.paper, state.heap)


def _count(name: str) -> int:
    return int(getattr(dated, name).__code__.co_argcount)


def _grow(state: State, more: int) -> None:
    """More room for events and entries, so that no rule has to ask for it."""
    if not state.interpreted and int(state.of_run("pending")) + more + loop.ROOM > len(state.heap):
        state.heap = np.concatenate([state.heap, np.empty(len(state.heap) + more, np.int64)])
    if not state.of_run("log_on"):
        return
    used = int(state.of_run("log_at")) + int(state.of_run("logged"))
    if used + 2 * more + loop.ROOM > len(state.paper):
        if state.interpreted:
            state.paper.extend([0] * (used + 2 * more))
        else:
            state.paper = np.concatenate([state.paper, np.empty(used + 2 * more, np.int64)])


def _collect(state: State) -> None:
    for key in state.paper[: state.control.asked]:
        heapq.heappush(state.heap, key)
    state.control.asked = 0


def _interpret(state: State, limit: int) -> None:
    """The same loop over the standard library's heap."""
    run, heap, paper, coming = state.control, state.heap, state.paper, state.arrivals
    push, pop = heapq.heappush, heapq.heappop
    parts = (run, state.people, state.pools, paper)
    handlers: Any = rules.HANDLERS
    stop = int(np.searchsorted(coming, limit))
    keys = coming[run.came : stop].tolist()
    keys.append(limit)
    at = events = 0
    arrival = keys[0]
    logged = run.log_on
    while True:
        if heap and heap[0] < arrival:
            key = heap[0]
            if key >= limit:
                break
            pop(heap)
        else:
            key = arrival
            if key >= limit:
                break
            at += 1
            arrival = keys[at]
        if logged:
            _grow(state, loop.ROOM)
        handlers[(key >> ID_BITS) & KINDS](*parts, key >> SHIFT, key & ID_MASK)
        events += 1
        asked = run.asked
        if asked:
            for place in range(asked):
                push(heap, paper[place])
            run.asked = 0
    run.events += events
    run.came += at
