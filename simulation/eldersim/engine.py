"""Runs a scenario over a baseline: SimPy conducts months, measures and policies; the rules do everything in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import simpy

from eldersim.agenda import Step, ranks_of, steps
from eldersim.baseline import Baseline
from eldersim.beds import TYPES
from eldersim.calibration import asking, dementia_share, resident_levels
from eldersim.compilation import can_compile
from eldersim.conductor import Beds
from eldersim.effects import demand_effects, home_offers, stay_effects
from eldersim.errors import InvalidInput
from eldersim.kernel import apply
from eldersim.layout import TYPE, Layout, group_numbers, layout
from eldersim.ledger import outcome
from eldersim.measures import AddBeds, ChildcareConversion, ConvertBeds, OpenFacility, PriorityOrder, UpgradeFacility
from eldersim.outcome import Outcome
from eldersim.parameters import Parameters
from eldersim.preferences import Wishes, luck, rows_for, wishes
from eldersim.records import fresh_people, interpret
from eldersim.records import prepare as prepare_state
from eldersim.sampling import DAY, YEAR, Chances, chances, draw, layers_needed, pools_of_home
from eldersim.scenario import BASE, Scenario, check

SEEDS, YEARS = range(1 << 32), range(1, 61)
"""Seeds and numbers of replications; years that fit the event keys."""

Policy = Callable[[simpy.Environment, Beds], Generator[simpy.Event, Any, None]]
Records = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


@dataclass
class Model:
    """A scenario over a baseline, ready to be run many times: all that does not depend on luck."""

    baseline: Baseline
    scenario: Scenario
    years: int
    parameters: Parameters
    where: Layout
    chances: Chances
    fixed: Records
    wished: dict[int, tuple[int, ...]]
    steps: list[Step]
    _drawn: Floats
    _wishes: dict[bytes, Wishes] = field(default_factory=dict)

    def run(
        self, *, seed: int, replication: int = 0, policies: Sequence[Policy] = (), log: bool = False,
        people: bool = False, compiled: bool | None = None,
    ) -> Outcome:  # fmt: skip
        """One replication; equal seed and replication give every person the same luck in every scenario.

        ``policies`` are SimPy processes over the beds; ``log`` keeps every event with its reason, ``people`` everybody's
        record. ``compiled`` None means: if numba is there. The result has the same bits either way.
        """
        beds = self.begin(seed=seed, replication=replication, log=log, compiled=compiled)
        conduct(beds, self, policies)
        return outcome(
            beds.state, self.where, name=self.scenario.name, seed=seed, replication=replication, years=self.years,
            present=len(self.fixed), residents=len(self.baseline.residents), keep_people=people,
            closing=frozenset(beds.closing),
        )  # fmt: skip

    def begin(self, *, seed: int, replication: int = 0, log: bool = False, compiled: bool | None = None) -> Beds:
        """Everybody with their luck and wishes, and all beds, before anything happens."""
        within(seed, SEEDS, "seed")
        within(replication, SEEDS, "replication")
        everybody, arrivals = draw(
            self.chances, seed=seed, replication=replication, years=self.years, fixed=self.fixed,
            layers=layers_needed(self.chances),
        )  # fmt: skip
        division = everybody["division"].astype(np.int64)
        home = pools_of_home(len(self.where.sites), division)
        everybody["home_pool"] = np.where(everybody["home"] > 0, home, -1)
        control = {
            "horizon": self.years * YEAR,
            "log_on": int(log),
            "widening": round(self.parameters.number("waiting.widening") * DAY),
            "promotion": round(self.parameters.number("waiting.promotion") * DAY),
        }
        ranks = ranks_of(PriorityOrder.model_validate({}))
        state = prepare_state(everybody, self.where.pools(), arrivals, ranks, control=control, readings=self.years + 1)
        if not (can_compile() if compiled is None else compiled):
            state = interpret(state)
        beds = Beds(simpy.Environment(), state, self.where, self.choices, wished=self.wished)
        beds.staff_ratio = _ratios(self.parameters)
        beds.choose()
        return beds

    def choices(self, beds: Beds) -> Wishes:
        """The lists of wishes for what is on offer now; kept, as most scenarios come to the same few offers."""
        offer = beds.offer()
        if offer not in self._wishes:
            self._wishes[offer] = self._listed(beds)
        return self._wishes[offer]

    def _listed(self, beds: Beds) -> Wishes:
        """A site draws people by those who live there in the baseline, so that more beds change nobody's wishes."""
        where = self.where
        offered = beds.planned > 0
        for site, (code, _) in enumerate(where.sites):
            offered[site] &= code not in beds.closed
        sites = replace(where.seen(), price=beds.prices, group=_groups(beds))
        return wishes(
            sites,
            np.where(offered, self._attraction(beds), 0.0),
            _nearness(self.baseline),
            drawn=self._drawn,
            own=int(self.parameters.number("choice.near")),
            bands=self._bands,
        )

    def _attraction(self, beds: Beds) -> Floats:
        """Residents by [site, type] at the start, at least one; beds where nobody is known to live, as full as elsewhere."""
        people, sites = np.zeros(self.where.beds.shape), len(self.where.sites)
        pools = self.fixed["bed"][: len(self.baseline.residents)]
        people.reshape(-1)[:] = np.bincount(pools, minlength=sites * TYPES)
        there, filled = self.where.beds.sum(axis=0), people.sum(axis=0)
        full = np.where((there > 0) & (filled > 0), filled / np.maximum(there, 1), 1.0)
        known = (self.where.beds > 0) & (filled > 0)
        return np.asarray(np.maximum(1.0, np.where(known, people, np.maximum(self.where.beds, beds.planned) * full)))

    @property
    def _bands(self) -> int:
        return len(self.chances.means) + 1


