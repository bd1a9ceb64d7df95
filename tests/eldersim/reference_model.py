"""The same care system as plain SimPy, one process a person: what a SimPy reader would write, kept to check the engine."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Generator, Iterable
from typing import Any

import simpy

from eldersim.beds import (
    AT_HOME,
    BRIDGE,
    BRIDGED,
    CARED_AT_HOME,
    CHOICES,
    CLASS_BITS,
    ENDED_WAITING,
    FIRST_RANK,
    GONE,
    ID_MASK,
    INSTEAD,
    LEFT,
    MOVED_OUT,
    RESIDENT,
    SHIFT,
    TRANSFER,
    TYPES,
    WAITING,
)
from eldersim.records import State

Process = Generator[simpy.Event, Any, None]
RESULT = ("state", "fate", "bed", "began", "ended", "moved", "asked", "first_bed", "home_at", "moved_out")


class Pool:
    """Beds of one type on one site."""

    def __init__(self, row: Any) -> None:
        self.beds, self.reserved, self.entitled, self.trunk = (
            int(row[n]) for n in ("beds", "reserved", "entitled", "trunk")
        )
        self.lead, self.mate = int(row["lead"]), int(row["mate"])
        self.residents: set[Person] = set()
        self.list: list[tuple[int, int, int, Person]] = []


class Person:
    """Somebody with their luck."""

    def __init__(self, number: int, row: Any) -> None:
        self.number = number
        for name in ("stay", "patience", "worse", "since", "bed", "need", "later", "klass", "level", "level_later", "home",
                     "first", "count", "first_later", "count_later", "home_pool", "reason", "asks_to_move", "asked"):  # fmt: skip
            setattr(self, name, int(row[name]))
        self.choice, self.choice_later = row["choice"].tolist(), row["choice_later"].tolist()
        self.state = self.fate = self.rank = self.own_rank = self.listed = 0
        self.lists: list[int] = []
        self.began = self.ended = self.moved = self.first_bed = self.home_at = self.moved_out = self.exit = -1
        self.offer: simpy.Event | None = None
        self.process: simpy.Process | None = None


class System:
    """All pools, people and the clock; ``plan`` are (second, rule, pool or site, beds) with the rules beds and move_out."""

    def __init__(
        self, state: State, *, residents: int, waiting: int, plan: Iterable[tuple[int, str, int, int]] = ()
    ) -> None:
        self.env = simpy.Environment()
        self.horizon, self.widening, self.promotion = (
            int(state.of_run(n)) for n in ("horizon", "widening", "promotion")
        )
        self.ranks = [int(each) for each in state.of_run("ranks").reshape(-1)]
        self.pools = [Pool(row) for row in state.pools]
        self.people = [Person(number, row) for number, row in enumerate(state.people)]
        self.present = (residents, waiting)
        self.arrivals = state.arrivals.tolist()
        self.plan = sorted(plan)

    def run(self) -> None:
        """Run to the horizon."""
        residents, waiting = self.present
        for person in self.people[:residents]:
            self.seat(person)
        for person in self.people[residents : residents + waiting]:
            person.process = self.env.process(self.join(person))
        self.env.process(self.source())
        self.env.process(self.works())
        self.env.run(until=self.horizon)

    def seat(self, me: Person) -> None:
        """Somebody is in bed at the start."""
        me.own_rank = me.rank = self.rank(me)
        me.state, me.began, me.first_bed, me.exit = RESIDENT, 0, me.bed, me.stay
        self.pools[me.bed].residents.add(me)
        if me.bed % TYPES != me.need and me.asks_to_move:
            me.rank = TRANSFER
            self.enlist(me, self.own_site_first(me))
        me.process = self.env.process(self.live(me))

    def join(self, me: Person) -> Process:
        """Somebody waits at the start."""
        waited = -me.since
        me.own_rank = me.rank = self.rank(me)
        if self.promotion:
            me.rank = max(min(FIRST_RANK, me.own_rank), me.own_rank - waited // self.promotion)
        if (yield from self.wait(me, me.first if waited < self.widening else me.count)):
            yield from self.live(me)

    def source(self) -> Process:
        """People apply one after another."""
        for key in self.arrivals:
            yield self.env.timeout((key >> SHIFT) - self.env.now)
            me = self.people[key & ID_MASK]
            me.process = self.env.process(self.apply(me))

    def works(self) -> Process:
        """Beds change on their dates; before anything else the waiting list is served."""
        self.settle(*range(len(self.pools)))
        for time, rule, where, beds in self.plan:
            yield self.env.timeout(time - self.env.now)
            if rule == "beds":
                self.pools[where].beds = beds
                self.settle(where)
            else:
                self.move_out(where)

    def apply(self, me: Person) -> Process:
        """Somebody applies."""
        me.asked = me.since = self.env.now
        me.own_rank = me.rank = self.rank(me)
        if me.home == INSTEAD and self.home_is_free(me):
            if not (yield from self.at_home(me)):
                return
        else:
            pool = self.free(me, 0, me.first)
            if pool is not None:
                self.admit(me, pool)
            elif not (yield from self.wait(me, me.first)):
                return
        yield from self.live(me)

    def at_home(self, me: Person) -> Generator[simpy.Event, Any, bool]:
        """Cared for at home until the end, or until more is needed and a bed is found."""
        env, pool = self.env, self.pools[me.home_pool]
        pool.residents.add(me)
        me.state, me.bed, me.home_at = AT_HOME, me.home_pool, env.now
        end = env.timeout(me.stay)
        worse = self.worsening(me, me.stay)
        yield end | worse if worse else end
        if end.processed:
            pool.residents.discard(me)
            self.leave(me, CARED_AT_HOME)
            return False
        self.need_more(me)
        me.asked = me.since = env.now
        me.own_rank = me.rank = self.rank(me)
        found = self.free(me, 0, me.first)
        if found is not None:
            pool.residents.discard(me)
            self.admit(me, found)
            return True
        me.state = BRIDGED
        return (yield from self.wait(me, me.first, bridged=True))

    def wait(
        self, me: Person, upto: int, end: simpy.Event | None = None, *, bridged: bool = False
    ) -> Generator[simpy.Event, Any, bool]:
        """Wait for a bed; false if patience, or the stay of somebody moved out, ends before."""
        env = self.env
        if not bridged:
            me.state = WAITING
        me.offer = env.event()
        self.enlist(me, upto)
        patience = env.timeout(me.patience)
        wider = env.timeout(self.widening) if upto < me.count else None
        rise = env.timeout(self.promotion) if self.promotion and me.rank > FIRST_RANK and not (bridged) else None
        worse = self.worsening(me, me.patience)
        if me.home == BRIDGE and not bridged and end is None and me.asked == env.now and self.home_is_free(me):
            self.pools[me.home_pool].residents.add(me)
            me.state, me.bed = BRIDGED, me.home_pool
        while True:
            yield env.any_of([each for each in (me.offer, patience, wider, rise, worse, end) if each is not None])
            if me.offer.triggered:
                return True
            if patience.processed or (end is not None and end.processed):
                self.unlist(me)
                if me.state == BRIDGED:
                    self.pools[me.bed].residents.discard(me)
                self.leave(me, me.reason if patience.processed else ENDED_WAITING)
                return False
            if worse is not None and worse.processed:
                worse = None
                wide = me.listed >= me.count
                self.unlist(me)
                self.need_more(me)
                upto = me.count if wide else me.first
                me.own_rank = self.rank(me)
                if me.rank != MOVED_OUT:
                    me.rank = min(me.rank, me.own_rank)
                if self.take(me, 0, upto):
                    return True
                self.enlist(me, upto)
            if wider is not None and wider.processed:
                wider = None
                if me.listed < me.count:
                    listed = me.listed
                    self.unlist(me)
                    if self.take(me, listed, me.count):
                        return True
                    self.enlist(me, me.count)
            if rise is not None and rise.processed:
                rise = None
                if me.rank > FIRST_RANK:
                    listed = me.listed
                    self.unlist(me)
                    me.rank -= 1
                    self.enlist(me, listed)
                    if me.rank > FIRST_RANK:
                        rise = env.timeout(self.promotion)

    def live(self, me: Person) -> Process:
        """Live in care until the stay ends; need more on the way; be moved out."""
        env = self.env
        end = env.timeout(me.exit - env.now)
        worse = self.worsening(me, me.exit - env.now)
        while True:
            try:
                yield end | worse if worse is not None else end
            except simpy.Interrupt:
                if not (yield from self.wait(me, me.count, end)):
                    return
                worse = worse if me.need != me.later else None
                continue
            if end.processed:
                break
            worse = None
            self.need_more(me)
            if me.bed % TYPES != me.need:
                self.ask_to_move(me)
        self.unlist(me)
        self.pools[me.bed].residents.discard(me)
        self.leave(me, LEFT)
        self.settle(me.bed)

    def ask_to_move(self, me: Person) -> None:
        """A resident needs another type of bed."""
        upto = self.own_site_first(me)
        pool = self.free(me, 0, upto)
        if pool is not None:
            old = me.bed
            self.move(me, pool)
            self.settle(old)
            return
        me.rank, me.since = TRANSFER, self.env.now
        self.enlist(me, upto)

    def move_out(self, site: int) -> None:
        """All residents leave a site and look elsewhere, in order."""
        for me in self.people:
            if me.state == RESIDENT and me.bed // TYPES == site:
                self.unlist(me)
                self.pools[me.bed].residents.discard(me)
                me.moved_out, me.rank, me.since = self.env.now, MOVED_OUT, self.env.now
                pool = self.free(me, 0, me.count)
                if pool is not None:
                    self.admit(me, pool)
                else:
                    me.process.interrupt()
                    # listed at once, so that the order of those moved out is that of their numbers
                    me.state = WAITING

    # --- beds and lists

    def rank(self, me: Person) -> int:
        """The rank of somebody's class and level."""
        return self.ranks[me.klass * CLASS_BITS + me.level]

    def worsening(self, me: Person, within: int) -> simpy.Event | None:
        """The moment more care is needed, if it comes before something else ends."""
        left = me.worse - self.env.now
        return self.env.timeout(left) if me.need != me.later and 0 <= left < within else None

    def need_more(self, me: Person) -> None:
        """More care is needed from now on."""
        me.need, me.level = me.later, me.level_later
        me.choice, me.first, me.count = list(me.choice_later), me.first_later, me.count_later

    def own_site_first(self, me: Person) -> int:
        """The resident's own site becomes the first choice; how many choices to wait for."""
        site = me.bed // TYPES
        same = [c for c in me.choice[: me.count] if self.pools[c * TYPES].lead == self.pools[site * TYPES].lead]
        kept = [c for c in me.choice[: me.count] if c != (same[0] if same else None)]
        me.choice = [site, *kept][:CHOICES]
        me.count = len(me.choice)
        return 1 if self.pools[site * TYPES + me.need].beds > 0 else me.count

    def home_is_free(self, me: Person) -> bool:
        """Whether home care has room."""
        return me.home_pool >= 0 and len(self.pools[me.home_pool].residents) < self.pools[me.home_pool].beds

    def fits(self, me: Person, pool: Pool) -> bool:
        """Whether a bed is free for somebody beyond those reserved for others."""
        free = pool.beds - len(pool.residents)
        if free <= 0 or pool.reserved == 0 or pool.entitled >> me.klass & 1:
            return free > 0
        inside = 0 if pool.trunk else sum(pool.entitled >> you.klass & 1 for you in pool.residents)
        return free > max(0, pool.reserved - inside)

    def free(self, me: Person, since: int, upto: int) -> int | None:
        """The first pool with a bed among some choices and the sites that share their lists."""
        for site in me.choice[since:upto]:
            first = pool = site * TYPES + me.need
            while True:
                if self.fits(me, self.pools[pool]):
                    return pool
                pool = self.pools[pool].mate
                if pool == first:
                    break
        return None

    def take(self, me: Person, since: int, upto: int) -> bool:
        """Take a free bed among some choices."""
        pool = self.free(me, since, upto)
        if pool is None:
            return False
        if me.state == BRIDGED:
            self.pools[me.bed].residents.discard(me)
        self.admit(me, pool)
        return True

    def enlist(self, me: Person, upto: int) -> None:
        """Stand on the lists of the first choices."""
        me.listed = upto
        me.lists = [self.pools[site * TYPES + me.need].lead for site in me.choice[:upto]]
        for place in me.lists:
            insort(self.pools[place].list, (me.rank, me.since, me.number, me))

    def unlist(self, me: Person) -> None:
        """Leave all lists."""
        for place in me.lists:
            waiting = self.pools[place].list
            del waiting[bisect_left(waiting, (me.rank, me.since, me.number))]
        me.lists, me.listed = [], 0

    def admit(self, me: Person, pool: int) -> None:
        """Give somebody a bed."""
        self.pools[pool].residents.add(me)
        me.state, me.bed = RESIDENT, pool
        if me.began < 0:
            me.began, me.first_bed, me.exit = self.env.now, pool, self.env.now + me.stay

    def move(self, me: Person, pool: int) -> None:
        """Change a resident's bed."""
        self.unlist(me)
        self.pools[me.bed].residents.discard(me)
        self.pools[pool].residents.add(me)
        me.bed, me.moved, me.rank = pool, self.env.now, me.own_rank

    def leave(self, me: Person, fate: int) -> None:
        """Somebody is gone."""
        me.state, me.fate, me.ended = GONE, fate, self.env.now

    def settle(self, *pools: int) -> None:
        """Hand out free beds, and those that become free by it."""
        for place in pools:
            pool = self.pools[place]
            while True:
                me = next((you for *_, you in self.pools[pool.lead].list if self.fits(you, pool)), None)
                if me is None:
                    break
                if me.state == RESIDENT:
                    old = me.bed
                    self.move(me, place)
                    self.settle(old)
                    continue
                self.unlist(me)
                if me.state == BRIDGED:
                    self.pools[me.bed].residents.discard(me)
                self.admit(me, place)
                me.offer.succeed()
