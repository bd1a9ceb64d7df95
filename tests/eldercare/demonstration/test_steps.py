"""The fill: the same everywhere, resumed after an interruption, never mixed with anything else."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from eldercare import demonstration
from eldercare.demonstration.steps import steps
from eldercare.kit.db import open_engine
from eldercare.kit.errors import InvalidInput, RuleViolation
from eldercare.registry import ENTITIES, Facility, GroupMembership, Person, Source, Stay
from eldercare.registry.changelog import Change, ChangeKind
from eldercare.registry.entity import Record
from eldercare.registry.identifier import citizen
from eldercare.registry.membership import GroupCategory
from eldercare.registry.source import CollectionMethod
from eldercare.registry.stay import Payer
from eldercare.registry.value import held
from eldercare.security.cipher import KeyRing

KEYS = KeyRing((bytes(64),), bytes(32))
VOLATILE = {"recorded_at", "compiled_at", "position"}


class Interrupted(Exception):
    """Stands for a fill that is killed."""


def stop_before(name: str) -> Any:
    """A progress callback that kills the fill before a step."""

    def progress(step: str, _done: int, _total: int) -> None:
        if step == name:
            raise Interrupted(step)

    return progress


def digest(engine: Engine, noun: type[Record]) -> tuple[int, str]:
    """How many rows a table has, and the digest of all of them without secrets and the time of recording."""
    columns = [column for column in noun.__table__.c if not column.info.get("secret") and column.name not in VOLATILE]
    found, summed = 0, sha256()
    with engine.connect() as connection:
        for row in connection.execute(select(*columns).order_by(noun.id)):
            summed.update(repr([told(value) for value in row]).encode())
            found += 1
    return found, summed.hexdigest()


def told(value: Any) -> str:
    """A value in words, an instant in UTC whatever the database makes of it."""
    return str(held(value).astimezone(UTC) if isinstance(value, datetime) else value)


@pytest.fixture(scope="module")
def both(demonstration_sqlite_url: str, demonstration_postgres_url: str) -> Iterator[tuple[Engine, Engine]]:
    """The demonstration on SQLite and on PostgreSQL."""
    engines = open_engine(demonstration_sqlite_url), open_engine(demonstration_postgres_url)
    yield engines
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize("noun", ENTITIES, ids=lambda noun: noun.__tablename__)
def test_both_databases_hold_the_same_rows(both: tuple[Engine, Engine], noun: type[Record]) -> None:
    """The same seed makes the same rows under the same keys."""
    sqlite, postgres = both
    assert digest(sqlite, noun) == digest(postgres, noun)


def test_every_identity_number_is_valid_and_belongs_to_nobody(
    demonstration_engine: Engine, demonstration_keys: KeyRing
) -> None:
    """Every single one: check character, date of birth, sex, and an area that was never assigned."""
    with demonstration_engine.connect() as connection:
        people = connection.execute(select(Person.id_number, Person.birth_date, Person.sex, Person.id_prefix)).all()
    for sealed, born, sex, prefix in people:
        found = citizen(demonstration_keys.decrypt("person.id_number", sealed))
        assert (found.birth_date, found.sex, found.area) == (born, sex, prefix)
        assert prefix.startswith("99")


@pytest.mark.parametrize("noun", [Person, Facility, GroupMembership])
def test_everybody_and_everything_is_marked_synthetic(demonstration_engine: Engine, noun: Any) -> None:
    """No invented record comes from a source that says otherwise."""
    query = select(Source.collection_method).join(noun, noun.source_id == Source.id).distinct()
    with demonstration_engine.connect() as connection:
        assert connection.scalars(query).all() == [CollectionMethod.SYNTHETIC]


def test_every_record_is_told_in_the_log(demonstration_engine: Engine) -> None:
    """The imports of the log cover every person, once."""
    query = select(func.sum(Change.last_key - Change.key + 1)).where(
        Change.noun == "person", Change.kind == ChangeKind.IMPORT
    )
    with demonstration_engine.connect() as connection:
        assert connection.scalar(query) == connection.scalar(select(func.count()).select_from(Person))


def test_a_filled_registry_is_recognised(demonstration_engine: Engine) -> None:
    """The sample is there, the full population is not."""
    assert demonstration.is_filled(demonstration_engine)
    assert not demonstration.is_filled(demonstration_engine, "full")
    assert demonstration.is_demonstration(demonstration_engine)


def test_filling_again_changes_nothing(demonstration_engine: Engine) -> None:
    """A complete fill is left as it is; even other keys are not asked for."""
    before = digest(demonstration_engine, Source)
    demonstration.fill(demonstration_engine, keys=KEYS)
    assert digest(demonstration_engine, Source) == before


@pytest.mark.long
def test_a_killed_step_leaves_nothing_and_is_done_again(engine: Engine) -> None:
    """Without a usable key the people's step fails as a whole; with one the fill goes on from there."""
    broken = KeyRing((), bytes(32))
    with pytest.raises(IndexError):
        demonstration.fill(engine, keys=broken)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0
        steps_before = set(session.scalars(select(Source.import_batch)))
    assert {"demonstration/divisions", "demonstration/indicators"} <= steps_before
    assert "demonstration/xiaoshan" not in steps_before
    with pytest.raises(Interrupted):
        demonstration.fill(engine, keys=KEYS, progress=stop_before("shijiazhuang"))
    with Session(engine) as session:
        poor = select(func.count()).where(GroupMembership.category == "EXTREMELY_POOR")
        assert session.scalar(poor) == 385


def test_another_seed_is_not_mixed_in(demonstration_engine: Engine) -> None:
    """A registry keeps the seed it was begun with."""
    with pytest.raises(RuleViolation) as refused:
        demonstration.fill(demonstration_engine, keys=KEYS, seed=1)
    assert refused.value.code == "DEMONSTRATION_SEED"


def test_a_registry_with_other_records_is_refused(engine: Engine) -> None:
    """Invented people never come among real ones."""
    with Session(engine) as session, session.begin():
        session.add(Source(system="civil affairs", collection_method=CollectionMethod.IMPORT, recorded_by="clerk"))
    assert not demonstration.is_demonstration(engine)
    with pytest.raises(RuleViolation) as refused:
        demonstration.fill(engine, keys=KEYS)
    assert refused.value.code == "DEMONSTRATION_MIXED"


def test_people_are_the_sample_or_the_full_population(engine: Engine) -> None:
    """Anything else is told what there is."""
    with pytest.raises(InvalidInput, match="sample or full"):
        demonstration.fill(engine, keys=KEYS, people="half")


def test_the_full_population_is_written_in_stretches_that_touch() -> None:
    """Every number up to 1,765,000 once, the residents' apart."""
    stretches = [step.name.split()[1].split("-") for step in steps("full") if step.name.startswith("people ")]
    bounds = [(int(first), int(last)) for first, last in stretches]
    assert bounds[0][0] == 15_872 + 160
    assert bounds[-1][1] == 1_765_000
    assert all(before[1] == after[0] for before, after in pairwise(bounds))


def test_nobody_is_centrally_supported_before_being_determined_extremely_poor(demonstration_engine: Engine) -> None:
    """The determination comes first, then the bed it pays for."""
    early = select(func.count()).where(
        Stay.person_id == GroupMembership.person_id,
        Stay.payer == Payer.CENTRALISED_SUPPORT,
        GroupMembership.category == GroupCategory.EXTREMELY_POOR,
        GroupMembership.valid_from > Stay.admitted_on,
    )
    with demonstration_engine.connect() as connection:
        assert connection.scalar(early) == 0
