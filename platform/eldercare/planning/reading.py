"""One replication of one scenario: run by the simulation, read as the series a comparison takes."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from eldercare.kit.errors import RuleViolation
from eldercare.planning.comparison import Series
from eldercare.planning.world import World
from eldersim.baseline import BED_TYPES, CLASSES, NURSING_TYPES
from eldersim.engine import simulate
from eldersim.errors import EldersimError
from eldersim.outcome import Outcome
from eldersim.scenario import Scenario

Numbers: TypeAlias = npt.NDArray[np.int64] | npt.NDArray[np.float64]


def replicate(
    world: World, scenario: Scenario, *, seed: int, replication: int, years: int, uncertain: bool = False
) -> dict[str, Series]:
    """Every indicator at the start and after each year; `RuleViolation` with the simulation's own code if it refuses."""
    try:
        outcome = simulate(
            world.baseline, scenario, seed=seed, replication=replication, years=years, uncertain=uncertain
        )
    except EldersimError as error:
        raise RuleViolation(error.code, error.message, remedy=error.remedy, path=error.path) from error
    return read(outcome)


def read(outcome: Outcome) -> dict[str, Series]:
    """The series of an outcome, by the codes of the indicators."""
    nursing = [place for place, name in enumerate(BED_TYPES) if name in NURSING_TYPES]
    beds, residents = outcome.beds.sum(axis=1), outcome.residents.sum(axis=1)
    placed = _flow(outcome.placed)
    found: dict[str, Series] = {
        "beds": _numbers(beds.sum(axis=1)),
        "nursing_beds": _numbers(beds[:, nursing].sum(axis=1)),
        "residents": _numbers(residents.sum(axis=1)),
        "nursing_residents": _numbers(residents[:, nursing].sum(axis=1)),
        "waiting": _numbers(outcome.waiting.sum(axis=(1, 2))),
        "waiting_nursing": _numbers(outcome.waiting[:, :, nursing].sum(axis=(1, 2))),
        "misplaced": _numbers(outcome.misplaced.sum(axis=1)),
        "applied": _flow(outcome.applied),
        "placed": placed,
        "died_waiting": _flow(outcome.died),
        "withdrew": _flow(outcome.withdrew + outcome.hospital),
        "wait_days": _ratio(_flow(outcome.wait_days), placed),
        "placed_30": _ratio(_flow(outcome.waited30), placed),
        "mean_occupancy": _ratio(_flow(outcome.bed_days), _flow(outcome.open_days)),
    }
    for place in range(CLASSES):
        found[f"waiting_class_{place + 1}"] = _numbers(outcome.waiting[:, place, :].sum(axis=1))
    found["idle_nursing"] = _idle(found)
    found["occupancy"] = _ratio(found["residents"], found["beds"])
    found["nursing_occupancy"] = _ratio(found["nursing_residents"], found["nursing_beds"])
    return found


def _numbers(values: Numbers) -> list[float]:
    return [float(value) for value in values]


def _flow(values: Numbers) -> list[float]:
    """What was counted in each year, with nothing before the first."""
    return [0.0, *_numbers(values.sum(axis=tuple(range(1, values.ndim))))]


def _idle(found: Mapping[str, Series]) -> list[float]:
    """Free nursing beds for which somebody waits."""
    rows = zip(found["nursing_beds"], found["nursing_residents"], found["waiting_nursing"], strict=True)
    return [min(max(0.0, (beds or 0.0) - (inside or 0.0)), waiting or 0.0) for beds, inside, waiting in rows]


def _ratio(above: Sequence[float | None], below: Sequence[float | None]) -> list[float | None]:
    """A share or mean where there is something to divide by."""
    return [a / b if a is not None and b else None for a, b in zip(above, below, strict=True)]
