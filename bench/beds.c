/* The event loop of the bed engine written by hand in C on the same records: the limit that bench/simulation.py compares with. */
#include <stddef.h>
#include <stdint.h>

typedef int64_t i64;
typedef int32_t i32;
typedef int16_t i16;
typedef int8_t i8;

enum { TYPES = 5, CHOICES = 5, RANKS = 12, CLASS_BITS = 8, ID_BITS = 28, SHIFT = 32 };
enum { EXIT, WORSE, CAME, IMPATIENT, WIDER, RISE };
enum { MOVED_OUT, TRANSFER, FIRST_RANK };
enum { NOTHING, WAITING, RESIDENT, AT_HOME, BRIDGED, GONE };
enum { LEFT = 1, ENDED_WAITING = 5, CARED_AT_HOME = 6 };
enum { INSTEAD = 1, BRIDGE = 2 };
#define NEVER 2147483647
#define BEYOND INT64_MAX

typedef struct {
    i32 stay, patience, worse, exit, due, since, began, bed;
    i16 choice[CHOICES];
    i8 need, later, rank, own_rank, klass, state, listed, first, count, home, level, level_later, reason, fate, queued,
        asks_to_move, misplaced;
    i32 home_pool;
    i32 before[CHOICES], after[CHOICES];
    i32 asked, ended, moved, moved_out, first_bed, home_at;
    i16 choice_later[CHOICES];
    i16 first_later, count_later, division, group, sex, age, first_need, budget, row;
    i8 unused[36];
} Person;
_Static_assert(sizeof(Person) == 192, "a person is three lines of the cache");
_Static_assert(offsetof(Person, home_pool) == 60, "the layout is that of the engine");
_Static_assert(offsetof(Person, choice_later) == 128, "the layout is that of the engine");

typedef struct {
    i32 beds, occupied, reserved, inside, entitled, trunk, lead, mate, waiting, wrong;
    i64 area, open, over;
    i32 head[RANKS], tail[RANKS];
} Pool;

typedef struct {
    i64 horizon, asked, logged, log_on, people, pools, policy, widening, promotion, pending, came, events, wrong,
        wrong_area, wrong_last, todo_at, log_at, waiting[45], ranks[72];
} Run;

typedef struct { Run *W; Person *P; Pool *B; i64 *heap; i64 n; i64 *todo; } World;

