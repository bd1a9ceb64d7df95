"""Lists people work from: each duty is declared once, with what is wrong, since when, until when, and what to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    Text,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from eldercare.kit.term import Term
from eldercare.registry.days import between
from eldercare.registry.division import within
from eldercare.registry.entity import Record
from eldercare.registry.facility import Facility
from eldercare.registry.group import alive, people_within
from eldercare.registry.person import Person, Residence, ResidenceBase
from eldercare.registry.query import View, visible
from eldercare.reporting.measure import once


class Severity(Term):
    """How pressing something is."""

    URGENT = "紧急", "urgent: safety or somebody's rights are at stake"
    IMPORTANT = "重要", "important: a term set by rule"
    ROUTINE = "一般", "routine: to be put in order"


@dataclass(frozen=True)
class Hit:
    """When a record is something to work on: since when, until when it should be done, and under which conditions."""

    since: Any
    due: Any
    where: Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Duty:
    """A kind of things to work on: which records, how pressing, and what to do.

    With `ended` records that no longer hold are looked at too. `via` names the reference, and the noun it leads to, whose
    person or facility it is about. `place` names the column of the division where a record
    belongs neither to a person nor to a facility.
    """

    code: str
    noun: type[Record]
    severity: Severity
    en: str
    zh: str
    do_en: str
    do_zh: str
    hit: Callable[[Any, View], Hit]
    ended: bool = False
    place: str = ""
    via: tuple[str, type[Record]] | None = None


class bytewise(FunctionElement[str]):
    """A text that is compared byte by byte on both databases."""

    type = Text()
    inherit_cache = True


@compiles(bytewise, "sqlite")
def _sqlite_bytewise(element: bytewise, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(bytewise, "postgresql")
def _postgres_bytewise(element: bytewise, compiler: Any, **options: Any) -> str:
    return f'(({compiler.process(element.clauses, **options)}) COLLATE "C")'


def items(duties: Sequence[Duty], view: View, territory: Any = None) -> Any:
    """All things to work on, worked out once, each with a `cursor` that is its place in the list: the longest due first."""
    found = [_rows(duty, view.at_date(), territory) for duty in duties]
    rows: Any = once(select(union_all(*(found or [_none()])).subquery()))
    first = func.coalesce(rows.c.due, rows.c.since, view.as_of)
    number = cast(rows.c.subject_key, Text)
    padded = func.substr("000000000000", 1, 12 - func.length(number)).concat(number)
    cursor = cast(first, Text).concat(":").concat(rows.c.kind).concat(":").concat(padded)
    columns: list[Any] = [*rows.c, bytewise(cursor).label("cursor")]
    overdue = case((rows.c.due.is_not(None), between(rows.c.due, view.as_of)))
    return once(select(*columns, overdue.label("days_overdue")))


def _rows(duty: Duty, view: View, territory: Any) -> Select[Any]:
    row: Any = aliased(duty.noun)
    owner: Any = row if duty.via is None else aliased(duty.via[1])
    noun = duty.noun if duty.via is None else duty.via[1]
    hit = duty.hit(row, view)
    person_key, facility_key = _owner(noun, owner, Person, "person_id"), _owner(noun, owner, Facility, "facility_id")
    columns: list[Any] = [
        literal(duty.code, String).label("kind"),
        literal(duty.noun.__name__, String).label("noun"),
        row.id.label("subject_key"),
        cast(null() if person_key is None else person_key, BigInteger).label("person"),
        cast(null() if facility_key is None else facility_key, BigInteger).label("facility"),
        _day(hit.since).label("since"),
        _day(hit.due).label("due"),
    ]
    found: Select[Any] = select(*columns).where(*visible(row, replace(view, history=duty.ended)), *hit.where)
    if duty.via is not None:
        found = found.join(owner, owner.id == getattr(row, duty.via[0])).where(*visible(owner, view))
    place: Any = getattr(row, duty.place) if duty.place else None
    if facility_key is not None:
        found, place = _housed(found, noun, owner, facility_key, view)
    if person_key is not None:
        found = _living(found, noun, owner, person_key, view)
        place = home(person_key, view) if place is None else place
    found = found.add_columns(cast(place, BigInteger).label("division"))
    return found if territory is None else found.where(_inside(person_key, facility_key, place, territory, view))


def _housed(found: Select[Any], noun: type[Record], owner: Any, key: Any, view: View) -> tuple[Select[Any], Any]:
    if noun is Facility:
        return found, owner.division_id
    facility: Any = aliased(Facility)
    return found.join(facility, facility.id == key).where(*visible(facility, view)), facility.division_id


def _living(found: Select[Any], noun: type[Record], row: Any, key: Any, view: View) -> Select[Any]:
    """Only people who are alive: what was due for the dead is settled."""
    if noun is Person:
        return found.where(alive(row, view))
    person = aliased(Person)
    return found.join(person, person.id == key).where(alive(person, view), *visible(person, view))


def _inside(person: Any, facility: Any, place: Any, territory: Any, view: View) -> ColumnElement[bool]:
    if facility is None and person is not None:
        inside: ColumnElement[bool] = person.in_(people_within(territory, view))
        return inside
    return within(place, territory)


def _owner(noun: type[Record], row: Any, wanted: type[Record], name: str) -> Any:
    return row.id if noun is wanted else getattr(row, name, None)


def _day(value: Any) -> Any:
    return cast(null(), Date) if value is None else value


def _none() -> Select[Any]:
    names = {"kind": String, "noun": String, "subject_key": BigInteger, "person": BigInteger, "facility": BigInteger}
    kinds: dict[str, Any] = {**names, "since": Date, "due": Date, "division": BigInteger}
    columns: list[Any] = [cast(null(), kind).label(name) for name, kind in kinds.items()]
    return select(*columns).where(literal_column("1") == literal_column("0"))


def home(person_key: Any, view: View) -> ColumnElement[int]:
    """The division in which the person of a key lives, else is registered."""

    def place(base: ResidenceBase) -> Any:
        residence = aliased(Residence)
        where = [residence.person_id == person_key, residence.base == base, *visible(residence, view)]
        found = select(residence.division_id).where(*where).order_by(residence.id).limit(1)
        return found.correlate_except(residence).scalar_subquery()

    return func.coalesce(place(ResidenceBase.RESIDENT), place(ResidenceBase.HUKOU))


def counted(rows: Any) -> Select[Any]:
    """How many of each kind there are, and how many of them are overdue."""
    late = func.count(case((rows.c.days_overdue > 0, 1)))
    columns: list[Any] = [rows.c.kind, cast(func.count(), Integer).label("count"), cast(late, Integer).label("overdue")]
    return select(*columns).group_by(rows.c.kind)
