"""What one replication of a scenario came to: readings at the turn of each year, flows of each year, and how they are named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from eldersim.entities import BED_TYPES, NURSING_TYPES
from eldersim.errors import InvalidInput
from eldersim.remarks import Remark

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NURSING = [BED_TYPES.index(each) for each in NURSING_TYPES]


class Entry(NamedTuple):
    """One line of the event log: ``time`` in seconds, where (facility, price, bed type; empty if nowhere) and why."""

    time: int
    event: str
    person: int
    facility: str
    bed_type: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One replication.

    Levels at the start and after each year: ``residents``, ``beds`` [year, site, type], ``waiting`` [year, class, type],
    ``moving`` and ``misplaced`` [year, type]. Flows within each year by [year, division, class]: ``applied``, ``placed``,
    ``waited30`` (placed within 30 days), ``wait_days`` (summed over those placed), ``died``, ``withdrew``, ``hospital`` (while
    waiting), ``diverted`` (cared for at home instead), ``left`` (a stay ended). By year: ``transferred``, ``relocated``,
    ``misplaced_days``. By [year, site, type]: ``bed_days`` in use, ``open_days`` there were, ``closing_days`` in use above
    the beds there are; ``home_days`` [year, division] of home care. ``remarks`` say in words what a mean would hide.
    """

    scenario: str
    seed: int
    replication: int
    years: int
    divisions: tuple[str, ...]
    sites: tuple[tuple[str, int], ...]
    residents: Integers
    beds: Integers
    waiting: Integers
    moving: Integers
    misplaced: Integers
    applied: Integers
    placed: Integers
    waited30: Integers
    wait_days: Floats
    died: Integers
    withdrew: Integers
    hospital: Integers
    diverted: Integers
    left: Integers
    transferred: Integers
    relocated: Integers
    misplaced_days: Floats
    bed_days: Floats
    open_days: Floats
    closing_days: Floats
    home_days: Floats
    events: int
    remarks: tuple[Remark, ...] = ()
    people: npt.NDArray[Any] | None = None
    log: tuple[Entry, ...] = ()

    def number(self, measure: str, year: int) -> float:
        """One number of `MEASURES`: a level after ``year`` years (0 = the start), a flow in year ``year`` (1 = the first)."""
        if measure not in MEASURES:
            near = get_close_matches(measure, MEASURES, n=1, cutoff=0.0)
            raise InvalidInput(
                "MEASURE_UNKNOWN",
                f"There is no measure {measure!r}.",
                remedy=f"Did you mean {near[0]!r}?",
                path=(measure,),
            )
        return MEASURES[measure].read(self, year)


@dataclass(frozen=True, slots=True)
class Reading:
    """A number that can be read from an outcome: its names, whether it is a flow, how it is computed and how in words."""

    en: str
    zh: str
    flow: bool
    words: str
    compute: Callable[[Outcome, int], float]

    def read(self, outcome: Outcome, year: int) -> float:
        """The number; for a flow ``year`` counts from 1."""
        return float(self.compute(outcome, year - 1 if self.flow else year))


def _share(above: float, below: float) -> float:
    return above / below if below else float("nan")


MEASURES: dict[str, Reading] = {
    "residents": Reading("Residents", "入住人数", False, "people in beds", lambda o, y: o.residents[y].sum()),
    "beds": Reading("Usable beds", "可用床位", False, "beds that are open and staffed", lambda o, y: o.beds[y].sum()),
    "occupancy": Reading(
        "Occupancy", "入住率", False, "residents / usable beds", lambda o, y: _share(o.residents[y].sum(), o.beds[y].sum())
    ),
    "nursing_occupancy": Reading(
        "Occupancy of nursing beds", "护理型床位入住率", False, "residents in nursing, dementia and rehabilitation beds / those beds",
        lambda o, y: _share(o.residents[y][:, NURSING].sum(), o.beds[y][:, NURSING].sum()),
    ),
    "waiting": Reading("People waiting", "轮候人数", False, "applicants on a list", lambda o, y: o.waiting[y].sum()),
    "waiting_nursing": Reading(
        "Waiting for a nursing bed", "轮候护理型床位人数", False, "applicants who need nursing, dementia or rehabilitation beds",
        lambda o, y: o.waiting[y][:, NURSING].sum(),
    ),
    "misplaced": Reading(
        "Residents below their need", "床位与需要不符的入住老人", False, "residents who need another type of bed",
        lambda o, y: o.misplaced[y].sum(),
    ),
    "applied": Reading("Applications", "申请人数", True, "people who applied in the year", lambda o, y: o.applied[y].sum()),
    "placed": Reading("People placed", "入住安置人数", True, "people admitted in the year", lambda o, y: o.placed[y].sum()),
    "mean_wait": Reading(
        "Mean wait of those placed, days", "已入住者平均轮候天数", True, "days waited / people placed, those at once included",
        lambda o, y: _share(o.wait_days[y].sum(), o.placed[y].sum()),
    ),
    "placed_30": Reading(
        "Placed within 30 days", "30天内入住比例", True, "placed within 30 days / placed",
        lambda o, y: _share(o.waited30[y].sum(), o.placed[y].sum()),
    ),
    "died": Reading("Died while waiting", "轮候期间去世", True, "deaths on the list", lambda o, y: o.died[y].sum()),
    "withdrew": Reading("Withdrew", "撤回申请", True, "applications withdrawn while waiting", lambda o, y: o.withdrew[y].sum()),
    "hospital": Reading("To hospital while waiting", "轮候期间转入医院", True, "gone to hospital for good", lambda o, y: o.hospital[y].sum()),
    "lost_share": Reading(
        "Died waiting among those decided", "轮候期间去世比例", True, "died / (died + withdrew + hospital + placed)",
        lambda o, y: _share(
            o.died[y].sum(), o.died[y].sum() + o.withdrew[y].sum() + o.hospital[y].sum() + o.placed[y].sum()
        ),
    ),
    "diverted": Reading("Cared for at home instead", "居家替代人数", True, "applicants who took home care", lambda o, y: o.diverted[y].sum()),
    "transferred": Reading("Moved to the bed they need", "院内转床人数", True, "residents moved", lambda o, y: o.transferred[y]),
    "relocated": Reading("Moved out by a closure", "因关停转移人数", True, "residents moved out", lambda o, y: o.relocated[y]),
    "misplaced_days": Reading(
        "Bed days blocked by residents who need another bed", "不符床位占用床日", True, "days of residents in a bed of another type",
        lambda o, y: o.misplaced_days[y],
    ),
    "bed_days": Reading("Bed days in use", "使用床日", True, "days of residents in beds", lambda o, y: o.bed_days[y].sum()),
    "occupancy_mean": Reading(
        "Mean occupancy over the year", "全年平均入住率", True, "bed days in use / open bed days",
        lambda o, y: _share(o.bed_days[y].sum(), o.open_days[y].sum()),
    ),
    "home_days": Reading("Days of home care", "居家服务人日", True, "days of people in home care", lambda o, y: o.home_days[y].sum()),
}  # fmt: skip
"""Every number by name."""
