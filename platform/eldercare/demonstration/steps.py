"""Fills a registry with the demonstration, step by step: each step is one transaction and leaves a source that says it is done."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, Literal

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from eldercare.demonstration.changes import write_changes
from eldercare.demonstration.division import write_divisions
from eldercare.demonstration.figure import AUTHOR, BATCH, write_census, write_figures, write_indicators
from eldercare.demonstration.funds import write_funds
from eldercare.demonstration.ledger import Ledger
from eldercare.demonstration.mianyang import write_mianyang
from eldercare.demonstration.pilots import write_pilots
from eldercare.demonstration.progress import write_progress
from eldercare.demonstration.returns import write_returns
from eldercare.demonstration.service import write_services
from eldercare.demonstration.service_place import write_service_places
from eldercare.demonstration.shijiazhuang import plan as shijiazhuang
from eldercare.demonstration.shijiazhuang_people import first_at_home, write_people, write_shijiazhuang
from eldercare.demonstration.supervision import write_supervision
from eldercare.demonstration.table import settings
from eldercare.demonstration.update import write_updates
from eldercare.demonstration.wishes import write_wishes
from eldercare.demonstration.world import World
from eldercare.demonstration.xiaoshan_people import write_xiaoshan
from eldercare.demonstration.zhangjiajie import write_zhangjiajie
from eldercare.kit.errors import InvalidInput, RuleViolation
from eldercare.registry import Source
from eldercare.registry.source import CollectionMethod
from eldercare.security.cipher import KeyRing

SEED = 20200519
"""The seed of the demonstration as it is shown; another seed makes other people with the same published figures."""

STRETCH = 25_000
"""People of the full population who are written in one transaction."""

People = Literal["sample", "full"]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the fill that is done wholly or not at all; without a source of its own it opens its sources itself.

    `reads` says that it asks large questions of what was written before, for which the database must know its sizes.
    """

    name: str
    source: Mapping[str, Any] | None
    write: Callable[[World], object]
    reads: bool = False


def fill(
    engine: Engine, *, keys: KeyRing, people: str = "sample", progress: Progress | None = None, seed: int = SEED
) -> None:
    """Fill an empty registry, or go on where an interrupted fill stopped; a complete one is left as it is.

    `people` is "sample" (everybody who appears in a record, and some neighbours) or "full" (also all 1,765,000 people aged 60
    and over of Shijiazhuang). `progress` is told the step, how many are done, and how many there are. Errors:
    DEMONSTRATION_MIXED when the registry holds other records, DEMONSTRATION_SEED when it was filled from another seed.
    """
    planned = steps(_known(people), seed)
    done = _done(engine, seed)
    for place, step in enumerate(planned):
        if progress:
            progress(step.name, place, len(planned))
        if step.name not in done:
            if step.reads:
                _count_up(engine)
            _write(engine, step, keys, seed)
    if any(step.name not in done for step in planned):
        _count_up(engine)
    if progress:
        progress("complete", len(planned), len(planned))


def is_filled(engine: Engine, people: str = "sample") -> bool:
    """Whether a complete fill is there."""
    present = {batch.removeprefix(BATCH) for batch in _batches(engine)}
    return all(step.name in present for step in steps(_known(people)))


def is_demonstration(engine: Engine) -> bool:
    """Whether this registry holds nothing but the demonstration; an empty registry counts."""
    with Session(engine) as session:
        own = Source.import_batch.startswith(BATCH)
        foreign = session.scalar(select(func.count()).select_from(Source).where(own.is_not(True)))
    return not foreign