def simulate(
    baseline: Baseline, scenario: Scenario = BASE, *, seed: int, replication: int = 0, years: int = 10,
    policies: Sequence[Policy] = (), log: bool = False, people: bool = False, compiled: bool | None = None,
    uncertain: bool = False,
) -> Outcome:  # fmt: skip
    """One replication of a scenario over a baseline; ``uncertain`` draws every interval-valued parameter anew.

    >>> from datetime import date
    >>> from eldersim.baseline import Division, Facility, Place, Resident
    >>> homes = (Facility("A", "1"), Facility("B", "1"))
    >>> places = (Place("A", "ORDINARY", 60), Place("A", "NURSING", 20), Place("B", "NURSING", 10))
    >>> there = (Resident("A", "NURSING", 300),) * 18 + (Resident("A", "ORDINARY", 200),) * 30
    >>> start = Baseline("X", date(2020, 5, 19), (Division("1"),), homes, places, there)
    >>> int(simulate(start, seed=1, years=2).residents[0].sum())
    48
    """
    parameters = baseline.parameters.drawn(seed=seed, replication=replication) if uncertain else None
    model = (
        prepare(baseline, scenario, years=years)
        if parameters is None
        else _model(baseline, scenario, years, parameters)
    )
    return model.run(
        seed=seed, replication=replication, policies=policies, log=log, people=people, compiled=compiled
    )  # fmt: skip


@lru_cache(maxsize=16)
def prepare(baseline: Baseline, scenario: Scenario = BASE, *, years: int = 10) -> Model:
    """A model to be run many times."""
    return _model(baseline, scenario, years, baseline.parameters)


def _model(baseline: Baseline, scenario: Scenario, years: int, parameters: Parameters) -> Model:
    within(years, YEARS, "years")
    check(scenario, baseline)
    where = layout(baseline, scenario)
    offered = _offered(baseline, scenario)
    asked = asking(baseline, parameters, years=years, offered=offered)
    bands = (
        len(parameters.numbers("choice.means")) if any(price for _, price in where.sites) or _prices(scenario) else 1
    )
    by = chances(asked, parameters, bands=bands, dementia=dementia_share(parameters, offered))
    by.demand = demand_effects(scenario, baseline, asked.groups)
    by.stays = stay_effects(scenario, baseline)
    by.home = home_offers(scenario, baseline)
    by.rows = rows_for(_most_homes(baseline))
    fixed, wished = _present(baseline, parameters, where)
    return Model(
        baseline,
        scenario,
        years,
        parameters,
        where,
        by,
        fixed,
        wished,
        steps(scenario, baseline),
        luck(where.seen(), rows=by.rows),
    )


def within(number: int, span: range, name: str) -> None:
    """Refuse a number outside a span."""
    if number not in span:
        raise InvalidInput(
            "NUMBER_OUTSIDE",
            f"{name} is {number}.",
            remedy=f"Give a whole number from {span.start} to {span.stop - 1}.",
            path=(name,),
        )


def conduct(beds: Beds, model: Model, policies: Sequence[Policy]) -> None:
    """The start, then the clock: measures on their dates, a reading at the turn of each year, the user's policies."""
    state, end = beds.state, model.years * YEAR
    apply(state, "start", len(model.baseline.residents), len(model.fixed) - len(model.baseline.residents))
    due = [step for step in model.steps if step[0] < end]
    for _, act in (step for step in due if step[0] == 0):
        act(beds)
    beds.refresh()
    _read(beds, 0)
    beds.started = True
    apply(state, "settle_all", 0)
    beds.clock.process(_calendar(beds, [step for step in due if step[0] > 0], model.years))
    for policy in policies:
        beds.clock.process(policy(beds.clock, beds))
    beds.clock.run(until=end + 1)


