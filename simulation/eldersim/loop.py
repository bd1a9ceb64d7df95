"""The event loop between two moments of the conductor; numba compiles a second copy of this file."""

# mypy: allow-untyped-defs, allow-untyped-calls

from eldersim.heap import rise, sink
from eldersim.rules import act

BEYOND = (1 << 63) - 1
ROOM = 4096
"""Events and entries that one event may lead to at most; before less is left the loop stops, to be given more room."""


def collect(run, X, heap):
    """Put the events asked for into the heap."""
    W = run[0]
    n = W.pending
    for k in range(W.asked):
        heap[n] = X[k]
        rise(heap, n)
        n += 1
    W.pending = n
    W.asked = 0


def advance(run, P, B, X, heap, arrivals, limit):
    """Let everything happen whose key is below the limit; false if more room is needed first."""
    W = run[0]
    n = W.pending
    i = W.came
    size = len(arrivals)
    last = len(heap) - ROOM
    last_entry = len(X) - W.log_at - ROOM
    arrival = arrivals[i] if i < size else BEYOND
    while True:
        first = heap[0] if n > 0 else BEYOND
        key = min(arrival, first)
        if key >= limit:
            break
        if n > last or (W.log_on and W.logged > last_entry):
            W.pending = n
            W.came = i
            return False
        if arrival <= first:
            i += 1
            arrival = arrivals[i] if i < size else BEYOND
        else:
            sink(heap, n)
            n -= 1
        act(W, P, B, X, key)
        W.events += 1
        for k in range(W.asked):
            heap[n] = X[k]
            rise(heap, n)
            n += 1
        W.asked = 0
    W.pending = n
    W.came = i
    return True


RULES = (collect, advance)
