"""The only way rows are written: checked, completed, encrypted, versioned and told in the log of changes."""

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eldercare.kit import clock
from eldercare.kit.errors import Conflict, InvalidInput, NotFound
from eldercare.registry import audit, changelog, loading, occupancy
from eldercare.registry.capacity import CapacityPeriod
from eldercare.registry.changelog import ChangeKind
from eldercare.registry.concerned import person_of
from eldercare.registry.draft import Draft, Notice, called, refuse
from eldercare.registry.entity import Entity, Record, names_of, now, table_of
from eldercare.registry.integrity import translated
from eldercare.registry.invariant import first_of
from eldercare.registry.invariants import INVARIANTS
from eldercare.registry.permission import Keeper
from eldercare.registry.row_rules import LEANING, LOCKED, ROW_RULES, STANDING
from eldercare.registry.source import Source
from eldercare.registry.stay import Stay
from eldercare.registry.value import UNCHANGING, defaults, held, read_text, read_values, require, sealed, shown
from eldercare.security.cipher import KeyRing
from eldercare.security.principal import SYSTEM, Principal

Noun = TypeVar("Noun", bound=Record)


class Writer:
    """Writes records for one author, from one source, within the session's transaction; the caller commits.

    A refused write leaves the session as it was before it. `warnings` collects what was allowed but is odd.
    """

    def __init__(
        self,
        session: Session,
        *,
        author: str,
        source: Source | int | None = None,
        keys: KeyRing | None = None,
        today: date | None = None,
        request_id: str | None = None,
        principal: Principal | None = None,
        document: audit.Through | None = None,
    ) -> None:
        self.session = session
        self.author = author
        self.principal = principal or replace(SYSTEM, id=author)
        self.document = document
        self.source_id = source.id if isinstance(source, Source) else source
        self.keys = keys
        self.today = today or clock.today()
        self.request_id = request_id
        self.cause: str | None = None
        self.warnings: list[Notice] = []
        self.scope = Keeper(session, self.principal, self.today)
        self._parents: dict[tuple[type[Record], int], Any] = {}
        self._unverified: list[tuple[type[Record], range]] = []
        self._deferred: list[tuple[Any, ...]] | None = None

    def create(self, noun: type[Noun], values: Mapping[str, Any]) -> Noun:
        """Record something new; values are named by column, secrets in plain text."""
        with self._protected(noun):
            after = self.drafted(noun, read_values(noun, values))
            self._refer(noun, after, after)
            result = self.session.execute(insert(table_of(noun)).values(version=1, recorded_at=now(), **after))
            key = result.inserted_primary_key[0]  # type: ignore[attr-defined]
            self.scope.touched(noun, [key])
            self._enforce(noun, key, after)
            self._log(noun, key, ChangeKind.CREATE, after=after)
        return self.find(noun, key)

    def correct(
        self,
        noun: type[Noun],
        key: int,
        values: Mapping[str, Any],
        *,
        expected_version: int | None = None,
        reason: str | None = None,
    ) -> Noun:
        """Put a record right; values that are not named stay. Another version than expected is a `Conflict`."""
        return self._change(noun, key, values, ChangeKind.CORRECT, expected_version=expected_version, reason=reason)

    def end(
        self,
        noun: type[Noun],
        key: int,
        on: date,
        *,
        expected_version: int | None = None,
        reason: str | None = None,
        also: Mapping[str, Any] | None = None,
    ) -> Noun:
        """Let a dated record hold no longer from a day on; `also` are values that change with it."""
        if noun.__validity__ is None or not noun.__validity__.end:
            raise InvalidInput("NOT_DATED", f"A {called(noun)} has no end.", remedy="Correct or annul it.")
        name = noun.__validity__.end
        if getattr(self.locked(noun, key), name) is not None:
            refuse("ALREADY_ENDED", f"This {called(noun)} has already ended.", "Correct its end instead.", name)
        values = {**(also or {}), name: on}
        return self._change(noun, key, values, ChangeKind.END, expected_version=expected_version, reason=reason)

    def annul(self, noun: type[Record], key: int, *, reason: str, expected_version: int | None = None) -> None:
        """Take back a record that should never have been made; the log keeps what it said."""
        _changeable(noun)
        with self._protected(noun):
            row = self.locked(noun, key)
            self.expect(row, expected_version)
            if noun in STANDING:
                STANDING[noun](row)
            before = {name: getattr(row, name) for name in names_of(noun)}
            self._refer(noun, {name: before.get(name) for name in LOCKED})
            self.session.expunge(row)
            self.session.execute(delete(table_of(noun)).where(table_of(noun).c.id == key))
            self._enforce_around(noun, before)
            self._log(noun, key, ChangeKind.ANNUL, before=before, reason=reason, version=row.version)

    def load(self, noun: type[Record], rows: Iterable[Mapping[str, Any]]) -> range:
        """Import many records in constant memory and return their keys, which follow each other in the order given.

        Each row is checked by itself; what must hold between records is proved by `verify`, before the commit.
        """
        with self._protected(noun):
            drafts = (self.drafted(noun, read_values(noun, row)) for row in rows)
            keys = loading.insert_all(self.session, table_of(noun), drafts, columns=names_of(noun))
            if keys:
                self._unverified.append((noun, keys))
                self.scope.touched(noun, keys)
                self._log(noun, keys.start, ChangeKind.IMPORT, last_key=keys.stop - 1)
        return keys

    def verify(self) -> None:
        """Prove for everything loaded what must hold between records; the first breach is a `RuleViolation`."""
        for noun, keys in self._unverified:
            for rule in first_of(INVARIANTS, noun):
                if not rule.acts:
                    rule.enforce(self.session, noun, keys)
            if noun in (Stay, CapacityPeriod):
                dated: Any = noun
                pairs = select(dated.facility_id, dated.bed_type).distinct()
                chosen = pairs.where(dated.id >= keys.start, dated.id < keys.stop)
                occupancy.enforce(self.session, {(row[0], row[1]) for row in self.session.execute(chosen)})
        self._unverified.clear()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Writes inside are one step: what must hold between records is proved at the end of it, not after each write.

        A step within a step is part of it.
        """
        if self._deferred is not None:
            yield
            return
        with self.session.begin_nested():
            self._deferred = []
            try:
                yield
                waiting, self._deferred = self._deferred, None
                for enforce, written in waiting:
                    enforce(*written)
            finally:
                self._deferred = None

    @contextmanager
    def because(self, record: Record) -> Iterator[None]:
        """Changes inside happen because of a record, whose id the log keeps with each of them."""
        before, self.cause = self.cause, changelog.cause_of(record)
        try:
            yield
        finally:
            self.cause = before

    def find(self, noun: type[Noun], key: int) -> Noun:
        """The record of a key as it is now, or `NotFound`."""
        found = self.session.get(noun, key, populate_existing=True)
        if found is None:
            raise NotFound("NOT_FOUND", f"There is no such {called(noun)}.", remedy="Check its id.", path=("id",))
        return found

    def locked(self, noun: type[Noun], key: int) -> Noun:
        """The record of a key, kept from other writers until the transaction ends."""
        self.scope.own(noun, key)
        query = select(noun).where(noun.id == key).with_for_update(key_share=True)
        found = self.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
        return found if found is not None else self.find(noun, key)

    def drafted(
        self, noun: type[Record], values: Mapping[str, Any], before: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The values completed and checked by the noun's own rules, ready for the columns."""
        after = {**(before or defaults(noun)), **values}
        if issubclass(noun, Entity) and "source_id" not in values and (before is None or self.source_id is not None):
            after["source_id"] = self.source_id
        draft = Draft(noun, after, self.today, before, self.keys, self._look_up)
        _not_in_the_future(draft)
        for rule in ROW_RULES.get(noun, ()):
            rule(draft)
        require(noun, draft.after)
        self.warnings.extend(draft.notices)
        return sealed(noun, draft.after, self.keys)

    def _change(
        self,
        noun: type[Noun],
        key: int,
        values: Mapping[str, Any],
        kind: ChangeKind,
        *,
        expected_version: int | None,
        reason: str | None,
    ) -> Noun:
        _changeable(noun)
        with self._protected(noun):
            row = self.locked(noun, key)
            self.expect(row, expected_version)
            before = {name: held(getattr(row, name)) for name in names_of(noun) if name not in UNCHANGING}
            after = self.drafted(noun, read_values(noun, values), before)
            changed = {name: value for name, value in after.items() if before[name] != value}
            if not changed:
                return row
            self._refer(noun, {**{name: after.get(name) for name in LOCKED}, **changed}, changed)
            version = row.version
            self._update(noun, key, version, changed)
            self.scope.touched(noun, [key])
            self._enforce(noun, key, after, before)
            old = {name: before[name] for name in changed}
            self._log(noun, key, kind, before=old, after=changed, reason=reason, version=version + 1)
        return self.find(noun, key)

    def _update(self, noun: type[Record], key: int, version: int, changed: Mapping[str, Any]) -> None:
        table = table_of(noun)
        statement = update(table).where(table.c.id == key, table.c.version == version)
        done = self.session.execute(statement.values(version=version + 1, recorded_at=now(), **changed))
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise _lost_update(noun)

    def expect(self, row: Record, expected: int | None) -> None:
        """Refuse as a lost update when the record has another version than expected; None expects nothing."""
        if expected is not None and row.version != expected:
            raise _lost_update(type(row))

    def _refer(self, noun: type[Record], values: Mapping[str, Any], new: Container[str] = ()) -> None:
        """Lock the records that must not change meanwhile, in one order, and make sure that all named records exist.

        What is newly named must also be there for the writer.
        """
        for name, found in sorted(table_of(noun).c.items()):
            value = values.get(name)
            if value is None or not found.foreign_keys:
                continue
            target = next(iter(found.foreign_keys)).column.table
            query = select(target.c.id).where(target.c.id == value)
            query = query.with_for_update(key_share=True) if name in LOCKED else query
            hidden = name in new and not self.scope.sees(target, value)
            if hidden or self.session.execute(query).one_or_none() is None:
                raise NotFound(
                    "NOT_FOUND", f"There is no {target.name} of this id.", remedy="Check the id.", path=(name,)
                )

    def _enforce(
        self, noun: type[Record], key: int, after: Mapping[str, Any], before: Mapping[str, Any] | None = None
    ) -> None:
        if self._deferred is not None:
            self._deferred.append((self._enforce, (noun, key, after, before)))
            return
        for rule in first_of(INVARIANTS, noun):
            if rule.concerns(after, before):
                rule.enforce(self.session, noun, range(key, key + 1))
        if noun in (Stay, CapacityPeriod):
            states = [state for state in (before, after) if state is not None]
            pairs = {(state["facility_id"], state["bed_type"]) for state in states}
            start = noun.__validity__.start
            occupancy.enforce(self.session, pairs, min(state[start] for state in states))

    def _enforce_around(self, noun: type[Record], gone: Mapping[str, Any]) -> None:
        """What is left when a record is gone must hold too: no gap in a sequence, a bed for everybody, what it was part of."""
        alone, table = noun.__alone__, table_of(noun)
        for parent, key in _parents(noun, gone):
            for rule in first_of(INVARIANTS, parent):
                rule.enforce(self.session, parent, range(key, key + 1))
        if alone is not None and alone.gapless:
            same = [table.c[name] == gone[name] for name in alone.by]
            for key in self.session.scalars(select(table.c.id).where(*same)).all():
                self._again(noun, key)
        for other, name, of in LEANING.get(noun, ()):
            leaning = table_of(other).c
            for key in self.session.scalars(select(leaning.id).where(leaning[name] == gone[of])).all():
                self._again(other, key)
        if noun is CapacityPeriod:
            occupancy.enforce(self.session, {(gone["facility_id"], gone["bed_type"])}, gone["valid_from"])

    def _again(self, noun: type[Record], key: int) -> None:
        """Prove once more what must hold of a record that was not written itself."""
        if self._deferred is not None:
            self._deferred.append((self._again, (noun, key)))
            return
        for rule in first_of(INVARIANTS, noun):
            rule.enforce(self.session, noun, range(key, key + 1))

    def _look_up(self, noun: type[Record], key: int) -> Any:
        if (noun, key) not in self._parents:
            self._parents[noun, key] = self.find(noun, key)
        return self._parents[noun, key]

    def _log(
        self,
        noun: type[Record],
        key: int,
        kind: ChangeKind,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> None:
        if "reason" in more:
            more["reason"] = read_text(more["reason"], 300, "reason")
        entry = {
            "noun": noun.__tablename__,
            "key": key,
            "kind": kind,
            "version": 1,
            "before": None if before is None else shown(noun, before),
            "after": None if after is None else shown(noun, after),
            "author": self.author,
            "source_id": self.source_id,
            "request_id": self.request_id,
            "cause": self.cause,
        }
        changelog.append(self.session, [entry | more])
        self._tell(noun, key, kind, {**(before or {}), **(after or {})}, more)

    def _tell(
        self, noun: type[Record], key: int, kind: ChangeKind, values: Mapping[str, Any], more: Mapping[str, Any]
    ) -> None:
        """Put it on the audit trail too, with the person it is about; of an import only the first and last key."""
        imported = kind is ChangeKind.IMPORT
        person = None if imported else person_of(self.session, noun, key, values)
        audit.append(
            self.session,
            principal=self.principal,
            action=audit.Action.IMPORT if imported else audit.Action.CHANGE,
            noun=noun.__tablename__,
            keys=[key, more["last_key"]] if imported else [key],
            people=[] if person is None else [person],
            reason=more.get("reason"),
            document=self.document,
            request_id=self.request_id,
        )

    @contextmanager
    def _protected(self, noun: type[Record]) -> Iterator[None]:
        """A savepoint around one write, so that a refusal leaves nothing behind; database errors are put into words."""
        try:
            with self.session.begin_nested():
                yield
        except IntegrityError as error:
            raise translated(error, noun) from error


def _parents(noun: type[Record], gone: Mapping[str, Any]) -> Iterator[tuple[type[Record], int]]:
    """The records of which an annulled one was a part."""
    by_table = {mapper.class_.__tablename__: mapper.class_ for mapper in Record.registry.mappers}
    for name in LOCKED:
        if gone.get(name) is not None and table_of(noun).c[name].foreign_keys:
            yield by_table[next(iter(table_of(noun).c[name].foreign_keys)).column.table.name], gone[name]


def _not_in_the_future(draft: Draft) -> None:
    for name, value in draft.after.items():
        if not isinstance(value, date) or clock.day_of(value) <= draft.today or not draft.changed(name):
            continue
        if not table_of(draft.noun).c[name].info.get("planned"):
            remedy = f"Only plans have future dates; today is {draft.today}."
            refuse("DATE_IN_FUTURE", f"{name} lies in the future.", remedy, name)


def _changeable(noun: type[Record]) -> None:
    """Some facts are never changed, only answered by another."""
    if noun.__final__:
        refuse("RECORD_FINAL", f"A {called(noun)} is never changed or taken back.", noun.__final__)


def _lost_update(noun: type[Record]) -> Conflict:
    return Conflict(
        "VERSION",
        f"This {called(noun)} was changed by somebody else in the meantime.",
        remedy="Read it again and repeat the change on the new version.",
        path=("expectedVersion",),
    )