def _calendar(beds: Beds, due: list[Step], years: int) -> Generator[simpy.Event, None, None]:
    """Measures and readings in order of time; a measure comes before a reading of the same second."""
    moments: list[tuple[int, int, Any]] = [(time, number, act) for number, (time, act) in enumerate(due)]
    moments += [(year * YEAR, len(due) + year, year) for year in range(1, years + 1)]
    for time, _, what in sorted(moments, key=lambda moment: moment[:2]):
        yield beds.clock.timeout(time - beds.now)
        beds.sync()
        if isinstance(what, int):
            _read(beds, what)
        else:
            what(beds)
            beds.refresh()


def _read(beds: Beds, number: int) -> None:
    state = beds.state
    apply(state, "read", state.seen, state.waiting, number, beds.now)


def _offered(baseline: Baseline, scenario: Scenario) -> frozenset[int]:
    """Bed types the territory has, now or by the scenario."""
    found = {place.bed_type for place in baseline.places if place.licensed > 0}
    for measure in scenario.measures:
        if isinstance(measure, AddBeds | ChildcareConversion):
            found.add(measure.bed_type)
        elif isinstance(measure, ConvertBeds):
            found.add(measure.to_type)
        elif isinstance(measure, OpenFacility):
            found.update(measure.beds)
        elif isinstance(measure, UpgradeFacility):
            found.add("NURSING")
    return frozenset(TYPE[name] for name in found)


def _most_homes(baseline: Baseline) -> int:
    """The number of facilities of the division that has most."""
    return max(Counter(each.division for each in baseline.facilities).values(), default=0)


def _prices(scenario: Scenario) -> bool:
    return any(getattr(measure, "kind", "") == "price" or getattr(measure, "price", 0) for measure in scenario.measures)


def _groups(beds: Beds) -> npt.NDArray[np.int64]:
    return np.array(group_numbers(beds.where, beds.groups), np.int64)


def _ratios(parameters: Parameters) -> Floats:
    """Residents a caregiver serves, by bed type: the able in ordinary beds, the disabled in all others."""
    by_level = parameters.numbers("staff.residents_per_caregiver")
    ratios = np.full(TYPES, by_level[3])
    ratios[[TYPE["ORDINARY"], TYPE["SHORT_STAY"]]] = by_level[1]
    return ratios


def _nearness(baseline: Baseline) -> npt.NDArray[np.int64]:
    """For each division the rank of every division by nearness: itself, those named, all others alike."""
    codes = [each.code for each in baseline.divisions]
    found = np.full((len(codes), len(codes)), len(codes), np.int64)
    for number, division in enumerate(baseline.divisions):
        for rank, code in enumerate(division.near, start=1):
            if code in codes:
                found[number, codes.index(code)] = rank
        found[number, number] = 0
    return found


def _present(baseline: Baseline, parameters: Parameters, where: Layout) -> tuple[Records, dict[int, tuple[int, ...]]]:
    """Residents and waiting people as records, and the sites that waiting people named."""
    disabled = int(parameters.mapping("need.after_worsening")["level"])
    divisions = {code: number for number, code in enumerate(where.divisions)}
    homes = {each.code: divisions[each.division] for each in where.facilities}
    sites = {site: number for number, site in enumerate(where.sites)}
    people = fresh_people(len(baseline.residents) + len(baseline.waiting))
    levels = resident_levels(baseline, parameters)
    for person, (resident, level) in enumerate(zip(baseline.residents, levels, strict=True)):
        bed = TYPE[resident.bed_type]
        below = bed == TYPE["ORDINARY"] and resident.level is not None and level >= disabled
        me = people[person]
        me["bed"] = sites[resident.facility, resident.price] * TYPES + bed
        me["need"] = TYPE["NURSING"] if below else bed
        me["asks_to_move"], me["state"] = int(below), 1
        me["asked"], me["since"] = -resident.stayed_days * DAY, -resident.stayed_days * DAY
        me["level"], me["klass"], me["division"] = level, resident.priority_class, homes[resident.facility]
        me["age"], me["sex"], me["budget"] = resident.age, int(resident.sex != "male"), resident.price
    wished = {}
    for person, applicant in enumerate(baseline.waiting, start=len(baseline.residents)):
        me = people[person]
        level = 0 if applicant.level is None else applicant.level
        kind = applicant.bed_type or ("NURSING" if level >= disabled else "ORDINARY")
        me["need"], me["level"], me["klass"] = TYPE[kind], level, applicant.priority_class
        me["asked"], me["since"] = -applicant.waited_days * DAY, -applicant.waited_days * DAY
        named = [site for code in applicant.facilities for site in where.sites_of(code)]
        home = applicant.division or (where.sites[named[0]][0] if named else None)
        me["division"] = homes[home] if home in homes else divisions.get(home or "", 0)
        me["age"], me["sex"] = applicant.age, int(applicant.sex != "male")
        if named:
            wished[person] = tuple(named)
    people["first_need"] = people["need"]
    return people, wished
