"""Runs the rules on a state up to a moment, or one dated rule at a moment: compiled by numba if it is there, else interpreted."""

from __future__ import annotations

import heapq
from functools import cache
from typing import Any

import numpy as np

from eldersim import beds, dated, loop, rules
from eldersim.beds import SHIFT
from eldersim.compilation import compiled
from eldersim.records import State

BEFORE = 0
"""A moment of the conductor comes before everything people do in the same second."""


@cache
def machine() -> dict[str, Any]:
    """All rules and the loop, compiled."""
    return compiled((beds, rules, dated, loop))


def advance(state: State, time: int) -> None:
    """Let everything happen that happens before a second."""
    limit = (time << SHIFT) | BEFORE
    if state.interpreted:
        _interpret(state, limit)
        return
    parts = (state.run, state.people, state.pools, state.ranks, state.out)
    run = machine()["advance"]
    while not run(*parts, state.log, state.todo, state.heap, state.arrivals, limit):
        _grow(state, loop.ROOM)


def apply(state: State, name: str, *values: Any) -> None:
    """One rule of `dated` at this moment; ``values`` are what it needs beyond the parts of the state."""
    _grow(state, len(state.out))
    rule = getattr(dated, name) if state.interpreted else machine()[name]
    names = getattr(dated, name).__code__.co_varnames
    parts = {
        "W": state.control,
        "P": state.people,
        "B": state.pools,
        "R": state.ranks,
        "out": state.out,
        "log": state.log,
        "todo": state.todo,
    }
    given = [parts[each] for each in names[: _count(name)] if each in parts]
    rule(*given, *values)
    if state.interpreted:
        _collect(state)
    else:
        machine()["collect"](state.run, state.out, state.heap)


def _count(name: str) -> int:
    return int(getattr(dated, name).__code__.co_argcount)


def _grow(state: State, more: int) -> None:
    """More room for events and entries, so that no rule has to ask for it."""
    if state.interpreted:
        short = int(state.of_run("logged")) + 2 * more - len(state.log) if state.of_run("log_on") else 0
        state.log.extend([0] * max(0, short))
        return
    if int(state.of_run("pending")) + more + loop.ROOM > len(state.heap):
        state.heap = np.concatenate([state.heap, np.empty(len(state.heap) + more, np.int64)])
    if state.of_run("log_on") and int(state.of_run("logged")) + 2 * more + loop.ROOM > len(state.log):
        state.log = np.concatenate([state.log, np.zeros(len(state.log) + 2 * more, np.int64)])


def _collect(state: State) -> None:
    for key in state.out[: state.control.asked]:
        heapq.heappush(state.heap, key)
    state.control.asked = 0


def _interpret(state: State, limit: int) -> None:
    """The same loop over the standard library's heap."""
    run, heap, coming = state.control, state.heap, state.arrivals
    act: Any = rules.act
    parts = (run, state.people, state.pools, state.ranks, state.out, state.log, state.todo)
    stop = int(np.searchsorted(coming, limit))
    keys = coming[run.came : stop].tolist()
    keys.append(limit)
    at = 0
    while True:
        arrival = keys[at]
        key = min(arrival, heap[0]) if heap else arrival
        if key >= limit:
            break
        if run.log_on:
            _grow(state, loop.ROOM)
        if key == arrival:
            at += 1
        else:
            heapq.heappop(heap)
        act(*parts, key)
        run.events += 1
        if run.asked:
            for following in state.out[: run.asked]:
                heapq.heappush(heap, following)
            run.asked = 0
    run.came += at