static inline void push(World *w, i64 key) {
    i64 k = w->n++, *h = w->heap;
    while (k > 0) { i64 p = (k - 1) >> 2; if (h[p] <= key) break; h[k] = h[p]; k = p; }
    h[k] = key;
}
static inline void pop(World *w) {
    i64 *h = w->heap, n = --w->n, key = h[n], k = 0, c = 1;
    while (c + 3 < n) {
        i64 a = c + (h[c + 1] < h[c]), b = c + 2 + (h[c + 3] < h[c + 2]);
        if (h[b] < h[a]) a = b;
        if (h[a] >= key) { h[k] = key; return; }
        h[k] = h[a]; k = a; c = 4 * k + 1;
    }
    i64 m = -1, best = key;
    for (; c < n; c++) if (h[c] < best) { best = h[c]; m = c; }
    if (m >= 0) { h[k] = h[m]; k = m; }
    h[k] = key;
}
static inline void emit(World *w, i64 t, i64 kind, i64 i) {
    if (t < w->W->horizon) push(w, (t << SHIFT) | (kind << ID_BITS) | i);
}
static inline i64 least(i64 a, i64 b) { return a < b ? a : b; }
static inline void misplace(World *w, Pool *b, i64 t, Person *me, int change) {
    w->W->wrong_area += w->W->wrong * (t - w->W->wrong_last);
    w->W->wrong_last = t;
    w->W->wrong += change;
    b->wrong += change;
    me->misplaced = change > 0;
}
static inline void count(Pool *b, i64 t, Person *me, int change) {
    b->area -= change * t;
    if (change < 0 && b->occupied > b->beds) b->over += t;
    b->occupied += change;
    if (b->entitled && ((b->entitled >> me->klass) & 1)) b->inside += change;
}
static inline void tally(World *w, Person *me, int change) {
    w->W->waiting[(me->state == RESIDENT ? 0 : me->klass) * TYPES + me->need] += change;
    me->queued = change > 0;
}
static inline Pool *list_of(World *w, Person *me, int k) { return &w->B[w->B[me->choice[k] * TYPES + me->need].lead]; }
static void enlist(World *w, i64 i, int k) {
    Person *P = w->P, *me = &P[i];
    Pool *q = list_of(w, me, k);
    i32 before = q->tail[me->rank], after = -1, link = (i32)(i * CHOICES + k);
    while (before >= 0) {
        Person *you = &P[before / CHOICES];
        if (you->since < me->since || (you->since == me->since && before / CHOICES < i)) break;
        after = before;
        before = you->before[before % CHOICES];
    }
    me->before[k] = before;
    me->after[k] = after;
    if (before >= 0) P[before / CHOICES].after[before % CHOICES] = link; else q->head[me->rank] = link;
    if (after >= 0) P[after / CHOICES].before[after % CHOICES] = link; else q->tail[me->rank] = link;
    q->waiting++;
}
static void delist(World *w, i64 i, int k) {
    Person *P = w->P, *me = &P[i];
    Pool *q = list_of(w, me, k);
    i32 before = me->before[k], after = me->after[k];
    if (before >= 0) P[before / CHOICES].after[before % CHOICES] = after; else q->head[me->rank] = after;
    if (after >= 0) P[after / CHOICES].before[after % CHOICES] = before; else q->tail[me->rank] = before;
    q->waiting--;
}
static void enlist_all(World *w, i64 i, int upto) {
    for (int k = 0; k < upto; k++) enlist(w, i, k);
    w->P[i].listed = (i8)upto;
    tally(w, &w->P[i], 1);
}
static void delist_all(World *w, i64 i) {
    Person *me = &w->P[i];
    if (!me->queued) return;
    for (int k = 0; k < me->listed; k++) delist(w, i, k);
    me->listed = 0;
    tally(w, me, -1);
}
static inline int has_bed(Pool *b, Person *me) {
    i32 spare = b->beds - b->occupied;
    if (spare <= 0) return 0;
    if (b->reserved == 0 || ((b->entitled >> me->klass) & 1)) return 1;
    i32 kept = b->trunk ? b->reserved : b->reserved - b->inside;
    return spare > (kept > 0 ? kept : 0);
}
static i32 bed_among(World *w, i64 i, int since, int upto) {
    Person *me = &w->P[i];
    i32 best = -1, most = 0;
    for (int k = since; k < upto; k++) {
        i32 start = me->choice[k] * TYPES + me->need, p = start, found = -1;
        do {
            if (has_bed(&w->B[p], me)) { found = p; break; }
            p = w->B[p].mate;
        } while (p != start);
        if (found < 0) continue;
        if (w->W->policy == 0) return found;
        i32 spare = w->B[found].beds - w->B[found].occupied;
        if (spare > most) { most = spare; best = found; }
    }
    return best;
}
static void admit(World *w, i64 t, i64 i, i32 p) {
    Person *me = &w->P[i];
    count(&w->B[p], t, me, 1);
    me->state = RESIDENT;
    me->bed = p;
    if (me->began < 0) {
        me->began = (i32)t;
        me->first_bed = p;
        me->exit = (i32)least(t + me->stay, NEVER);
        emit(w, me->exit, EXIT, i);
        if (me->need != me->later && me->worse < me->exit) emit(w, me->worse, WORSE, i);
    }
}
static void vacate(World *w, i64 t, i64 i) {
    Person *me = &w->P[i];
    delist_all(w, i);
    count(&w->B[me->bed], t, me, -1);
    if (me->misplaced) misplace(w, &w->B[me->bed], t, me, -1);
}
static void move(World *w, i64 t, i64 i, i32 p) {
    Person *me = &w->P[i];
    vacate(w, t, i);
    count(&w->B[p], t, me, 1);
    me->bed = p;
    me->moved = (i32)t;
    me->rank = me->own_rank;
}
static inline i8 rank_of(World *w, Person *me) { return (i8)w->W->ranks[me->klass * CLASS_BITS + me->level]; }
static void wait_for(World *w, i64 t, i64 i, int upto) {
    Person *me = &w->P[i];
    me->state = WAITING;
    me->due = (i32)least(t + me->patience, NEVER);
    enlist_all(w, i, upto);
    emit(w, me->due, IMPATIENT, i);
    if (upto < me->count) emit(w, t + w->W->widening, WIDER, i);
    if (w->W->promotion > 0 && me->rank > FIRST_RANK) emit(w, t + w->W->promotion, RISE, i);
    if (me->need != me->later && me->worse < me->due) emit(w, me->worse, WORSE, i);
}
static inline int home_is_free(World *w, Person *me) {
    return me->home_pool >= 0 && w->B[me->home_pool].occupied < w->B[me->home_pool].beds;
}
static void take_home_care(World *w, i64 t, i64 i) {
    Person *me = &w->P[i];
    count(&w->B[me->home_pool], t, me, 1);
    me->bed = me->home_pool;
    if (me->home == BRIDGE) { me->state = BRIDGED; return; }
    me->state = AT_HOME;
    me->home_at = (i32)t;
    me->exit = (i32)least(t + me->stay, NEVER);
    emit(w, me->exit, EXIT, i);
    if (me->need != me->later && me->worse < me->exit) emit(w, me->worse, WORSE, i);
}
static void ask(World *w, i64 t, i64 i) {
    Person *me = &w->P[i];
    me->since = me->asked = (i32)t;
    me->rank = me->own_rank = rank_of(w, me);
    if (me->home == INSTEAD && home_is_free(w, me)) { take_home_care(w, t, i); return; }
    i32 p = bed_among(w, i, 0, me->first);
    if (p >= 0) { admit(w, t, i, p); return; }
    wait_for(w, t, i, me->first);
    if (me->home == BRIDGE && home_is_free(w, me)) take_home_care(w, t, i);
}
static i64 chosen(World *w, i32 p) {
    Pool *b = &w->B[p], *q = &w->B[b->lead];
    if (q->waiting == 0 || b->beds <= b->occupied) return -1;
    for (int rank = 0; rank < RANKS; rank++)
        for (i32 link = q->head[rank]; link >= 0; link = w->P[link / CHOICES].after[link % CHOICES])
            if (b->reserved == 0 || has_bed(b, &w->P[link / CHOICES])) return link / CHOICES;
    return -1;
}
static void settle(World *w, i64 t, i32 p) {
    w->todo[0] = p;
    i64 n = 1;
    while (n > 0) {
        p = (i32)w->todo[n - 1];
        i64 i = chosen(w, p);
        if (i < 0) n--;
        else if (w->P[i].state == WAITING) { delist_all(w, i); admit(w, t, i, p); }
        else if (w->P[i].state == BRIDGED) { vacate(w, t, i); admit(w, t, i, p); }
        else { w->todo[n++] = w->P[i].bed; move(w, t, i, p); }
    }
}
static inline void leave(Person *me, i64 t, int fate) { me->state = GONE; me->ended = (i32)t; me->fate = (i8)fate; }
static void on_exit_(World *w, i64 t, i64 i) {
    Person *me = &w->P[i];
    if (me->exit != t) return;
    if (me->state == RESIDENT || me->state == AT_HOME) {
        int fate = me->state == RESIDENT ? LEFT : CARED_AT_HOME;
        i32 p = me->bed;
        vacate(w, t, i);
        leave(me, t, fate);
        settle(w, t, p);
    } else if (me->state == WAITING) {
        delist_all(w, i);
        leave(me, t, ENDED_WAITING);
    }
}
static int own_site_first(World *w, i64 i) {
    Person *me = &w->P[i];
    i16 site = (i16)(me->bed / TYPES);
    if (me->count == 0) { me->choice[0] = site; me->count = 1; }
    else {
        i32 lead = w->B[site * TYPES].lead;
        int k = 0;
        while (k < me->count - 1 && w->B[me->choice[k] * TYPES].lead != lead) k++;
        if (k == me->count - 1 && w->B[me->choice[k] * TYPES].lead != lead && me->count < CHOICES) { k = me->count; me->count++; }
        for (; k > 0; k--) me->choice[k] = me->choice[k - 1];
        me->choice[0] = site;
    }
    return w->B[site * TYPES + me->need].beds > 0 ? 1 : me->count;
}
static void ask_to_move(World *w, i64 t, i64 i) {
    Person *me = &w->P[i];
    i32 old = me->bed;
    int upto = own_site_first(w, i);
    misplace(w, &w->B[old], t, me, 1);
    i32 p = bed_among(w, i, 0, upto);
    if (p >= 0) { move(w, t, i, p); settle(w, t, old); return; }
    me->rank = TRANSFER;
    me->since = (i32)t;
    enlist_all(w, i, upto);
}
static void on_worse(World *w, i64 t, i64 i) {
    Person *me = &w->P[i];
    if (me->worse != t || me->need == me->later || me->state == GONE || me->state == NOTHING) return;
    int wide = me->listed >= me->count;
    delist_all(w, i);
    for (int k = 0; k < CHOICES; k++) me->choice[k] = me->choice_later[k];
    me->first = (i8)me->first_later;
    me->count = (i8)me->count_later;
    me->need = me->later;
    me->level = me->level_later;
    if (me->state == RESIDENT) { if (me->bed % TYPES != me->need) ask_to_move(w, t, i); return; }
    int listed = wide ? me->count : me->first;
    me->own_rank = rank_of(w, me);
    if (me->rank != MOVED_OUT && me->own_rank < me->rank) me->rank = me->own_rank;
    if (me->state == AT_HOME) {
        listed = me->first;
        me->since = me->asked = (i32)t;
        me->rank = me->own_rank;
        me->exit = -1;
        me->due = (i32)least(t + me->patience, NEVER);
    }
    i32 p = bed_among(w, i, 0, listed);
    if (p < 0) {
        if (me->state == AT_HOME) {
            me->state = BRIDGED;
            emit(w, me->due, IMPATIENT, i);
            if (me->first < me->count) emit(w, t + w->W->widening, WIDER, i);
        }
        enlist_all(w, i, listed);
        return;
    }
    if (me->state != WAITING) vacate(w, t, i);
    admit(w, t, i, p);
}
static void on_impatient(World *w, i64 t, i64 i) {
    Person *me = &w->P[i];
    if ((me->state != WAITING && me->state != BRIDGED) || me->due != t) return;
    if (me->state == BRIDGED) vacate(w, t, i); else delist_all(w, i);
    leave(me, t, me->reason);
}
static void on_wider(World *w, i64 t, i64 i) {
    Person *me = &w->P[i];
    if ((me->state != WAITING && me->state != BRIDGED) || me->listed >= me->count) return;
    i32 p = bed_among(w, i, me->listed, me->count);
    if (p < 0) {
        for (int k = me->listed; k < me->count; k++) enlist(w, i, k);
        me->listed = me->count;
        return;
    }
    if (me->state == BRIDGED) vacate(w, t, i); else delist_all(w, i);
    admit(w, t, i, p);
}
static void on_rise(World *w, i64 t, i64 i) {
    Person *me = &w->P[i];
    if ((me->state != WAITING && me->state != BRIDGED) || me->rank <= FIRST_RANK) return;
    int listed = me->listed;
    delist_all(w, i);
    me->rank--;
    enlist_all(w, i, listed);
    if (me->rank > FIRST_RANK) emit(w, t + w->W->promotion, RISE, i);
}

/* Everything that happens before the limit, on a state that has been started. */
void advance(Run *W, Person *P, Pool *B, i64 *heap, i64 *todo, const i64 *arrivals, i64 size, i64 limit) {
    World world = {W, P, B, heap, W->pending, todo}, *w = &world;
    i64 at = W->came, events = 0;
    for (;;) {
        i64 arrival = at < size ? arrivals[at] : BEYOND, first = w->n ? w->heap[0] : BEYOND, key;
        if (arrival <= first) { key = arrival; if (key >= limit) break; at++; }
        else { key = first; if (key >= limit) break; pop(w); }
        i64 t = key >> SHIFT, i = key & (((i64)1 << ID_BITS) - 1);
        events++;
        switch ((key >> ID_BITS) & 15) {
        case EXIT: on_exit_(w, t, i); break;
        case WORSE: on_worse(w, t, i); break;
        case CAME: ask(w, t, i); break;
        case IMPATIENT: on_impatient(w, t, i); break;
        case WIDER: on_wider(w, t, i); break;
        default: on_rise(w, t, i);
        }
    }
    W->pending = w->n;
    W->came = at;
    W->events += events;
}