def steps(people: People, seed: int = SEED) -> list[Step]:
    """All steps in order."""
    listed = [
        Step("divisions", _packaged("divisions"), lambda world: write_divisions(world.ledger)),
        Step("census", _packaged("census"), write_census),
        Step("indicators", _packaged("indicators"), write_indicators),
        Step("figures", None, write_figures),
        Step("xiaoshan", _invented("Xiaoshan 萧山区", seed), write_xiaoshan),
        Step("shijiazhuang", _invented("Shijiazhuang 石家庄市", seed), write_shijiazhuang),
        Step("mianyang", _invented("Mianyang 绵阳市", seed), write_mianyang),
        Step("pilots", _invented("the four cities, policies and pilots", seed), write_pilots),
        Step("zhangjiajie", _invented("Zhangjiajie 张家界市", seed), write_zhangjiajie),
        Step("supervision", _invented("the four cities' supervision", seed), write_supervision),
        Step("progress", _invented("the four cities' progress", seed), write_progress),
    ]
    last = [
        Step("funds", _invented("the four cities, subsidies and funds", seed), write_funds),
        Step("services", _invented("services of the four cities 四市养老服务", seed), write_services),
        Step("places", _invented("services of the four cities 四市养老服务", seed), write_service_places),
        Step("updates", _invented("dynamic update of the four cities 四市动态更新", seed), write_updates, reads=True),
        Step("wishes", _invented("inclusion in the four cities 四市应养尽养", seed), write_wishes),
        Step("changes", _invented("dynamic update of the four cities 四市动态更新", seed), write_changes, reads=True),
        Step("returns", _invented("the four cities, what was reported upward", seed), write_returns, reads=True),
    ]
    return [*listed, *_stretches(people, seed), *last]


def _stretches(people: People, seed: int) -> Iterator[Step]:
    """People at home in stretches of numbers; the full population begins with the sample's."""
    sample, everybody = shijiazhuang()["sample"], shijiazhuang()["people"]
    bounds = [first_at_home(), sample]
    if people == "full":
        bounds += [*range(sample + STRETCH, everybody, STRETCH), everybody]
    for first, last in pairwise(bounds):
        source = _invented("Shijiazhuang 石家庄市, people at home", seed)
        yield Step(f"people {first}-{last}", source, partial(write_people, numbers=range(first, last)))


def _write(engine: Engine, step: Step, keys: KeyRing, seed: int) -> None:
    with Session(engine) as session, session.begin():
        ledger = Ledger(session, keys, AUTHOR)
        if step.source:
            ledger.open_source({"import_batch": BATCH + step.name, "recorded_by": AUTHOR, **step.source})
        step.write(World(ledger, seed))
        ledger.close()


def _count_up(engine: Engine) -> None:
    """Let the database count its rows, so that it finds good ways through them; without it some questions take seconds."""
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def _done(engine: Engine, seed: int) -> set[str]:
    """The steps already there; a registry with other records or another seed is refused."""
    if not is_demonstration(engine):
        raise RuleViolation(
            "DEMONSTRATION_MIXED",
            "This registry holds records that are not the demonstration's.",
            remedy="Name another database; the demonstration is never mixed with real records.",
        )
    batches = _batches(engine)
    seeds = {note for note in batches.values() if note and note.startswith("seed ")}
    if seeds - {f"seed {seed}"}:
        raise RuleViolation(
            "DEMONSTRATION_SEED",
            f"This registry was filled from another seed: {', '.join(sorted(seeds))}.",
            remedy="Use that seed, or start over with an empty registry.",
        )
    return {batch.removeprefix(BATCH) for batch in batches}


def _batches(engine: Engine) -> dict[str, str | None]:
    with Session(engine) as session:
        query = select(Source.import_batch, Source.note).where(Source.import_batch.startswith(BATCH))
        return {batch: note for batch, note in session.execute(query) if batch is not None}


def _known(people: str) -> People:
    if people == "sample":
        return "sample"
    if people == "full":
        return "full"
    raise InvalidInput(
        "DEMONSTRATION_PEOPLE",
        f"The demonstration has no people {people!r}.",
        remedy="Choose sample or full.",
        path=("people",),
    )


def _packaged(step: str) -> dict[str, Any]:
    """The source of records that come from a packaged table."""
    return {**settings("sources.yaml")[step], "collection_method": CollectionMethod.IMPORT}


def _invented(place: str, seed: int) -> dict[str, Any]:
    """The source of synthetic records: nobody and nothing in them exists."""
    return {
        "system": "Eldercare demonstration",
        "document": f"synthetic people and facilities of {place}",
        "collection_method": CollectionMethod.SYNTHETIC,
        "note": f"seed {seed}",
    }
