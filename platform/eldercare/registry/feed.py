"""The change feed: the log of changes as one viewer may follow it, in order, without gaps, with word of what is gone."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Date, literal, select
from sqlalchemy.orm import Session, aliased

from eldercare.kit.errors import InvalidInput
from eldercare.kit.term import Term
from eldercare.registry.changelog import Change, ChangeKind, Position, changes_after
from eldercare.registry.concerned import people_of, person_of
from eldercare.registry.division import Division, within
from eldercare.registry.entity import Record, table_of
from eldercare.registry.person import Person, Residence
from eldercare.registry.query import View, visible
from eldercare.registry.stay import Stay
from eldercare.registry.viewer import constant, viewer_of
from eldercare.security.principal import Principal

SCAN = 1000
"""Rows of the log that one page looks at, at most: many of them may be nothing to this viewer."""
TEXT = re.compile(r"(\d{1,19})-(\d{1,19})(?:\.(\d{1,19}))?\Z", re.ASCII)
Condition = Callable[[Any, View], list[Any]]
"""Further conditions on a row, such as that it lies in a division; an empty list where they say nothing about its noun."""


class EventKind(Term):
    """What became of a record, as its follower sees it."""

    CREATED = "新建", "recorded; it can be read now"
    CORRECTED = "更正", "corrected"
    ENDED = "终止", "ended"
    ANNULLED = "作废", "annulled: it should never have been recorded, and is gone"
    MOVED = "变动归属", "now of another place; read it again, and what belongs to it"
    LEFT = "移出范围", "no longer within what you may see or asked for; forget it, and what belongs to it"


PLACING: tuple[type[Record], ...] = (Residence, Stay)
"""The records that say where somebody belongs."""

KINDS = {
    ChangeKind.CREATE: EventKind.CREATED,
    ChangeKind.IMPORT: EventKind.CREATED,
    ChangeKind.CORRECT: EventKind.CORRECTED,
    ChangeKind.END: EventKind.ENDED,
    ChangeKind.ANNUL: EventKind.ANNULLED,
}


class Spot(NamedTuple):
    """A place in the feed: behind a change of the log, or behind a record of an import that is told record by record.

    >>> str(Spot.read("17-4.9")), str(Spot.read("17-4")), Spot.read("")
    ('17-4.9', '17-4', Spot(transaction=-1, number=-1, key=0))
    """

    transaction: int = -1
    number: int = -1
    key: int = 0

    def __str__(self) -> str:
        return f"{self.transaction}-{self.number}" + (f".{self.key}" if self.key else "")

    @classmethod
    def read(cls, text: str) -> "Spot":
        """The place that a reader kept; empty is the beginning, anything unreadable `InvalidInput`."""
        if not text:
            return cls()
        found = TEXT.match(text)
        if not found or any(int(part or 0) >= 2**63 for part in found.groups()):
            raise InvalidInput(
                "CHANGE_POSITION",
                "This is no position in the feed.",
                remedy="Send back what the feed gave, or nothing.",
                path=("after",),
            )
        return cls(int(found[1]), int(found[2]), int(found[3] or 0))

    def before(self) -> Position:
        """The position behind which the log goes on for this reader: an import that is half told is read again."""
        return Position(self.transaction, self.number - (self.key > 0))


@dataclass(frozen=True)
class Event:
    """Something that became of a record; `columns` are those that changed, `person` is whom one that is gone was about."""

    spot: Spot
    noun: type[Record]
    key: int
    kind: EventKind
    version: int
    recorded_at: datetime
    columns: tuple[str, ...] = ()
    person: int | None = None

    @property
    def gone(self) -> bool:
        """Whether there is nothing to read any more."""
        return self.kind in (EventKind.ANNULLED, EventKind.LEFT)


@dataclass(frozen=True)
class Page:
    """Some of the feed, and where it goes on: at `spot`, perhaps at once."""

    events: list[Event]
    spot: Spot
    more: bool


@dataclass
class Eyes:
    """What one viewer may follow, on a day; whether they may see something is asked in one place."""

    session: Session
    principal: Principal
    today: date
    condition: Condition | None = None
    _people: dict[tuple[int, date, bool], bool] = field(default_factory=dict)

    def view(self, day: date | None = None) -> View:
        """The view in which a record is visible or not: on a day, or with its whole history."""
        return view_of(self.principal, day or self.today, history=day is None)

    def seen(self, noun: type[Record], keys: Collection[int]) -> set[int]:
        """Those of the keys whose records they see."""
        entity: Any = aliased(noun)
        where = [entity.id.in_(sorted(keys)), *self._conditions(entity, self.view())]
        return set(self.session.scalars(select(entity.id).where(*where)))

    def range(self, noun: type[Record], first: int, last: int, limit: int) -> list[int]:
        """The first keys of a range whose records they see."""
        entity: Any = aliased(noun)
        where = [entity.id.between(first, last), *self._conditions(entity, self.view())]
        return list(self.session.scalars(select(entity.id).where(*where).order_by(entity.id).limit(limit)))

    def sees_person(self, key: int, day: date | None = None, *, asked: bool = True) -> bool:
        """Whether they see a person, on a day or today; `asked` also demands what was asked for."""
        known = (key, day or self.today, asked)
        if known not in self._people:
            person: Any = aliased(Person)
            view = self.view(day or self.today)
            conditions = self._conditions(person, view) if asked else visible(person, view)
            found = select(person.id).where(person.id == key, *conditions)
            self._people[known] = self.session.scalar(found) is not None
        return self._people[known]

    def sees(self, noun: type[Record], key: int) -> bool:
        """Whether they see a record."""
        return bool(self.seen(noun, [key]))

    def lies_in(self, division: int) -> bool:
        """Whether a division is inside theirs."""
        own = self.principal.division_id
        if own is None:
            return False
        place: Any = aliased(Division)
        found = select(place.id).where(place.id == division, within(place.id, literal(own)))
        return self.session.scalar(found) is not None

    @property
    def everywhere(self) -> bool:
        """Whether nothing ever leaves what they see."""
        return self.condition is None and viewer_of(self.principal, constant) is None

    def _conditions(self, entity: Any, view: View) -> list[Any]:
        return [*visible(entity, view), *(self.condition(entity, view) if self.condition else [])]


def view_of(principal: Principal, day: date, *, history: bool) -> View:
    """The view of a viewer on a day, or on all days of what they see today."""
    at = literal(day, Date())
    return View(at, history=history, viewer=viewer_of(principal, constant), today=at if history else None)


def page(eyes: Eyes, after: Spot, *, first: int, nouns: Collection[type[Record]]) -> Page:
    """The next events after a place, about some nouns, in the order of the log."""
    rows = list(changes_after(eyes.session, after.before(), limit=SCAN))
    seen, people = _seen(eyes, rows, nouns), _people(eyes, rows)
    found: list[Event] = []
    spot = after
    for row in rows:
        place = Spot(row.transaction, row.number)
        noun = tables().get(row.noun)
        if noun is None:
            spot = place
            continue
        if row.kind is ChangeKind.IMPORT and noun in nouns:
            start = max(row.key, after.key + 1 if place[:2] == after[:2] else 0)
            found += _imported(eyes, noun, row, start, first - len(found))
            if len(found) >= first:
                return Page(found, found[-1].spot, True)
        elif row.kind is not ChangeKind.IMPORT:
            person = people.get((row.noun, row.key)) or _said(row, "person_id")
            found += _events(eyes, noun, row, nouns, seen=row.key in seen.get(noun, ()), person=person)
        spot = place
        if len(found) >= first:
            return Page(found, spot, True)
    return Page(found, spot, len(rows) == SCAN)


def people_in(session: Session, events: Iterable[Event]) -> set[int]:
    """The people whom some events are about: to be told of a change of somebody's record is to read of them."""
    keys: dict[type[Record], set[int]] = {}
    found: set[int] = set()
    for each in events:
        if each.person is not None:
            found.add(each.person)
        else:
            keys.setdefault(each.noun, set()).add(each.key)
    return found.union(*(people_of(session, noun, wanted).values() for noun, wanted in keys.items()))


