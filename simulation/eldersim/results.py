"""What an experiment found: every replication of every scenario, and the estimates, differences and texts made of them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from eldersim.baseline import Baseline
from eldersim.errors import InvalidInput, Unavailable
from eldersim.outcome import MEASURES
from eldersim.scenario import Scenario
from eldersim.statistics import Comparison, Interval, compare, interval

RATIOS = ("mean_wait", "placed_30", "lost_share", "occupancy_mean")
"""Flows that are shares or means: over several years they are averaged, all other flows are summed."""

Values = list[float | None]
Note = tuple[str, str]
"""A sentence in English and Chinese."""

PRESENT = "as it is · 现状"
"""The title of the scenario without measures."""

FORMAT = "eldersim results 1"


@dataclass(frozen=True, slots=True)
class Results:
    """All samples of an experiment, with what they came from; ``samples[replication][scenario]`` as `experiment.sample`."""

    place: str
    date: str
    digest: str
    years: int
    seed: int
    uncertain: bool
    scenarios: tuple[dict[str, Any], ...]
    samples: tuple[dict[str, Any], ...]
    divisions: tuple[str, ...]
    parameters: tuple[dict[str, Any], ...]
    version: str
    notes: tuple[Note, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the scenarios, the base first."""
        return tuple(each["name"] for each in self.scenarios)

    @property
    def replications(self) -> int:
        """How many replications there are."""
        return len(self.samples)

    def title(self, name: str) -> str:
        """The title of a scenario, or its name if it has none; the present state has words of its own."""
        found = next(str(each["title"]) for each in self.scenarios if each["name"] == name)
        return found or (PRESENT if name == "base" else name)

    def scenario(self, name: str) -> str:
        """The name, checked; `InvalidInput` with the nearest name if there is no such scenario."""
        return _known(name, self.names, "SCENARIO_UNKNOWN", "scenario")

    def years_of(self, measure: str) -> range:
        """The years a measure has: a level from the start on (0), a flow from the first year on (1)."""
        return range(1 if MEASURES[known_measure(measure)].flow else 0, self.years + 1)

    def at(self, name: str, measure: str, year: int) -> Values:
        """The value of every replication in a year."""
        place = year - self.years_of(measure)[0]
        return [sample[name]["measures"][measure][place] for sample in self.samples]

    def whole(self, name: str, measure: str) -> Values:
        """The value of every replication over the whole time: a level at its end, a count summed, a share averaged."""
        return [_whole(measure, sample[name]["measures"][known_measure(measure)]) for sample in self.samples]

    def estimate(self, name: str, measure: str, year: int | None = None, *, level: float = 0.95) -> Interval | None:
        """Mean and interval in a year, or over the whole time; None where nothing was measured."""
        values = self.whole(name, measure) if year is None else self.at(name, measure, year)
        return estimate([value for value in values if value is not None], level=level)

    def differences(self, measure: str, year: int | None = None, *, level: float = 0.95) -> dict[str, Comparison]:
        """Every other scenario against the base, replication by replication, corrected for their number."""
        columns = {
            name: self.whole(name, measure) if year is None else self.at(name, measure, year) for name in self.names
        }
        rows = [row for row in zip(*columns.values(), strict=True) if None not in row]
        if len(rows) < 2 or len(columns) < 2:
            return {}
        known = {name: [float(row[place] or 0.0) for row in rows] for place, name in enumerate(columns)}
        base = known.pop(self.names[0])
        return {each.name: each for each in compare(base, known, level=level)}

    def grouped(self, name: str, kind: str, flow: str) -> list[float]:
        """The mean over replications of a flow by ``divisions`` or ``classes``, over the whole time."""
        columns = zip(*(sample[name][kind][flow] for sample in self.samples), strict=True)
        return [math.fsum(column) / self.replications for column in columns]

    def by_type(self, name: str, what: str, year: int) -> list[float]:
        """The mean over replications of ``beds``, ``residents``, ``waiting``, ``bed_days`` ... by bed type in a row of years."""
        columns = zip(*(sample[name][what][year] for sample in self.samples), strict=True)
        return [math.fsum(column) / self.replications for column in columns]

    def to_json(self) -> bytes:
        """All of it as JSON; the same results give the same bytes."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, separators=(",", ":")).encode()

    @staticmethod
    def from_file(path: str | Path) -> Results:
        """Results written by `to_json`."""
        try:
            content = json.loads(Path(path).read_bytes())
        except OSError as error:
            raise Unavailable(
                "FILE_NOT_READABLE", f"{path} cannot be read: {error.strerror}.", remedy="Check the name of the file."
            ) from error
        except ValueError as error:
            raise _unreadable(path) from error
        if not isinstance(content, dict) or content.pop("format", None) != FORMAT:
            raise _unreadable(path)
        listed = ("scenarios", "samples", "divisions", "parameters")
        notes = tuple((str(en), str(zh)) for en, zh in content.pop("notes"))
        return Results(**{**content, **{key: tuple(content[key]) for key in listed}}, notes=notes)


def present(
    baseline: Baseline,
    scenarios: Sequence[Scenario],
    samples: Sequence[dict[str, Any]],
    *,
    years: int,
    seed: int,
    uncertain: bool,
) -> Results:
    """The results of samples, with all that is needed to read them years later."""
    return Results(
        baseline.name,
        baseline.date.isoformat(),
        baseline.digest,
        years,
        seed,
        uncertain,
        tuple(each.model_dump(mode="json", by_alias=True, exclude_none=True) for each in scenarios),
        tuple(samples),
        tuple(each.name or each.code for each in baseline.divisions),
        tuple(asdict(each) for each in baseline.parameters.values()),
        code_version(),
        _notes(scenarios, samples),
    )


def estimate(values: Sequence[float], *, level: float = 0.95) -> Interval | None:
    """The interval of some values; one value has no interval and none has no mean."""
    if not values:
        return None
    if len(values) == 1:
        return Interval(values[0], 0.0, math.nan, math.nan, 1, level, 0.0)
    return interval(values, level=level)


def known_measure(name: str) -> str:
    """The name of a measure, checked; `InvalidInput` with the nearest name if there is none."""
    return _known(name, tuple(MEASURES), "MEASURE_UNKNOWN", "measure")


def code_version() -> str:
    """The version of the installed distribution."""
    try:
        return version("eldercare")
    except PackageNotFoundError:
        return "not installed"


def _whole(measure: str, series: Values) -> float | None:
    if not MEASURES[measure].flow:
        return series[-1]
    known = [value for value in series if value is not None]
    if not known:
        return None
    return math.fsum(known) / (len(known) if measure in RATIOS else 1)


def _notes(scenarios: Sequence[Scenario], samples: Sequence[Mapping[str, Any]]) -> tuple[Note, ...]:
    found: list[Note] = []
    for each in scenarios:
        for en, zh in sorted({(note[0], note[1]) for sample in samples for note in sample[each.name]["notes"]}):
            found.append((f"{each.name}: {en}", f"{each.name}：{zh}"))
    return tuple(found)


def _known(name: str, names: tuple[str, ...], code: str, what: str) -> str:
    if name in names:
        return name
    near = get_close_matches(name, names, n=1, cutoff=0.0)
    raise InvalidInput(
        code,
        f"There is no {what} {name!r}.",
        remedy=f"Did you mean {near[0]!r}? There are {', '.join(names)}." if near else "",
        path=[what],
    )


def _unreadable(path: str | Path) -> InvalidInput:
    return InvalidInput(
        "RESULTS_UNREADABLE",
        f"{path} does not hold results of eldersim.",
        remedy="Write them with `eldersim compare PLAN --output results.json`.",
    )
