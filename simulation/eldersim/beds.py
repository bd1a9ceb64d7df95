"""Beds and lists, the lower half of the rules written once: who is on which list, who gets the next bed.

Functions over records: W (the run), P[i] (people), B[p] (the beds of one type on one site), X (paper: events asked for,
places to look at, the log). They read and write fields,
compare and add whole numbers, so the same source runs interpreted on slotted objects and compiled on record arrays.
Time is whole seconds; an event is the key ``time << SHIFT | kind << ID_BITS | person``, so simultaneous events have one
order: end of stay, change of need, application, patience used up, wider choice, promotion; then the lower number first.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
# numba reads these as constants
ID_BITS = 28
SHIFT = 32
ID_MASK = (1 << ID_BITS) - 1
EXIT, WORSE, CAME, IMPATIENT, WIDER, RISE = 0, 1, 2, 3, 4, 5
TYPES = 5
CHOICES = 5
RANKS = 12
CLASS_BITS = 8
NEVER = (1 << 31) - 1
READ = 6

# ranks of people who live in care already come before all classes
MOVED_OUT, TRANSFER, FIRST_RANK = 0, 1, 2
# what a person is doing
NOTHING, WAITING, RESIDENT, AT_HOME, BRIDGED, GONE = 0, 1, 2, 3, 4, 5
# how it ended
OPEN, LEFT, DIED, WITHDREW, HOSPITAL, ENDED_WAITING, CARED_AT_HOME = 0, 1, 2, 3, 4, 5, 6
# home care: never, instead of a bed, until a bed is free
NO_HOME, INSTEAD, BRIDGE = 0, 1, 2
# which bed of several
PREFERENCE, EMPTIEST = 0, 1
# entries of the log
L_ADMIT, L_WAIT, L_EXIT, L_GIVE_UP, L_MOVE, L_ASK_MOVE, L_MOVED_OUT, L_HOME, L_NEED, L_WIDER, L_RISE = (
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
)  # fmt: skip


def emit(W, X, t, kind, i):
    """Ask for an event at t, unless the run is over by then."""
    if t < W.horizon:
        X[W.asked] = (t << SHIFT) | (kind << ID_BITS) | i
        W.asked += 1


def note(W, X, t, kind, i, p):
    """Write one entry of the log, if it is kept."""
    if W.log_on:
        X[W.log_at + W.logged] = (t << SHIFT) | (kind << ID_BITS) | i
        X[W.log_at + W.logged + 1] = p
        W.logged += 2


def misplace(W, pool, t, me, change):
    """One resident more or less in a bed of a type that is not theirs."""
    W.wrong_area += W.wrong * (t - W.wrong_last)
    W.wrong_last = t
    W.wrong += change
    pool.wrong += change
    me.misplaced = 1 if change > 0 else 0


def count(pool, t, me, change):
    """One resident more or less.

    The area under the residents' curve until t is ``area + occupied * t``, so that a change costs one product.
    """
    pool.area -= change * t
    if change < 0 and pool.occupied > pool.beds:
        pool.over += t
    pool.occupied += change
    if pool.entitled > 0 and (pool.entitled >> me.klass) & 1:
        pool.inside += change


def tally(W, me, change):
    """One person more or less waits, by class and need; residents who wait to move stand in class 0."""
    W.waiting[(0 if me.state == RESIDENT else me.klass) * TYPES + me.need] += change
    me.queued = 1 if change > 0 else 0


def enlist(P, B, i, k):
    """Person i joins the list of the k-th choice, behind those of the same rank who asked earlier."""
    me = P[i]
    q = B[B[me.choice[k] * TYPES + me.need].lead]
    before = q.tail[me.rank]
    after = -1
    while before >= 0:
        you = P[before // CHOICES]
        if you.since < me.since or (you.since == me.since and before // CHOICES < i):
            break
        after = before
        before = you.before[before % CHOICES]
    me.before[k] = before
    me.after[k] = after
    link = i * CHOICES + k
    if before >= 0:
        P[before // CHOICES].after[before % CHOICES] = link
    else:
        q.head[me.rank] = link
    if after >= 0:
        P[after // CHOICES].before[after % CHOICES] = link
    else:
        q.tail[me.rank] = link
    q.waiting += 1


def delist(P, B, i, k):
    """Person i leaves the list of the k-th choice."""
    me = P[i]
    q = B[B[me.choice[k] * TYPES + me.need].lead]
    before = me.before[k]
    after = me.after[k]
    if before >= 0:
        P[before // CHOICES].after[before % CHOICES] = after
    else:
        q.head[me.rank] = after
    if after >= 0:
        P[after // CHOICES].before[after % CHOICES] = before
    else:
        q.tail[me.rank] = before
    q.waiting -= 1


def enlist_all(W, P, B, i, upto):
    """Person i joins the lists of the first so many choices."""
    for k in range(upto):
        enlist(P, B, i, k)
    P[i].listed = upto
    tally(W, P[i], 1)


def delist_all(W, P, B, i):
    """Person i leaves all lists."""
    me = P[i]
    if me.queued == 0:
        return
    for k in range(me.listed):
        delist(P, B, i, k)
    me.listed = 0
    tally(W, me, -1)


def has_bed(pool, me):
    """Whether a bed is free for this person, beyond those reserved for others."""
    free = pool.beds - pool.occupied
    if free <= 0:
        return False
    if pool.reserved == 0 or (pool.entitled >> me.klass) & 1:
        return True
    kept = pool.reserved if pool.trunk else pool.reserved - pool.inside
    return free > max(kept, 0)


def bed_at(P, B, i, k):
    """A pool with a bed for person i on the site of the k-th choice or on one that shares its list, or -1."""
    me = P[i]
    first = me.choice[k] * TYPES + me.need
    p = first
    while True:
        pool = B[p]
        if pool.beds > pool.occupied and (pool.reserved == 0 or has_bed(pool, me)):
            return p
        p = pool.mate
        if p == first:
            return -1


def bed_among(W, P, B, i, since, upto):
    """A pool with a bed for person i among the choices from ``since`` to ``upto``, or -1."""
    best = -1
    most = 0
    for k in range(since, upto):
        p = bed_at(P, B, i, k)
        if p >= 0:
            if W.policy == PREFERENCE:
                return p
            free = B[p].beds - B[p].occupied
            if free > most:
                most = free
                best = p
    return best


def admit(W, P, B, X, t, i, p):
    """Person i, who is nowhere, gets a bed of pool p."""
    me = P[i]
    count(B[p], t, me, 1)
    me.state = RESIDENT
    me.bed = p
    if W.log_on:
        note(W, X, t, L_ADMIT, i, p)
    if me.began < 0:
        me.began = t
        me.first_bed = p
        me.exit = min(t + me.stay, NEVER)
        emit(W, X, me.exit, EXIT, i)
        if me.need != me.later and me.worse < me.exit:
            emit(W, X, me.worse, WORSE, i)


def vacate(W, P, B, t, i):
    """Person i leaves the bed, and the lists of those who wait from it."""
    me = P[i]
    if me.queued:
        delist_all(W, P, B, i)
    count(B[me.bed], t, me, -1)
    if me.misplaced > 0:
        misplace(W, B[me.bed], t, me, -1)


def move(W, P, B, X, t, i, p):
    """Person i changes from one bed to another."""
    me = P[i]
    vacate(W, P, B, t, i)
    count(B[p], t, me, 1)
    me.bed = p
    me.moved = t
    me.rank = me.own_rank
    note(W, X, t, L_MOVE, i, p)


def rank_of(W, me):
    """The rank the order of priority gives to a class and level."""
    return W.ranks[me.klass * CLASS_BITS + me.level]


def wait(W, P, B, X, t, i, upto):
    """Person i waits, at first only for the nearest choices."""
    me = P[i]
    me.state = WAITING
    me.due = min(t + me.patience, NEVER)
    enlist_all(W, P, B, i, upto)
    note(W, X, t, L_WAIT, i, upto)
    emit(W, X, me.due, IMPATIENT, i)
    if upto < me.count:
        emit(W, X, t + W.widening, WIDER, i)
    if W.promotion > 0 and me.rank > FIRST_RANK:
        emit(W, X, t + W.promotion, RISE, i)
    if me.need != me.later and me.worse < me.due:
        emit(W, X, me.worse, WORSE, i)


def chosen(P, B, p):
    """The person on the list whose turn it is for a bed of pool p, or -1."""
    pool = B[p]
    q = B[pool.lead]
    if q.waiting == 0 or pool.beds <= pool.occupied:
        return -1
    for rank in range(RANKS):
        link = q.head[rank]
        while link >= 0:
            i = link // CHOICES
            if pool.reserved == 0 or has_bed(pool, P[i]):
                return i
            link = P[i].after[link % CHOICES]
    return -1


def settle(W, P, B, X, t, p):
    """Hand out the free beds of pool p, and those that become free by it."""
    todo = W.todo_at
    X[todo] = p
    n = 1
    while n > 0:
        p = X[todo + n - 1]
        i = chosen(P, B, p)
        if i < 0:
            n -= 1
        elif P[i].state == WAITING:
            delist_all(W, P, B, i)
            admit(W, P, B, X, t, i, p)
        elif P[i].state == BRIDGED:
            vacate(W, P, B, t, i)
            admit(W, P, B, X, t, i, p)
        else:
            X[todo + n] = P[i].bed
            n += 1
            move(W, P, B, X, t, i, p)


# callees before callers, as the compiler needs them
RULES = (
    emit,
    note,
    misplace,
    count,
    tally,
    enlist,
    delist,
    enlist_all,
    delist_all,
    has_bed,
    bed_at,
    bed_among,
    admit,
    vacate,
    move,
    rank_of,
    wait,
    chosen,
    settle,
)