def _seen(eyes: Eyes, rows: Iterable[Change], nouns: Collection[type[Record]]) -> dict[type[Record], set[int]]:
    """Those records of some changes that are seen now: one statement for each noun."""
    wanted: dict[type[Record], set[int]] = {}
    for row in rows:
        noun = tables().get(row.noun)
        if noun in nouns and noun is not None and row.kind is not ChangeKind.IMPORT:
            wanted.setdefault(noun, set()).add(row.key)
    return {noun: eyes.seen(noun, keys) for noun, keys in wanted.items()}


def _imported(eyes: Eyes, noun: type[Record], row: Change, start: int, limit: int) -> list[Event]:
    keys = eyes.range(noun, start, row.last_key or row.key, limit)
    return [
        Event(Spot(row.transaction, row.number, key), noun, key, EventKind.CREATED, 1, row.recorded_at) for key in keys
    ]


def _people(eyes: Eyes, rows: Iterable[Change]) -> dict[tuple[str, int], int]:
    """The people whom changed records are about, for a viewer out of whose sight they may go."""
    if eyes.everywhere:
        return {}
    keys: dict[type[Record], set[int]] = {}
    for row in rows:
        noun = tables().get(row.noun)
        if noun is not None and row.kind is not ChangeKind.IMPORT and "person_id" in table_of(noun).c:
            keys.setdefault(noun, set()).add(row.key)
    found: dict[tuple[str, int], int] = {}
    for noun, wanted in keys.items():
        table = table_of(noun)
        query = select(table.c.id, table.c.person_id).where(table.c.id.in_(sorted(wanted)))
        found |= {(table.name, key): person for key, person in eyes.session.execute(query)}
    return found


