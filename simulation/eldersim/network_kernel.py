"""The event loop of a network run between two moments of the conductor: compiled by numba if it is there, else interpreted."""

# mypy: allow-untyped-calls
from __future__ import annotations

import heapq
import importlib.util
import sys
import warnings
from functools import cache
from types import ModuleType
from typing import Any

from eldersim import network_loop, network_rules
from eldersim.network_records import State

WITHOUT_NUMBA = (
    "numba is not installed: the simulation runs interpreted, which gives the same results and takes about 30 times as long. "
    "Install the extra 'fast' to compile it."
)


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
        compiled_rules()["settle"](state.run, *parts, state.heap)


def can_compile() -> bool:
    """Whether numba is there; says once if it is not."""
    found = importlib.util.find_spec("numba") is not None
    if not found:
        warnings.warn(WITHOUT_NUMBA, stacklevel=2)
    return found


@cache
def compiled_rules() -> dict[str, Any]:
    """A second copy of the rules, compiled, with the event loop around it."""
    import numba

    # The cache needs a module with a file, hence a copy loaded from the rules' own file.
    copy = _second_copy(network_rules, "eldersim.network_rules_compiled")
    options: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
    for rule in copy.RULES:
        setattr(copy, rule.__name__, numba.njit(**options)(rule))
    loop = _second_copy(
        network_loop,
        "eldersim.network_loop_compiled",
    )
    for name in ("act", "settle"):
        setattr(loop, name, getattr(copy, name))
    for name in ("rise", "sink", "advance", "settled"):
        setattr(loop, name, numba.njit(**options)(getattr(loop, name)))
    return {"advance": loop.advance, "settle": loop.settled}


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


def _second_copy(module: ModuleType, name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, module.__file__)
    assert specification is not None, "the rules are a file"
    assert specification.loader is not None, "the rules are a file"
    copy = importlib.util.module_from_spec(specification)
    sys.modules[name] = copy
    specification.loader.exec_module(copy)
    return copy
