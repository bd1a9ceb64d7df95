"""Every report gives each role what it would give over a registry that holds nothing but what that role sees."""

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from asker import Asker
from marked import MARK, mark, open_marks, viewers
from oracle import Facts, is_personal
from planted import plant, value
from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy import inspect as mapping
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from eldercare.api.catalogue import Shape
from eldercare.api.noun import One, Rows, Value, camel
from eldercare.api.schema import Api
from eldercare.registry import (
    ENTITIES,
    AccountTransaction,
    DisbursementLine,
    Division,
    Entitlement,
    Person,
    ServiceAccount,
    ServiceOrder,
    Visit,
)
from eldercare.security.principal import SYSTEM, Principal
from factories import KEYS

ROWS, DAY = 40, date(2026, 11, 20)
PUBLIC_FACTS = {
    "occupancy": "residents and occupancy of a facility are public facts of the facility",
    "platformCoverage": "where a platform works is public",
}
"""Reports that tell everybody the same, whoever lives where, and why they may."""
OF_FACILITIES = ("CLOSING_WITH_RESIDENTS", "FILING_LATE", "FILING_OPEN")
"""Things to work on at a facility because people live there, which is a public fact of the facility."""
ABOUT_NOBODY = [
    "brandTarget",
    "experienceSubmissions",
    "hazardLedger",
    "indicatorProgress",
    "inspectionLedger",
    "platformCoverage",
    "ratingLevels",
    "safetyFigures",
    "serviceItems",
    "starShare",
    "trainingCoverage",
    "groupDashboard",
    "publishedCounts",
]
"""Reports that rest on no record about a person: they say the same over a registry without any."""


def settle(session: Session) -> None:
    """Make most of what was planted at random true today, so that reports have something to count."""
    luck = random.Random(3)
    for entity in ENTITIES:
        rule = entity.__validity__
        if rule is None or entity is Division:
            continue
        for row in session.scalars(select(entity)).all():
            if luck.random() < 0.7:
                ended = {rule.end: None} if rule.end and getattr(row, rule.end, None) else {}
                change(session, row, {rule.start: DAY - timedelta(days=luck.randrange(1, 3000))} | ended)
    for person in session.scalars(select(Person)):
        change(session, person, {"birth_date": date(luck.randrange(1920, 1965), 3, 4), "deceased_on": None})
    for visit in session.scalars(select(Visit)):
        change(session, visit, {"visited_on": DAY - timedelta(days=luck.randrange(20)), "purpose": "CARE"})
    plant_orders(session, luck)
    for line in session.scalars(select(DisbursementLine)):
        change(session, line, {"person_id": session.get_one(Entitlement, line.entitlement_id).person_id, "amount": 500})
    settle_accounts(session, luck)


def settle_accounts(session: Session, luck: random.Random) -> None:
    """What moves on an account is its own person's: nothing credits somebody else's line, as no command would."""
    moves = session.scalars(select(AccountTransaction).order_by(AccountTransaction.id)).all()
    for move in moves:
        paid = {"kind": "CONSUME", "line_id": None, "reverses_id": None, "amount": 300, "delta": -300}
        change(session, move, paid | {"happened_on": DAY - timedelta(days=luck.randrange(1, 300))})
    for line in session.scalars(select(DisbursementLine).order_by(DisbursementLine.id)):
        of = (move for move in moves if session.get_one(ServiceAccount, move.account_id).person_id == line.person_id)
        if (own := next(of, None)) is not None:
            change(session, own, {"kind": "CREDIT", "order_id": None, "line_id": line.id, "amount": 500, "delta": 500})


def plant_orders(session: Session, luck: random.Random) -> None:
    """Orders that wait: at random none is such that its constraints allow it."""
    columns = mapping(ServiceOrder).columns
    targets = {key.column.table for column in columns for key in column.foreign_keys}
    keys = {table.name: list(session.scalars(select(table.c.id))) for table in targets}
    for number in range(20):
        chosen = {n: value(c, luck, keys) for n, c in columns.items() if not c.nullable and n not in ("id", "version")}
        chosen |= {"ordered_on": DAY, "ordered_at": datetime(2026, 11, 20, 1, number, tzinfo=UTC), "quantity": 1}
        chosen |= {"funding": "SELF_PAY", "kind": "EMERGENCY_AID" if number % 2 else chosen["kind"]}
        chosen |= {"provider_id": luck.choice(keys["service_provider"]), "division_id": luck.randrange(4, 11)}
        with session.begin_nested():
            session.execute(insert(ServiceOrder).values(**chosen))


def change(session: Session, row: Any, values: dict[str, Any]) -> None:
    """Change a row, unless a constraint refuses it."""
    columns = mapping(type(row)).columns
    values = {name: each for name, each in values.items() if name in columns}
    with suppress(IntegrityError, StatementError), session.begin_nested():
        session.execute(update(type(row)).where(type(row).id == row.id).values(**values))


