"""What must be true of every record once it is written: found by a query that names the records that break it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from eldercare.kit.errors import RuleViolation
from eldercare.registry.draft import called
from eldercare.registry.entity import Record, Validity
from eldercare.registry.query import entity_class, nullable

Broken = Callable[[Any], ColumnElement[bool]]


@dataclass(frozen=True)
class Invariant:
    """A rule over records of some nouns: `broken` is true of a row that breaks it.

    With `acts` it is a rule of what may be done, not of what is: it is asked when a single write says one of these columns
    anew, and not of what is imported, because a register of the past may hold what should not have been done.
    """

    code: str
    message: str
    remedy: str
    nouns: tuple[type[Record], ...]
    broken: Broken
    path: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()

    def concerns(self, after: Mapping[str, Any], before: Mapping[str, Any] | None) -> bool:
        """Whether a write that made this of that must keep the rule."""
        return not self.acts or before is None or any(before.get(name) != after.get(name) for name in self.acts)

    def offenders(self, session: Session, noun: type[Record], keys: range, limit: int = 3) -> list[int]:
        """The first keys among these whose rows break the rule."""
        return list(session.scalars(_query(self, noun).limit(limit), {"first": keys.start, "after_last": keys.stop}))

    def enforce(self, session: Session, noun: type[Record], keys: range) -> None:
        """Raise `RuleViolation` when one of these rows breaks the rule."""
        found = self.offenders(session, noun, keys)
        if found:
            where = "" if len(keys) == 1 else f" Records {', '.join(map(str, found))} of {called(noun)} are the first."
            raise RuleViolation(self.code, self.message + where, remedy=self.remedy, path=self.path)


@cache
def _query(rule: Invariant, noun: type[Record]) -> Select[int]:
    """The query for offenders, built once: building it takes longer than running it."""
    row = aliased(noun)
    chosen = select(row.id).where(row.id >= bindparam("first"), row.id < bindparam("after_last"))
    return chosen.where(rule.broken(row)).order_by(row.id)


def overlap(noun: type[Record]) -> Invariant:
    """No two rows that stand for the same thing hold on the same day."""
    validity, alone = declared(noun)

    def broken(row: Any) -> ColumnElement[bool]:
        other = aliased(noun)
        return and_(
            _counts(row, alone.only),
            exists(
                select(other.id).where(
                    other.id != row.id,
                    *_same(row, other, alone.by),
                    _counts(other, alone.only),
                    before_end(start_of(other, validity), getattr(row, validity.end)),
                    before_end(start_of(row, validity), getattr(other, validity.end)),
                )
            ),
        )

    return Invariant(
        "OVERLAP",
        f"Another {called(noun)} with the same {', '.join(alone.by)} holds on some of these days.",
        f"End the other one first ({validity.end}), or correct its dates.",
        (noun,),
        broken,
        (validity.start,),
    )


def gap(noun: type[Record]) -> Invariant:
    """Rows that follow each other leave no day between them."""
    validity, alone = declared(noun)

    def broken(row: Any) -> ColumnElement[bool]:
        start, end = getattr(row, validity.start), getattr(row, validity.end)
        earlier, before, later, after = (aliased(noun) for _ in range(4))
        return or_(
            and_(
                exists(
                    select(earlier.id).where(*_same(row, earlier, alone.by), getattr(earlier, validity.start) < start)
                ),
                ~exists(select(before.id).where(*_same(row, before, alone.by), getattr(before, validity.end) == start)),
            ),
            and_(
                exists(select(later.id).where(*_same(row, later, alone.by), getattr(later, validity.start) > start)),
                ~exists(select(after.id).where(*_same(row, after, alone.by), getattr(after, validity.start) == end)),
            ),
        )

    return Invariant(
        "GAP",
        f"Between this {called(noun)} and the one before or after it there would be days without any.",
        "Let each begin on the day the one before ends.",
        (noun,),
        broken,
        (validity.start,),
    )


def step(noun: type[Record], owner: str, allowed: dict[str, list[str]]) -> Invariant:
    """A phase follows only a phase that leads to it, perhaps through others on the same day."""
    allowed = reachable(allowed)

    def broken(row: Any) -> ColumnElement[bool]:
        before, after = aliased(noun), aliased(noun)
        return or_(_wrong_step(row, before, row, owner, allowed), _wrong_step(row, row, after, owner, allowed))

    return Invariant(
        "TRANSITION",
        f"This {called(noun)} does not fit the one before or after it.",
        "Take the states in their order.",
        (noun,),
        broken,
        ("status",),
    )


def _wrong_step(row: Any, before: Any, after: Any, owner: str, allowed: dict[str, list[str]]) -> ColumnElement[bool]:
    other = before if after is row else after
    validity, _ = declared(entity_class(row))
    fits = [and_(before.status == state, after.status.in_(to)) for state, to in allowed.items() if to]
    return exists(
        select(other.id).where(
            getattr(before, owner) == getattr(after, owner),
            getattr(before, validity.end) == getattr(after, validity.start),
            not_(or_(*fits)),
        )
    )


def reachable(steps: dict[str, list[str]]) -> dict[str, list[str]]:
    """What each state can lead to in one or more steps.

    >>> reachable({"A": ["B"], "B": ["C"], "C": []})
    {'A': ['B', 'C'], 'B': ['C'], 'C': []}
    """
    found = {state: set(after) for state, after in steps.items()}
    for middle in steps:
        for after in found.values():
            if middle in after:
                after |= found[middle]
    return {state: sorted(after) for state, after in found.items()}


def declared(noun: type[Record]) -> tuple[Validity, Any]:
    """The validity of a noun and what it stands alone by; only nouns that declare both can be asked."""
    if noun.__validity__ is None or noun.__alone__ is None:
        raise TypeError(f"{noun.__name__} does not declare __validity__ and __alone__.")
    return noun.__validity__, noun.__alone__


def before_end(day: Any, end: Any) -> ColumnElement[bool]:
    """Whether a day lies before an end that may be open."""
    return or_(end.is_(None), day < end)


def start_of(row: Any, validity: Validity) -> Any:
    """The first day of a row; a start that may be empty counts as the beginning of time."""
    start = getattr(row, validity.start)
    return func.coalesce(start, literal(date.min, Date)) if nullable(row, validity.start) else start


def first_of(rules: Iterable[Invariant], noun: type[Record]) -> list[Invariant]:
    """The rules that speak of a noun."""
    return [rule for rule in rules if noun in rule.nouns]


def total(query: Any) -> ColumnElement[int]:
    """The sum a query gives, 0 when it gives none."""
    return func.coalesce(query.scalar_subquery(), literal(0, Integer))


def _same(row: Any, other: Any, names: tuple[str, ...]) -> list[ColumnElement[bool]]:
    return [getattr(row, name) == getattr(other, name) for name in names]


def _counts(row: Any, only: tuple[str, tuple[str, ...]] | None) -> ColumnElement[bool]:
    return true() if only is None else getattr(row, only[0]).in_(only[1])
