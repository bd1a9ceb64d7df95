"""The rules of a network of places, written once: who is served, waits, is displaced, refused, or keeps a bed while blocked.

Functions over records: W (the run), V[v] (visits), S[s] (places). They read and write fields, compare and add whole
numbers, so the same source runs interpreted on slotted objects and compiled on record arrays. Time is a whole number
of ticks; an event is the key ``time << SHIFT | kind << ID_BITS | id``, so simultaneous events have one order:
bed made ready, end of service, arrival, patience used up; then the lower number first.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
# numba reads these as constants
ID_BITS = 23
SHIFT = 25
ID_MASK = (1 << ID_BITS) - 1
READY, SERVED, CAME, IMPATIENT = 0, 1, 2, 3
CLASSES = 8
NEVER = 1 << 60

# what a visit is doing
NOTHING, WAITING, IN_BED, HOLDING, BLOCKED, GONE = 0, 1, 2, 3, 4, 5
# how a visit ended
OPEN, DONE, REFUSED, DIVERTED, GAVE_UP, ENDED_BLOCKED = 0, 1, 2, 3, 4, 5
# who is next
FIRST, LAST, RANDOM = 0, 1, 2


def emit(W, out, t, kind, i):
    """Ask for an event at t, unless the run is over by then."""
    if t < W.horizon:
        out[W.asked] = (t << SHIFT) | (kind << ID_BITS) | i
        W.asked += 1


def push(V, s, v):
    """Visit v goes to the end of the waiting list of its class."""
    me = V[v]
    tail = s.tail[me.rank]
    me.before = tail
    me.after = -1
    if tail >= 0:
        V[tail].after = v
    else:
        s.head[me.rank] = v
    s.tail[me.rank] = v
    s.waiting += 1
    me.state = WAITING


def push_front(V, s, v):
    """A displaced visit goes back to the head of the waiting list of its class."""
    me = V[v]
    head = s.head[me.rank]
    me.after = head
    me.before = -1
    if head >= 0:
        V[head].before = v
    else:
        s.tail[me.rank] = v
    s.head[me.rank] = v
    s.waiting += 1
    me.state = WAITING


def pull(V, s, v):
    """Visit v leaves the waiting list."""
    me = V[v]
    if me.before >= 0:
        V[me.before].after = me.after
    else:
        s.head[me.rank] = me.after
    if me.after >= 0:
        V[me.after].before = me.before
    else:
        s.tail[me.rank] = me.before
    s.waiting -= 1


def hold(V, s, v):
    """Visit v is noted among those in bed, so that a more urgent one can displace it."""
    me = V[v]
    tail = s.bed_tail[me.rank]
    me.before = tail
    me.after = -1
    if tail >= 0:
        V[tail].after = v
    else:
        s.bed_head[me.rank] = v
    s.bed_tail[me.rank] = v


def unhold(V, s, v):
    """Visit v is no longer among those in bed."""
    me = V[v]
    if me.before >= 0:
        V[me.before].after = me.after
    else:
        s.bed_head[me.rank] = me.after
    if me.after >= 0:
        V[me.after].before = me.before
    else:
        s.bed_tail[me.rank] = me.before


def block(V, S, v, following, t):
    """Visit v keeps its bed until the following visit finds a place; those blocked are served in order."""
    me = V[following]
    s = S[me.place]
    me.origin = v
    me.asked = t
    me.state = BLOCKED
    V[v].state = HOLDING
    me.before = s.blocked_tail
    me.after = -1
    if s.blocked_tail >= 0:
        V[s.blocked_tail].after = following
    else:
        s.blocked_head = following
    s.blocked_tail = following
    s.blocked += 1


def unblock(V, s, v):
    """Visit v no longer waits from another bed."""
    me = V[v]
    if me.before >= 0:
        V[me.before].after = me.after
    else:
        s.blocked_head = me.after
    if me.after >= 0:
        V[me.after].before = me.before
    else:
        s.blocked_tail = me.before
    s.blocked -= 1


def has_place(s, me):
    """Whether a bed is free for this visit, beyond those kept for others."""
    return s.beds - s.occupied - s.unready > me.keep


def place(W, V, s, out, pauses, t, v):
    """Visit v gets a bed."""
    me = V[v]
    s.occupied += 1
    if me.began < 0:
        me.began = t
    else:
        pauses[W.paused] = v
        pauses[W.paused + 1] = t
        W.paused += 2
    if me.state != BLOCKED or me.running == 0:
        me.due = t + me.service
        emit(W, out, me.due, SERVED, v)
    me.state = IN_BED
    if s.displaces > 0:
        hold(V, s, v)


def displace(W, V, s, out, pauses, t, v):
    """Take the bed of the least urgent person less urgent than visit v; false if there is none."""
    rank = CLASSES - 1
    while rank > V[v].rank:
        w = s.bed_tail[rank]
        while w >= 0 and V[w].state != IN_BED:
            w = V[w].before
        if w >= 0:
            unhold(V, s, w)
            V[w].service = V[w].due - t
            V[w].due = -1
            s.occupied -= 1
            pauses[W.paused] = w
            pauses[W.paused + 1] = t
            W.paused += 2
            push_front(V, s, w)
            place(W, V, s, out, pauses, t, v)
            return True
        rank -= 1
    return False


def ask(W, V, S, out, pauses, t, first):
    """A visit comes: it gets a bed, takes one, waits, or is refused; who is refused may be sent to another place."""
    v = first
    while v >= 0:
        me = V[v]
        s = S[me.place]
        me.asked = t
        if has_place(s, me):
            place(W, V, s, out, pauses, t, v)
            return
        if s.displaces > 0 and displace(W, V, s, out, pauses, t, v):
            return
        if me.waits > 0 and s.waiting < s.room:
            push(V, s, v)
            if me.patience < NEVER:
                me.due = t + me.patience
                emit(W, out, me.due, IMPATIENT, v)
            return
        me.state = GONE
        me.left = t
        me.fate = REFUSED if me.other < 0 else DIVERTED
        v = me.other


def vacate(W, V, s, out, t, v):
    """Visit v leaves its bed, which may have to be made ready."""
    me = V[v]
    if s.displaces > 0:
        unhold(V, s, v)
    me.state = GONE
    me.left = t
    if me.fate == OPEN:
        me.fate = DONE
    s.occupied -= 1
    if s.turnaround > 0:
        s.unready += 1
        emit(W, out, t + s.turnaround, READY, s.number)


def chosen(W, V, s, rank, t):
    """The visit of this class whose turn it is, or -1."""
    if s.order == LAST:
        return s.tail[rank]
    v = s.head[rank]
    if s.order == RANDOM and v >= 0:
        W.lot = ((W.lot ^ (t & 0x3FFFFFFF)) * 1103515245 + 12345) & 0x3FFFFFFF
        steps = (W.lot >> 7) % s.waiting
        while steps > 0 and V[v].after >= 0:
            v = V[v].after
            steps -= 1
    return v


def next_in(W, V, s, t):
    """Who gets the next free bed: those blocked in another bed first, then the waiting lists by urgency; -1 if nobody."""
    free = s.beds - s.occupied - s.unready
    if free <= 0:
        return -1
    if s.blocked_head >= 0 and free > V[s.blocked_head].keep:
        return s.blocked_head
    if s.waiting > 0:
        for rank in range(CLASSES):
            v = chosen(W, V, s, rank, t)
            if v >= 0 and free > V[v].keep:
                return v
    return -1


def mark(W, S, todo, x):
    """Place x has something to hand out."""
    if S[x].marked == 0:
        S[x].marked = 1
        todo[W.to_settle] = x
        W.to_settle += 1


def move_in(W, V, S, out, pauses, todo, t, v):
    """A blocked visit gets its bed at last and frees the one it kept."""
    me = V[v]
    unblock(V, S[me.place], v)
    kept = V[me.origin].place
    vacate(W, V, S[kept], out, t, me.origin)
    place(W, V, S[me.place], out, pauses, t, v)
    mark(W, S, todo, kept)


def settle(W, V, S, out, pauses, todo, t, x):
    """Hand out the free beds of place x, and those that become free by it elsewhere."""
    mark(W, S, todo, x)
    while W.to_settle > 0:
        W.to_settle -= 1
        x = todo[W.to_settle]
        s = S[x]
        s.marked = 0
        v = next_in(W, V, s, t)
        while v >= 0:
            if V[v].state == BLOCKED:
                move_in(W, V, S, out, pauses, todo, t, v)
            else:
                pull(V, s, v)
                place(W, V, s, out, pauses, t, v)
            v = next_in(W, V, s, t)
        while s.blocked_head >= 0 and s.waiting < s.room and V[s.blocked_head].running == 0:
            v = s.blocked_head
            unblock(V, s, v)
            kept = V[V[v].origin].place
            vacate(W, V, S[kept], out, t, V[v].origin)
            push(V, s, v)
            mark(W, S, todo, kept)


def go_on(W, V, S, out, pauses, todo, t, v):
    """Visit v is served: the person leaves, moves on, or keeps the bed until the next place has one."""
    me = V[v]
    s = S[me.place]
    following = me.then
    if following < 0:
        vacate(W, V, s, out, t, v)
        settle(W, V, S, out, pauses, todo, t, me.place)
        return
    you = V[following]
    d = S[you.place]
    if d.number != s.number and d.holds > 0 and not has_place(d, you) and (you.waits == 0 or d.waiting >= d.room):
        block(V, S, v, following, t)
        if you.running > 0:
            you.due = t + you.service
            emit(W, out, you.due, SERVED, following)
        return
    vacate(W, V, s, out, t, v)
    if d.number == s.number:
        settle(W, V, S, out, pauses, todo, t, me.place)
        ask(W, V, S, out, pauses, t, following)
    else:
        ask(W, V, S, out, pauses, t, following)
        settle(W, V, S, out, pauses, todo, t, me.place)


def on_served(W, V, S, out, pauses, todo, t, v):
    """A stay ends, in its own bed or in the one kept while blocked."""
    me = V[v]
    if me.due != t:
        return
    if me.state == IN_BED:
        me.ended = t
        go_on(W, V, S, out, pauses, todo, t, v)
    elif me.state == BLOCKED:
        unblock(V, S[me.place], v)
        me.state = GONE
        me.fate = ENDED_BLOCKED
        me.ended = t
        me.left = t
        kept = V[me.origin].place
        vacate(W, V, S[kept], out, t, me.origin)
        settle(W, V, S, out, pauses, todo, t, kept)


def on_impatient(W, V, S, t, v):
    """Somebody's patience is used up while waiting; who was already in bed once stays."""
    me = V[v]
    if me.state == WAITING and me.due == t and me.began < 0:
        pull(V, S[me.place], v)
        me.state = GONE
        me.fate = GAVE_UP
        me.left = t


def on_ready(W, V, S, out, pauses, todo, t, x):
    """A bed is ready again."""
    S[x].unready -= 1
    settle(W, V, S, out, pauses, todo, t, x)


def act(W, V, S, out, pauses, todo, key):
    """One event."""
    t = key >> SHIFT
    kind = (key >> ID_BITS) & 3
    i = key & ID_MASK
    if kind == SERVED:
        on_served(W, V, S, out, pauses, todo, t, i)
    elif kind == CAME:
        ask(W, V, S, out, pauses, t, i)
    elif kind == IMPATIENT:
        on_impatient(W, V, S, t, i)
    else:
        on_ready(W, V, S, out, pauses, todo, t, i)


# callees before callers, as the compiler needs them
RULES = (
    emit, push, push_front, pull, hold, unhold, block, unblock, has_place, place, displace, ask, vacate, chosen,
    next_in, mark, move_in, settle, go_on, on_served, on_impatient, on_ready, act,
)  # fmt: skip
