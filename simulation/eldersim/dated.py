"""Rules for dated moments: the start, changes of beds, reserves and lists, people moved out, and readings; written once."""

# mypy: allow-untyped-defs, allow-untyped-calls

from eldersim.beds import (
    AT_HOME,
    BRIDGED,
    CHOICES,
    CLASS_BITS,
    EXIT,
    FIRST_RANK,
    L_ASK_MOVE,
    L_MOVED_OUT,
    MOVED_OUT,
    READ,
    RESIDENT,
    TRANSFER,
    TYPES,
    WORSE,
    admit,
    bed_among,
    count,
    delist_all,
    emit,
    enlist_all,
    misplace,
    note,
    rank_of,
    settle,
    vacate,
    wait,
)
from eldersim.rules import own_site_first


def seat(W, P, B, X, i):
    """Person i lives in care at the start, in the bed noted; one who needs another type of bed asks to move."""
    me = P[i]
    p = me.bed
    me.own_rank = rank_of(W, me)
    me.rank = me.own_rank
    count(B[p], 0, me, 1)
    me.state = RESIDENT
    me.began = 0
    me.first_bed = p
    me.exit = me.stay
    emit(W, X, me.exit, EXIT, i)
    if me.need != me.later and me.worse < me.exit:
        emit(W, X, me.worse, WORSE, i)
    if p % TYPES != me.need and me.asks_to_move:
        misplace(W, B[p], 0, me, 1)
        me.rank = TRANSFER
        enlist_all(W, P, B, i, own_site_first(P, B, i))
        note(W, X, 0, L_ASK_MOVE, i, p)


def join(W, P, B, X, i):
    """Person i waits at the start, since the time noted; how long they still wait is their patience."""
    me = P[i]
    waited = -me.since
    me.own_rank = rank_of(W, me)
    me.rank = me.own_rank
    upto = me.first if waited < W.widening else me.count
    if W.promotion > 0:
        me.rank = max(min(FIRST_RANK, me.own_rank), me.own_rank - waited // W.promotion)
    wait(W, P, B, X, 0, i, upto)


def start(W, P, B, X, n_residents, n_waiting):
    """Residents and waiting people take the places they have before the first event."""
    for i in range(n_residents):
        seat(W, P, B, X, i)
    for i in range(n_residents, n_residents + n_waiting):
        join(W, P, B, X, i)


def settle_all(W, P, B, X, t):
    """Hand out every free bed somebody waits for."""
    for p in range(W.pools):
        settle(W, P, B, X, t, p)


def set_beds(B, t, p, beds):
    """Pool p has so many beds from t on; those too many close when their residents leave."""
    pool = B[p]
    pool.open -= (beds - pool.beds) * t
    pool.over -= (max(0, pool.occupied - beds) - max(0, pool.occupied - pool.beds)) * t
    pool.beds = beds


def set_reserve(W, P, B, p, beds, entitled, trunk):
    """Pool p keeps so many beds for the classes whose bits are set."""
    pool = B[p]
    pool.reserved = beds
    pool.entitled = entitled
    pool.trunk = trunk
    pool.inside = 0
    for i in range(W.people):
        me = P[i]
        at = me.state == RESIDENT or me.state == AT_HOME or me.state == BRIDGED
        if at and me.bed == p and (entitled >> me.klass) & 1:
            pool.inside += 1


def move_out(W, P, B, X, t, site):
    """All residents of a site leave it at t, in order, and look for another bed before everybody else."""
    for i in range(W.people):
        me = P[i]
        if me.state == RESIDENT and me.bed // TYPES == site:
            note(W, X, t, L_MOVED_OUT, i, me.bed)
            vacate(W, P, B, t, i)
            me.moved_out = t
            me.rank = MOVED_OUT
            me.since = t
            p = bed_among(W, P, B, i, 0, me.count)
            if p >= 0:
                admit(W, P, B, X, t, i, p)
            else:
                wait(W, P, B, X, t, i, me.count)


def unlist(W, P, B, keep):
    """Everybody leaves all lists, remembering whether they waited for all their choices (2) or the nearest (1)."""
    for i in range(W.people):
        keep[i] = 0
        if P[i].queued:
            keep[i] = 2 if P[i].listed >= P[i].count else 1
            delist_all(W, P, B, i)


def relink(W, B, lead, mate):
    """Sites share their lists as told from now on."""
    for p in range(W.pools):
        B[p].lead = lead[p]
        B[p].mate = mate[p]


def rechoose(W, P, choice, first, number):
    """Everybody has these choices from now on: two rows a person, for the need now and the need to come."""
    for i in range(W.people):
        me = P[i]
        for k in range(CHOICES):
            me.choice[k] = choice[2 * i * CHOICES + k]
            me.choice_later[k] = choice[(2 * i + 1) * CHOICES + k]
        me.first = first[2 * i]
        me.first_later = first[2 * i + 1]
        me.count = number[2 * i]
        me.count_later = number[2 * i + 1]


def relist(W, P, B, keep):
    """Everybody who waited joins the lists again, in the order they asked, with the ranks of today."""
    for i in range(W.people):
        if keep[i] > 0:
            me = P[i]
            risen = me.own_rank - me.rank
            me.own_rank = rank_of(W, me)
            if me.rank >= FIRST_RANK:
                me.rank = max(min(FIRST_RANK, me.own_rank), me.own_rank - risen)
            upto = me.count if keep[i] == 2 else me.first
            if me.state == RESIDENT:
                upto = own_site_first(P, B, i)
            enlist_all(W, P, B, i, upto)


def read(W, B, seen, waiting, n, t):
    """Reading number n: each pool at t, and the areas since the reading before; then who waits by class and need."""
    width = W.pools * READ
    W.wrong_area += W.wrong * (t - W.wrong_last)
    W.wrong_last = t
    for p in range(W.pools):
        pool = B[p]
        over = max(0, pool.occupied - pool.beds)
        at = n * width + p * READ
        seen[at] = pool.occupied
        seen[at + 1] = pool.beds
        seen[at + 2] = pool.wrong
        seen[at + 3] = pool.area + pool.occupied * t
        seen[at + 4] = pool.open + pool.beds * t
        seen[at + 5] = pool.over + over * t
        pool.area = -pool.occupied * t
        pool.open = -pool.beds * t
        pool.over = -over * t
    size = (CLASS_BITS + 1) * TYPES
    for k in range(size):
        waiting[n * (size + 1) + k] = W.waiting[k]
    waiting[n * (size + 1) + size] = W.wrong_area
    W.wrong_area = 0


# callees before callers, as the compiler needs them
RULES = (
    seat,
    join,
    start,
    settle_all,
    set_beds,
    set_reserve,
    move_out,
    unlist,
    relink,
    rechoose,
    relist,
    read,
)
