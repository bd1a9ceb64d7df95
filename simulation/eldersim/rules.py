"""The rules of bed allocation, written once: who gets a bed, waits, moves, gives up, or needs more care from now on."""

# mypy: allow-untyped-defs, allow-untyped-calls

from eldersim.beds import (
    AT_HOME,
    BRIDGE,
    BRIDGED,
    CAME,
    CARED_AT_HOME,
    CHOICES,
    ENDED_WAITING,
    EXIT,
    FIRST_RANK,
    GONE,
    ID_BITS,
    ID_MASK,
    IMPATIENT,
    INSTEAD,
    L_ASK_MOVE,
    L_EXIT,
    L_GIVE_UP,
    L_HOME,
    L_NEED,
    L_RISE,
    L_WAIT,
    L_WIDER,
    LEFT,
    MOVED_OUT,
    NEVER,
    NOTHING,
    RESIDENT,
    RISE,
    SHIFT,
    TRANSFER,
    TYPES,
    WAITING,
    WIDER,
    WORSE,
    admit,
    bed_among,
    count,
    delist_all,
    emit,
    enlist,
    enlist_all,
    misplace,
    move,
    note,
    rank_of,
    settle,
    vacate,
    wait,
)


def take_home_care(W, P, B, X, t, i):
    """Person i is cared for at home: instead of a bed, or while waiting for one."""
    me = P[i]
    p = me.home_pool
    count(B[p], t, me, 1)
    me.bed = p
    note(W, X, t, L_HOME, i, p)
    if me.home == BRIDGE:
        me.state = BRIDGED
        return
    me.state = AT_HOME
    me.home_at = t
    me.exit = min(t + me.stay, NEVER)
    emit(W, X, me.exit, EXIT, i)
    if me.need != me.later and me.worse < me.exit:
        emit(W, X, me.worse, WORSE, i)


def home_is_free(B, me):
    """Whether home care has room for this person."""
    return me.home_pool >= 0 and B[me.home_pool].occupied < B[me.home_pool].beds


def ask(W, P, B, X, t, i):
    """Person i applies: for home care if they prefer it, else for the first free bed among the nearest choices."""
    me = P[i]
    me.since = t
    me.asked = t
    me.rank = rank_of(W, me)
    me.own_rank = me.rank
    if me.home == INSTEAD and home_is_free(B, me):
        take_home_care(W, P, B, X, t, i)
        return
    p = bed_among(W, P, B, i, 0, me.first)
    if p >= 0:
        admit(W, P, B, X, t, i, p)
        return
    wait(W, P, B, X, t, i, me.first)
    if me.home == BRIDGE and home_is_free(B, me):
        take_home_care(W, P, B, X, t, i)


def leave(P, t, i, fate):
    """Person i is gone."""
    me = P[i]
    me.state = GONE
    me.ended = t
    me.fate = fate


def on_exit(W, P, B, X, t, i):
    """A stay ends; for somebody who was moved out it may end while they wait again."""
    me = P[i]
    if me.exit != t:
        return
    if me.state == RESIDENT or me.state == AT_HOME:
        fate = LEFT if me.state == RESIDENT else CARED_AT_HOME
        p = me.bed
        if W.log_on:
            note(W, X, t, L_EXIT, i, p)
        vacate(W, P, B, t, i)
        leave(P, t, i, fate)
        settle(W, P, B, X, t, p)
    elif me.state == WAITING:
        delist_all(W, P, B, i)
        leave(P, t, i, ENDED_WAITING)
        note(W, X, t, L_EXIT, i, -1)


def bring_forward(P, B, i, site):
    """The site of person i becomes the first choice, in place of one that shares its list or of the last."""
    me = P[i]
    if me.count == 0:
        me.choice[0] = site
        me.count = 1
        return
    lead = B[site * TYPES].lead
    k = 0
    while k < me.count - 1 and B[me.choice[k] * TYPES].lead != lead:
        k += 1
    if k == me.count - 1 and B[me.choice[k] * TYPES].lead != lead and me.count < CHOICES:
        k = me.count
        me.count += 1
    while k > 0:
        me.choice[k] = me.choice[k - 1]
        k -= 1
    me.choice[0] = site


def own_site_first(P, B, i):
    """For how many choices a resident waits who needs another bed: their own site if it has such beds, else all."""
    me = P[i]
    site = me.bed // TYPES
    bring_forward(P, B, i, site)
    if B[site * TYPES + me.need].beds > 0:
        return 1
    return me.count


def ask_to_move(W, P, B, X, t, i):
    """A resident needs another type of bed: on their own site if it has any, else on all sites of their choice."""
    me = P[i]
    old = me.bed
    upto = own_site_first(P, B, i)
    misplace(W, B[old], t, me, 1)
    p = bed_among(W, P, B, i, 0, upto)
    if p >= 0:
        move(W, P, B, X, t, i, p)
        settle(W, P, B, X, t, old)
        return
    me.rank = TRANSFER
    me.since = t
    enlist_all(W, P, B, i, upto)
    note(W, X, t, L_ASK_MOVE, i, old)


