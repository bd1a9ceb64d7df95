"""A plan as a person writes it: the place as it is, the scenarios, and how long and how often to run them."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eldersim import baseline as of
from eldersim.ability import fitted
from eldersim.demography import from_bands
from eldersim.entities import CLASSES, known
from eldersim.errors import EldersimError, InvalidInput
from eldersim.lines import Document, read_document
from eldersim.measures import BedType, Class, Count, Level, Share
from eldersim.parameters import Parameters, load
from eldersim.scenario import BASE, Scenario
from eldersim.scenario import read as read_scenario

Sex = Literal["male", "female"]
Some = Annotated[int, Field(ge=1)]


class Part(BaseModel):
    """A part of a plan: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DivisionPart(Part):
    """A county or town; ``people`` are five-year bands from 60 on by sex, such as ``{female: {60: 900, 65: 800}}``."""

    code: str
    name: str = ""
    home_care: Count = 0
    near: tuple[str, ...] = ()
    people: dict[Sex, dict[int, Annotated[float, Field(ge=0)]]] | None = None


class ResidentsPart(Part):
    """Residents in beds of one type: how many, and the days they have stayed (a list, or a mean that is spread evenly)."""

    count: Count
    mean_days: Annotated[float, Field(gt=0)] = 600.0
    stayed_days: tuple[Count, ...] | None = None
    level: Level | None = None
    age: Annotated[int, Field(ge=0, le=120)] = 80
    sex: Sex = "female"
    priority_class: Class = CLASSES


class PlacesPart(Part):
    """Beds of one type and price band of a facility, and who is in them."""

    bed_type: BedType
    beds: Count
    usable: Count | None = None
    price: Count = 0
    reserved: dict[Class, Count] = {}
    trunk: bool = False
    residents: ResidentsPart | Count = 0


class FacilityPart(Part):
    """An institution with its places."""

    code: str
    division: str
    name: str = ""
    public: bool = False
    group: str | None = None
    places: tuple[PlacesPart, ...] = Field(min_length=1)


class WaitingPart(Part):
    """People on the list who are alike."""

    count: Some = 1
    waited_days: Count = 0
    priority_class: Class = CLASSES
    level: Level | None = None
    age: Annotated[int, Field(ge=0, le=120)] = 80
    sex: Sex = "female"
    bed_type: BedType | None = None
    facilities: tuple[str, ...] = ()
    division: str | None = None


class BaselinePart(Part):
    """The place as it is on a date."""

    name: str
    date: date
    divisions: tuple[DivisionPart, ...] = Field(min_length=1)
    facilities: tuple[FacilityPart, ...] = Field(min_length=1)
    waiting: tuple[WaitingPart, ...] = ()
    groups: dict[str, Share] | None = None


class PlanPart(Part):
    """The whole document; ``scenarios`` are read apart, and ``baseline`` may name a file that holds one."""

    baseline: BaselinePart | str
    scenarios: tuple[dict[str, Any], ...] = ()
    years: Annotated[int, Field(ge=1, le=40)] = 10
    replications: Annotated[int, Field(ge=1, le=100000)] = 30
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 1
    uncertain: bool = False
    parameters: str | None = None


class Plan(Part):
    """A plan ready to be run: the first scenario is always the present state, the base of every comparison."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    baseline: of.Baseline
    scenarios: tuple[Scenario, ...]
    years: int
    replications: int
    seed: int
    uncertain: bool


def read_plan(path: str | Path) -> Plan:
    """The plan in a YAML or JSON file; an error names the file, the line, the key, what was expected and the nearest name."""
    document = read_document(path)
    try:
        return _plan(document, Path(path).parent)
    except EldersimError as error:
        raise error if error.message.startswith(document.name) else document.located(error) from None


def schema() -> dict[str, Any]:
    """The JSON Schema of a plan, without that of its scenarios (`eldersim schema` prints both)."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **PlanPart.model_json_schema()}


def _plan(document: Document, folder: Path) -> Plan:
    part = _validated(document.content)
    parameters = load(None if part.parameters is None else folder / part.parameters)
    baseline = _stored(folder / part.baseline) if isinstance(part.baseline, str) else built(part.baseline, parameters)
    scenarios = [BASE]
    for number, content in enumerate(part.scenarios):
        scenario = read_scenario(content, baseline=baseline, path=("scenarios", number))
        if scenario.name in {each.name for each in scenarios}:
            raise InvalidInput(
                "SCENARIO_TWICE",
                f"Two scenarios are called {scenario.name!r}; 'base' is the present state.",
                remedy="Give each a name of its own.",
                path=("scenarios", number, "name"),
            )
        scenarios.append(scenario)
    return Plan(
        baseline=baseline,
        scenarios=tuple(scenarios),
        years=part.years,
        replications=part.replications,
        seed=part.seed,
        uncertain=part.uncertain,
    )


