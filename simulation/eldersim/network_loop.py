"""The compiled event loop and its four-way heap of whole-number keys."""

# mypy: allow-untyped-defs, allow-untyped-calls

from eldersim.network_rules import act, settle

BEYOND = (1 << 63) - 1


def rise(heap, k):
    """Let the key at k rise to where it belongs."""
    key = heap[k]
    while k > 0:
        parent = (k - 1) >> 2
        if heap[parent] <= key:
            break
        heap[k] = heap[parent]
        k = parent
    heap[k] = key


def sink(heap, n):
    """Take the smallest key out of a heap of n keys."""
    n -= 1
    key = heap[n]
    k = 0
    c = 1
    while c + 3 < n:
        a = c + (heap[c + 1] < heap[c])
        b = c + 2 + (heap[c + 3] < heap[c + 2])
        if heap[b] < heap[a]:
            a = b
        if heap[a] >= key:
            heap[k] = key
            return
        heap[k] = heap[a]
        k = a
        c = 4 * k + 1
    m = -1
    best = key
    while c < n:
        if heap[c] < best:
            best = heap[c]
            m = c
        c += 1
    if m >= 0:
        heap[k] = heap[m]
        k = m
    heap[k] = key


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
RULES = (rise, sink, advance, settled)