def choose_later(me):
    """The choices for the need to come take the place of those for the need so far."""
    for k in range(CHOICES):
        me.choice[k] = me.choice_later[k]
    me.first = me.first_later
    me.count = me.count_later


def on_worse(W, P, B, X, t, i):
    """Somebody needs more care from now on, while waiting, at home, or in a bed of another type."""
    me = P[i]
    if me.worse != t or me.need == me.later or me.state == GONE or me.state == NOTHING:
        return
    wide = me.listed >= me.count
    delist_all(W, P, B, i)
    choose_later(me)
    me.need = me.later
    me.level = me.level_later
    note(W, X, t, L_NEED, i, me.need)
    if me.state == RESIDENT:
        if me.bed % TYPES != me.need:
            ask_to_move(W, P, B, X, t, i)
        return
    listed = me.count if wide else me.first
    me.own_rank = rank_of(W, me)
    if me.rank != MOVED_OUT:
        me.rank = min(me.rank, me.own_rank)
    if me.state == AT_HOME:
        listed = me.first
        me.since = t
        me.asked = t
        me.rank = me.own_rank
        me.exit = -1
        me.due = min(t + me.patience, NEVER)
    p = bed_among(W, P, B, i, 0, listed)
    if p < 0:
        if me.state == AT_HOME:
            me.state = BRIDGED
            emit(W, X, me.due, IMPATIENT, i)
            if me.first < me.count:
                emit(W, X, t + W.widening, WIDER, i)
            note(W, X, t, L_WAIT, i, listed)
        enlist_all(W, P, B, i, listed)
        return
    if me.state != WAITING:
        vacate(W, P, B, t, i)
    admit(W, P, B, X, t, i, p)


def on_impatient(W, P, B, X, t, i):
    """Patience is used up: death, withdrawal or hospital, whichever came first."""
    me = P[i]
    if (me.state != WAITING and me.state != BRIDGED) or me.due != t:
        return
    if me.state == BRIDGED:
        vacate(W, P, B, t, i)
    else:
        delist_all(W, P, B, i)
    leave(P, t, i, me.reason)
    note(W, X, t, L_GIVE_UP, i, me.reason)


def on_wider(W, P, B, X, t, i):
    """After some time of waiting every choice will do."""
    me = P[i]
    if (me.state != WAITING and me.state != BRIDGED) or me.listed >= me.count:
        return
    p = bed_among(W, P, B, i, me.listed, me.count)
    note(W, X, t, L_WIDER, i, p)
    if p < 0:
        for k in range(me.listed, me.count):
            enlist(P, B, i, k)
        me.listed = me.count
        return
    if me.state == BRIDGED:
        vacate(W, P, B, t, i)
    else:
        delist_all(W, P, B, i)
    admit(W, P, B, X, t, i, p)


def on_rise(W, P, B, X, t, i):
    """After a long wait somebody rises by one rank, but not before those who live in care already."""
    me = P[i]
    if (me.state != WAITING and me.state != BRIDGED) or me.rank <= FIRST_RANK:
        return
    listed = me.listed
    delist_all(W, P, B, i)
    me.rank -= 1
    enlist_all(W, P, B, i, listed)
    note(W, X, t, L_RISE, i, me.rank)
    if me.rank > FIRST_RANK:
        emit(W, X, t + W.promotion, RISE, i)


def act(W, P, B, X, key):
    """One event."""
    t = key >> SHIFT
    kind = (key >> ID_BITS) & 15
    i = key & ID_MASK
    if kind == EXIT:
        on_exit(W, P, B, X, t, i)
    elif kind == CAME:
        ask(W, P, B, X, t, i)
    elif kind == IMPATIENT:
        on_impatient(W, P, B, X, t, i)
    elif kind == WORSE:
        on_worse(W, P, B, X, t, i)
    elif kind == WIDER:
        on_wider(W, P, B, X, t, i)
    else:
        on_rise(W, P, B, X, t, i)


HANDLERS = (on_exit, on_worse, ask, on_impatient, on_wider, on_rise)
"""By the number of the kind of event, for the interpreted loop."""

# callees before callers, as the compiler needs them
RULES = (
    take_home_care,
    home_is_free,
    ask,
    leave,
    on_exit,
    bring_forward,
    own_site_first,
    ask_to_move,
    choose_later,
    on_worse,
    on_impatient,
    on_wider,
    on_rise,
    act,
)
# copied into the loop by the compiler, which makes it a quarter faster; more of them would take minutes to compile
INLINE = ("act", "ask", "on_exit", "leave")