@pytest.fixture(scope="module")
def facts(empty_engine: Engine) -> Facts:
    with Session(empty_engine) as session:
        plant(session, seed=11, rows=ROWS)
        settle(session)
        marks = mark(session)
    return replace(Facts.read(empty_engine, DAY), marks=marks)


@pytest.fixture(scope="module")
def ask(api: Api, empty_url: str, empty_engine: Engine, asking: Callable[..., Asker], facts: Facts) -> Asker:
    return asking(empty_url, empty_engine, today=DAY, services={"keys": KEYS})


Given = tuple[dict[str, Any], ...]


def each(noun: str, name: str, **more: Any) -> Given:
    """The argument with every id of a noun that is worth asking for."""
    return tuple({name: f"{noun}_{key}", **more} for key in range(1, 16))


EAST, WHOLE = "Division_4", "Division_3"
PLACE: Given = ({}, {"division": EAST})
PLACES: Given = (*PLACE, {"division": WHOLE, "level": "TOWN"})
PERIOD: Given = ({"begins": "2020-01-01", "ends": "2027-01-01"},)
FROM_TO: Given = ({"firstDay": "2020-01-01", "lastDay": "2027-01-01"},)
ASKED: dict[str, Given] = {
    "brandTarget": PLACE,
    "callSummary": FROM_TO,
    "careVisits": PLACES,
    "censusProgress": each("Census", "census"),
    "dispatchCandidates": each("ServiceOrder", "order"),
    "dynamicUpdate": PLACES,
    "emergencyQueue": ({"at": "2030-11-01T00:00:00Z"},),
    "experienceSubmissions": each("ExperienceCall", "call"),
    "freshness": PLACES,
    "fundInspection": PLACE,
    "fundReport": PLACE,
    "groupCounts": (*PLACES, {"distinct": True}),
    "groupDashboard": each("Organisation", "group"),
    "groupFigures": each("Organisation", "group"),
    "hazardLedger": PERIOD,
    "inclusion": PLACES,
    "inclusionGap": ({"first": 50},),
    "indicatorProgress": ({},),
    "indicatorValues": ({"divisions": [EAST, WHOLE]},),
    "inspectionLedger": PERIOD,
    "occupancy": PLACE,
    "platformCoverage": ({"level": "COUNTY"},),
    "publicityList": each("DisbursementBatch", "batch"),
    "publishedCounts": ({"division": WHOLE, "level": "TOWN"}, {"division": EAST}),
    "ratingLevels": ({},),
    "safetyFigures": PLACE,
    "serviceItems": ({},),
    "serviceReturn": FROM_TO,
    "smallFacilities": PLACE,
    "staffRatio": PLACE,
    "starShare": PLACE,
    "subsidyReturn": each("SubsidyScheme", "scheme", year=2026),
    "trainingCoverage": PLACE,
    "workList": ({"first": 200},),
}


def selected(api: Api, shape: Shape) -> str:
    """Every field of a report, with the id of what it refers to and the marks that may stand there."""
    parts = []
    for field in shape.fields.values():
        name = camel(field.name)
        if isinstance(field, Value):
            parts.append(name)
        elif isinstance(field, Rows):
            parts.append(f"{name} {selected(api, api.catalogue.shapes[field.shape])}")
        elif isinstance(field, One):
            parts.append(f"{name} {{ id {'name idNumber phone' if field.noun == 'Person' else ''} }}")
    return f"{{ {' '.join(parts)} }}"


def document(api: Api, name: str) -> str:
    """A document that asks one report for everything, with all its arguments as variables."""
    field = api.schema.query_type.fields[name]  # type: ignore[union-attr]
    shape = api.catalogue.shapes[api.catalogue.reports[name].shape]
    declared = ", ".join(f"${a}: {d.type}" for a, d in field.args.items())
    return f"query Q({declared}) {{ it: {name}({', '.join(f'{a}: ${a}' for a in field.args)}) {selected(api, shape)} }}"


def answers(ask: Asker, viewer: Principal, names: Iterable[str], part: int | None = None) -> dict[str, Any]:
    """What a viewer is told by some reports; with `part`, of the longest lists only one of five parts."""
    api, found = ask.executor.api, {}
    kinds = {"codes": "IndicatorCode", "kinds": "WorkKind"}
    for name in names:
        text = document(api, name)
        for given in ASKED[name]:
            for argument in {"indicatorValues": ["codes"], "workList": ["kinds"]}.get(name, ()):
                every = [k for k in api.schema.type_map[kinds[argument]].values if k not in OF_FACILITIES]  # type: ignore[attr-defined]
                given = given | {argument: every if part is None else every[part % 5 :: 5]}
            answer = ask(text, given, viewer=viewer)
            codes = [e["extensions"]["code"] for e in answer.get("errors", ())]
            assert not WRONG & set(codes), (viewer, text, answer)
            found.setdefault(name, []).append([answer.get("data"), codes])
    return found


WRONG = {"INTERNAL", "GRAPHQL_VALIDATION_FAILED", "TOO_COSTLY", "WRONG_TYPE_OF_ID"}


