"""The event loop between two moments of the conductor and its four-way heap of whole-number keys."""

# mypy: allow-untyped-defs, allow-untyped-calls

from eldersim.rules import act

BEYOND = (1 << 63) - 1
ROOM = 4096
"""Events and entries that one event may lead to at most; before less is left the loop stops, to be given more room."""


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


RULES = (rise, sink, collect, advance)
INLINE = ("rise", "sink")