def _events(
    eyes: Eyes, noun: type[Record], row: Change, nouns: Collection[type[Record]], *, seen: bool, person: int | None
) -> Iterable[Event]:
    """What a change is to the viewer: the change itself, word that its record is gone, and that its person has moved."""
    place = Spot(row.transaction, row.number)

    def event(of: type[Record], key: int, kind: EventKind, columns: Iterable[str] = ()) -> Event:
        gone = kind in (EventKind.ANNULLED, EventKind.LEFT) and of is noun
        whose = person_of(eyes.session, noun, key, row.before or {}) if gone else None
        return Event(place, of, key, kind, row.version, row.recorded_at, tuple(columns), whose)

    if noun in nouns and seen:
        yield event(noun, row.key, KINDS[row.kind], () if row.kind is ChangeKind.CREATE else row.after or {})
    elif noun in nouns and (row.kind is ChangeKind.ANNUL or not eyes.everywhere) and _was_theirs(eyes, noun, row):
        yield event(noun, row.key, EventKind.ANNULLED if row.kind is ChangeKind.ANNUL else EventKind.LEFT)
    if person is not None and noun in PLACING and Person in nouns and not eyes.everywhere:
        if eyes.sees_person(person):
            yield event(Person, person, EventKind.MOVED)
        elif any(eyes.sees_person(person, day) for day in _days(row, eyes.today)) or _touched(eyes, row):
            yield event(Person, person, EventKind.LEFT)


def _said(row: Change, name: str) -> int | None:
    """The key that a change names in a column, before it or after it."""
    for state in (row.before, row.after):
        if state and isinstance(state.get(name), int):
            return int(state[name])
    return None


def _was_theirs(eyes: Eyes, noun: type[Record], row: Change) -> bool:
    """Whether a record that is not seen now was, by what the change says it said before."""
    if eyes.everywhere:
        return True
    person = (row.before or {}).get("person_id")
    if isinstance(person, int):
        return eyes.sees_person(person, asked=False)
    reach = noun.__reach__
    return _touched(eyes, row) or (row.kind is ChangeKind.ANNUL and reach is not None and reach.everybody)


def _touched(eyes: Eyes, row: Change) -> bool:
    """Whether what was said before names the viewer's own territory, facility or organisation."""
    before, principal = row.before or {}, eyes.principal
    if before.get("facility_id") in principal.facility_ids and principal.facility_ids:
        return True
    if before.get("organisation_id") is not None and before["organisation_id"] == principal.organisation_id:
        return True
    return isinstance(place := before.get("division_id"), int) and eyes.lies_in(place)


def _days(row: Change, today: date) -> set[date]:
    """The days before those that a change names: then its person was still where they were."""
    found = {today - timedelta(days=1)}
    for value in (*(row.before or {}).values(), *(row.after or {}).values()):
        if isinstance(value, str) and len(value) == 10:
            try:
                found.add(date.fromisoformat(value) - timedelta(days=1))
            except (ValueError, OverflowError):
                continue
    return found


@cache
def tables() -> Mapping[str, type[Record]]:
    """The nouns by the names of their tables."""
    return {table_of(m.class_).name: m.class_ for m in Record.registry.mappers if issubclass(m.class_, Record)}
