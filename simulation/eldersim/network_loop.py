"""The compiled event loop."""

# mypy: allow-untyped-defs, allow-untyped-calls

from eldersim.heap import rise, sink
from eldersim.network_rules import act, settle

BEYOND = (1 << 63) - 1


def advance(run, V, S, out, pauses, todo, heap, arrivals, limit):
    """Let everything happen whose key is below the limit."""
    W = run[0]
    n = W.pending
    i = W.came
    count = len(arrivals)
    while True:
        arrival = arrivals[i] if i < count else BEYOND
        first = heap[0] if n > 0 else BEYOND
        key = min(arrival, first)
        if key >= limit:
            break
        if arrival <= first:
            i += 1
        else:
            sink(heap, n)
            n -= 1
        act(W, V, S, out, pauses, todo, key)
        W.events += 1
        for k in range(W.asked):
            heap[n] = out[k]
            rise(heap, n)
            n += 1
        W.asked = 0
    W.pending = n
    W.came = i


def settled(run, V, S, out, pauses, todo, t, x, heap):
    """Hand out the free beds of place x and keep the events that follow."""
    W = run[0]
    settle(W, V, S, out, pauses, todo, t, x)
    n = W.pending
    for k in range(W.asked):
        heap[n] = out[k]
        rise(heap, n)
        n += 1
    W.pending = n
    W.asked = 0


# callees before callers, as the compiler needs them
RULES = (advance, settled)