def built(part: BaselinePart, parameters: Parameters) -> of.Baseline:
    """The baseline that a part describes."""
    codes = [each.code for each in part.divisions]
    for number, each in enumerate(part.facilities):
        known(each.division, codes, "DIVISION_UNKNOWN", ("baseline", "facilities", number, "division"))
    places = [(facility, place) for facility in part.facilities for place in facility.places]
    try:
        return of.Baseline(
            part.name,
            part.date,
            tuple(of.Division(each.code, each.name, each.home_care, each.near) for each in part.divisions),
            tuple(
                of.Facility(each.code, each.division, each.name, each.public, each.group) for each in part.facilities
            ),
            tuple(_place(facility.code, place) for facility, place in places),
            tuple(one for facility, place in places for one in _residents(facility.code, place)),
            tuple(one for each in part.waiting for one in _waiting(each)),
            _population(part, parameters),
            parameters,
        )
    except InvalidInput as error:
        raise InvalidInput(error.code, error.message, remedy=error.remedy, path=("baseline", *error.path)) from None


def _place(facility: str, part: PlacesPart) -> of.Place:
    return of.Place(
        facility, part.bed_type, part.beds, part.usable, part.price, tuple(part.reserved.items()), part.trunk
    )


def _residents(facility: str, part: PlacesPart) -> list[of.Resident]:
    there = ResidentsPart(count=part.residents) if isinstance(part.residents, int) else part.residents
    stays = there.stayed_days or _spread_stays(there.count, there.mean_days)
    return [
        of.Resident(facility, part.bed_type, days, there.level, there.age, there.sex, there.priority_class, part.price)
        for days in stays
    ]


def _spread_stays(count: int, mean: float) -> tuple[int, ...]:
    """Days stayed so far, evenly from 0 to twice the mean: what is known when only the mean is."""
    return tuple(round(2 * mean * (place + 0.5) / count) for place in range(count))


def _waiting(part: WaitingPart) -> list[of.Applicant]:
    one = of.Applicant(
        part.waited_days, part.priority_class, part.level, part.age, part.sex, part.bed_type, part.facilities,
        part.division,
    )  # fmt: skip
    return [one] * part.count


def _population(part: BaselinePart, parameters: Parameters) -> of.Population | None:
    bands = {each.code: each.people for each in part.divisions if each.people is not None}
    if not bands:
        return None
    full = {code: {sex: dict(found.get(sex, {60: 0.0})) for sex in ("male", "female")} for code, found in bands.items()}
    return from_bands(full, fitted(parameters), year=part.date.year, group_shares=part.groups)


def _stored(path: Path) -> of.Baseline:
    try:
        return of.Baseline.from_json(path.read_bytes())
    except OSError as error:
        raise InvalidInput(
            "BASELINE_NOT_READABLE",
            f"The baseline {path} cannot be read: {error.strerror}.",
            remedy="Give the path from the plan's own folder.",
            path=("baseline",),
        ) from error


def _validated(content: Any) -> PlanPart:
    try:
        return PlanPart.model_validate(content)
    except ValidationError as error:
        raise _explained(error) from None


def _explained(error: ValidationError) -> InvalidInput:
    """The first thing wrong; a key too many comes first, as it is often the one that is missed elsewhere."""
    found = error.errors(include_url=False)
    first = next((each for each in found if each["type"] == "extra_forbidden"), found[0])
    path = tuple(part for part in first["loc"] if part not in ("BaselinePart", "ResidentsPart", "str", "int"))
    where = ".".join(map(str, path)) or "the plan"
    message = f"{where}: {first['msg'][0].lower()}{first['msg'][1:]}."
    names: list[str] = []
    if first["type"] == "extra_forbidden":
        message = f"{where}: there is no such key."
        names = sorted({key for part in Part.__subclasses__() for key in part.model_fields})
    elif first["type"] == "literal_error":
        names = str(first.get("ctx", {}).get("expected", "")).replace(" or ", ", ").replace("'", "").split(", ")
    given = str(path[-1] if first["type"] == "extra_forbidden" and path else first.get("input"))
    near = get_close_matches(given, names, n=1, cutoff=0.4)
    remedy = f"Did you mean {near[0]!r}?" if near else "`eldersim schema --plan` prints what a plan may hold."
    return InvalidInput("PLAN_INVALID", message, remedy=remedy, path=path)