@contextmanager
def without(engine: Engine, gone: dict[Any, list[dict[str, Any]]]) -> Iterator[None]:
    """The registry without some rows, for a while."""
    off, on = ("PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys=ON")
    if engine.dialect.name == "postgresql":
        off, on = ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT")

    def run(statements: Iterable[Any]) -> None:
        with engine.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            raw.execute(off)
            for statement, rows in statements:
                connection.execute(statement, rows)
            connection.commit()
            raw.execute(on)

    run((delete(t).where(t.c.id.in_([r["id"] for r in rows])), None) for t, rows in gone.items() if rows)
    try:
        yield
    finally:
        run((insert(t), rows) for t, rows in gone.items() if rows)


BY_WHICH = ("residence", "application", "application_phase")
"""What decides whose somebody is, and where they are counted, though not every role reads it."""


def others(facts: Facts, viewer: Principal) -> dict[Any, list[dict[str, Any]]]:
    """The rows about people that a viewer may not even count."""

    def kept(entity: Any, row: dict[str, Any]) -> bool:
        if facts.sees(viewer, entity, row, counting=True):
            return True
        person = facts.person_of(entity, row) if entity.__tablename__ in BY_WHICH else None
        return person is not None and facts.theirs(person, viewer, counting=True)

    return {
        mapping(entity).local_table: [r for r in facts.all(entity.__tablename__) if not kept(entity, r)]
        for entity in filter(is_personal, ENTITIES)
    }


def prove(ask: Asker, facts: Facts, engine: Engine, pairs: Iterable[tuple[Principal, list[str]]]) -> None:
    """Each viewer is told the same by each report without the rows they may not count, and no id nor mark beyond."""
    whole = answers(ask, SYSTEM, PUBLIC_FACTS)
    for i, (viewer, names) in enumerate(pairs):
        told = answers(ask, viewer, names, i)
        with without(engine, others(facts, viewer)):
            alone = answers(ask, viewer, names, i)
        for name in names:
            expected = whole[name] if name in PUBLIC_FACTS else alone[name]
            assert told[name] == expected, (viewer, name)
            nothing_beyond(facts, viewer, name, json.dumps(told[name]))


def nothing_beyond(facts: Facts, viewer: Principal, name: str, text: str) -> None:
    """An answer names no record about a person that the viewer does not see row by row, and holds no mark of one."""
    entities = {entity.__name__: entity for entity in filter(is_personal, ENTITIES)}
    for noun, key in re.findall(r'"([A-Z][A-Za-z]+)_([0-9]+)"', text):
        if noun in entities:
            row = facts.rows[entities[noun].__tablename__][int(key)]
            assert facts.sees(viewer, entities[noun], row), (viewer, name, noun, key)
    if seen := set(MARK.findall(text)):
        assert seen <= open_marks(facts, viewer), (viewer, name)


def test_every_report_is_asked(api: Api) -> None:
    assert ASKED.keys() == api.catalogue.reports.keys()
    assert {*ABOUT_NOBODY, *PUBLIC_FACTS} <= ASKED.keys()


@pytest.mark.usefixtures("own_rows")
@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_each_report_as_somebody(ask: Asker, facts: Facts, empty_engine: Engine) -> None:
    """Each report as one role in turn; `long` takes some roles for all, `exhaustive` all of all, on both databases."""
    everybody, names = viewers(facts), sorted(ASKED)
    prove(ask, facts, empty_engine, [(viewer, names[i :: len(everybody)]) for i, viewer in enumerate(everybody)])


@pytest.mark.long
def test_each_report_as_some(ask: Asker, facts: Facts, empty_engine: Engine) -> None:
    """Every report as three roles on SQLite and as two others on PostgreSQL."""
    first, step = (1, 5) if ask.executor.reads.driver == "sqlite" else (3, 8)
    prove(ask, facts, empty_engine, [(viewer, sorted(ASKED)) for viewer in viewers(facts)[first::step]])


@pytest.mark.exhaustive
@pytest.mark.parametrize("part", range(3))
def test_each_report_as_everybody(ask: Asker, facts: Facts, empty_engine: Engine, part: int) -> None:
    prove(ask, facts, empty_engine, [(viewer, sorted(ASKED)) for viewer in viewers(facts)[part::3]])


@pytest.mark.long
@pytest.mark.usefixtures("own_rows")
@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_what_is_planted_matters_to_every_report_about_people(ask: Asker, facts: Facts, empty_engine: Engine) -> None:
    everything = {mapping(e).local_table: [*facts.all(e.__tablename__)] for e in filter(is_personal, ENTITIES)}
    whole = answers(ask, SYSTEM, ASKED)
    with without(empty_engine, everything):
        without_people = answers(ask, SYSTEM, ASKED)
    same = [name for name in ASKED if whole[name] == without_people[name]]
    assert {*same} ^ {*ABOUT_NOBODY} == set()
