"""Publishing an edition: counting every measure in every division, withholding what would tell too much, writing it once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from sqlalchemy import Date, func, literal, select

from eldercare.registry import changelog
from eldercare.registry.change import Writer
from eldercare.registry.division import Division
from eldercare.registry.draft import refuse
from eldercare.registry.publication import PublishedCount, PublishedEdition, PublishedMeasure, counted, setting
from eldercare.registry.query import View, in_force
from eldercare.security.cells import Shown, Tree, with_rest, withheld

Place = tuple[int, PublishedMeasure]


@dataclass(frozen=True)
class Published:
    """What an edition holds: how many counts are shown, withheld, and taken over because they hardly changed."""

    edition: PublishedEdition
    shown: int
    withheld: int
    kept: int
    new: bool = True


def publish(writer: Writer, as_of: date) -> Published:
    """Publish the edition of a day, once: a second call answers with what is there.

    Refused are days that begin no period, that lie ahead, or before an edition that is out (RuleViolation EDITION_DAY).
    """
    edition = writer.session.scalars(select(PublishedEdition).where(PublishedEdition.as_of == as_of)).one_or_none()
    if edition is not None:
        return _summary(writer, edition)
    _check_day(writer, as_of)
    with writer.together():
        position = str(changelog.latest(writer.session))
        edition = writer.create(PublishedEdition, {"as_of": as_of, "position": position})
        before = _before(writer, as_of)
        writer.load(PublishedCount, _rows(writer, edition, before))
    return _summary(writer, edition, new=True)


def latest_day(today: date) -> date:
    """The last day on or before today on which a period begins.

    >>> latest_day(date(2026, 6, 1))
    datetime.date(2026, 4, 1)
    """
    days = [date(year, *map(int, day.split("-"))) for year in (today.year - 1, today.year) for day in _first_days()]
    return max(day for day in days if day <= today)


@cache
def order() -> tuple[PublishedMeasure, ...]:
    """The measures, each after those that it contains."""
    sorter: TopologicalSorter[PublishedMeasure] = TopologicalSorter({each: set() for each in PublishedMeasure})
    for inner, outers in setting("contained_in").items():
        for outer in outers:
            sorter.add(PublishedMeasure[outer], PublishedMeasure[inner])
    return tuple(sorter.static_order())


@cache
def containing(measure: PublishedMeasure) -> frozenset[PublishedMeasure]:
    """The measures that contain a measure, however far above."""
    found: set[PublishedMeasure] = set()
    for name in setting("contained_in").get(measure.value, ()):
        found |= {PublishedMeasure[name], *containing(PublishedMeasure[name])}
    return frozenset(found)


def _check_day(writer: Writer, as_of: date) -> None:
    days = ", ".join(_first_days())
    if f"{as_of:%m-%d}" not in _first_days() or as_of > writer.today:
        refuse("EDITION_DAY", f"No edition is published of {as_of}.", f"Take a past day of these: {days}.", "as_of")
    last = writer.session.scalar(select(func.max(PublishedEdition.as_of)))
    if last is not None and last > as_of:
        # An edition put in between could be compared with the one after it, which was made without it.
        refuse("EDITION_DAY", f"The edition of {last} is out already.", "Publish later days only.", "as_of")


def _rows(writer: Writer, edition: PublishedEdition, before: Mapping[Place, tuple[int, date]]) -> list[dict[str, Any]]:
    keys, tree = _territory(writer, edition.as_of)
    own = {measure: _own(writer, measure, edition.as_of, keys, tree) for measure in PublishedMeasure}
    totals = {measure: tree.totals(counts) for measure, counts in own.items()}
    hidden: dict[PublishedMeasure, set[int]] = {}
    for measure in order():
        hidden[measure] = withheld(
            tree,
            own[measure],
            smallest=smallest(measure),
            inner=[Shown(totals[each], hidden[each]) for each in hidden if measure in containing(each)],
            outer=[totals[each] for each in containing(measure)],
        )
    return [
        _row(edition, keys[place], measure, None if place in hidden[measure] else total, before)
        for measure in PublishedMeasure
        for place, total in enumerate(totals[measure][: len(keys)])
        if total > 0
    ]


def _row(
    edition: PublishedEdition,
    division: int,
    measure: PublishedMeasure,
    people: int | None,
    before: Mapping[Place, tuple[int, date]],
) -> dict[str, Any]:
    """A count; where it has moved by less than a small count since it was last shown, it is shown as it was."""
    last, counted_on = before.get((division, measure), (None, edition.as_of))
    kept = people is not None and last is not None and abs(people - last) < smallest(measure)
    return {
        "edition_id": edition.id,
        "division_id": division,
        "measure": measure,
        "people": last if kept else people,
        "counted_on": counted_on if kept else edition.as_of,
    }


def smallest(measure: PublishedMeasure) -> int:
    """The smallest count of a measure that is shown."""
    return int(setting("smallest_of").get(measure.value, setting("smallest")))


def _territory(writer: Writer, as_of: date) -> tuple[list[int], Tree]:
    """The keys of the divisions of a day, those above first, and their tree."""
    found = select(Division.id, Division.parent_id).where(*in_force(Division, View(literal(as_of, Date()))))
    rows = list(writer.session.execute(found.order_by(Division.path)))
    places = {row.id: place for place, row in enumerate(rows)}
    return [row.id for row in rows], with_rest([places.get(row.parent_id, -1) for row in rows])


def _own(writer: Writer, measure: PublishedMeasure, as_of: date, keys: Sequence[int], tree: Tree) -> list[int]:
    """The people directly in each place; those in a division that has parts are in its rest."""
    places = {key: tree.rests.get(place, place) for place, key in enumerate(keys)}
    found = [0] * len(tree.parents)
    for division, people in writer.session.execute(counted(measure, View(literal(as_of, Date())))):
        if division in places:
            found[places[division]] += people
    return found


def _before(writer: Writer, as_of: date) -> dict[Place, tuple[int, date]]:
    """What the edition before showed."""
    last = select(func.max(PublishedEdition.as_of)).where(PublishedEdition.as_of < as_of).scalar_subquery()
    count = PublishedCount
    shown = select(count.division_id, count.measure, count.people, count.counted_on).join(
        PublishedEdition, PublishedEdition.id == count.edition_id
    )
    rows = writer.session.execute(shown.where(PublishedEdition.as_of == last, count.people.is_not(None)))
    return {(row.division_id, row.measure): (row.people, row.counted_on) for row in rows}


def _summary(writer: Writer, edition: PublishedEdition, *, new: bool = False) -> Published:
    count = PublishedCount
    kept = func.count().filter(count.counted_on < edition.as_of)
    found = select(func.count(count.people), func.count() - func.count(count.people), kept)
    shown, hidden, taken_over = writer.session.execute(found.where(count.edition_id == edition.id)).one()
    return Published(edition, shown, hidden, taken_over, new)


@cache
def _first_days() -> tuple[str, ...]:
    return tuple(setting("first_days"))
