"""A heap of whole-number keys with four children to a node; numba compiles a second copy of this file."""

# mypy: allow-untyped-defs, allow-untyped-calls


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


# callees before callers, as the compiler needs them
RULES = (rise, sink)
INLINE = ("rise", "sink")
