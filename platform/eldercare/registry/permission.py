"""Whether somebody may change something: the right of their role, and the scope in which a record lies before and after."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, func, literal, select
from sqlalchemy.orm import Session, aliased

from eldercare.kit.errors import Forbidden, NotFound
from eldercare.registry.draft import called
from eldercare.registry.entity import Record, table_of
from eldercare.registry.scope import seen
from eldercare.registry.viewer import constant, viewer_of
from eldercare.security.policy import policy
from eldercare.security.principal import Principal


def check_right(principal: Principal, name: str, scope: str = "write") -> None:
    """Refuse what a role may not do, or a token does not allow; it does not depend on what there is."""
    if not policy().of(principal.role).writes(name):
        raise Forbidden(
            "FORBIDDEN",
            f"Your role may not do this ({name}).",
            remedy="Ask somebody whose task it is, or another role.",
        )
    if scope not in principal.scopes:
        raise Forbidden(
            "FORBIDDEN",
            f"Your token does not allow this: it lacks the scope `{scope}`.",
            remedy=f"Ask for a token with the scope `{scope}`.",
        )


class Keeper:
    """Keeps a writer within their scope: what they name must be theirs to see, what they change theirs before and after."""

    def __init__(self, session: Session, principal: Principal, today: date) -> None:
        self._session, self._day = session, literal(today, Date())
        self._viewer = viewer_of(principal, constant)
        self._touched: list[tuple[type[Record], Sequence[int]]] = []

    def touched(self, noun: type[Record], keys: Sequence[int]) -> None:
        """Note records that were written; `prove` looks at them."""
        if self._viewer is not None:
            self._touched.append((noun, keys))

    def known(self, noun: type[Record], keys: Iterable[int]) -> None:
        """Refuse the keys of records that the writer does not see, as if there were none."""
        for key in keys:
            if not self.sees(table_of(noun), key):
                raise not_found(noun)

    def sees(self, table: Any, key: int) -> bool:
        """Whether the writer sees the record of a key, or has just written it."""
        if self._viewer is None:
            return True
        noun: type[Record] = next(m.class_ for m in Record.registry.mappers if m.local_table is table)
        return self._wrote(noun, key) or bool(self._count(noun, [key], writing=False))

    def own(self, noun: type[Record], key: int) -> None:
        """Refuse to change a record outside the writer's scope: as if there were none, unless they may see it."""
        if self._viewer is None or self._wrote(noun, key):
            return
        if not self._count(noun, [key], writing=True):
            raise out_of_scope(noun) if self._count(noun, [key], writing=False) else not_found(noun)

    def prove(self) -> None:
        """Refuse what was written if some of it lies outside the writer's scope; records that are gone lie nowhere."""
        for noun, keys in self._touched:
            row: Any = aliased(noun)
            there = self._session.scalar(select(func.count()).select_from(row).where(_among(row, keys)))
            if self._count(noun, keys, writing=True) != there:
                raise out_of_scope(noun)
        self._touched.clear()

    def _wrote(self, noun: type[Record], key: int) -> bool:
        return any(noun is each and key in keys for each, keys in self._touched)

    def _count(self, noun: type[Record], keys: Sequence[int], *, writing: bool) -> int:
        assert self._viewer is not None
        row: Any = aliased(noun)
        where = [_among(row, keys), *seen(row, self._viewer, (self._day,), writing=writing)]
        return self._session.scalar(select(func.count()).select_from(row).where(*where)) or 0


def out_of_scope(noun: type[Record]) -> Forbidden:
    """The refusal of a change beyond the writer's scope."""
    return Forbidden(
        "OUT_OF_SCOPE",
        f"This {called(noun)} lies, or would then lie, outside what you are responsible for.",
        remedy="Leave it to those who are, or to the level above; somebody new is recorded with registerPerson.",
    )


def not_found(noun: type[Record]) -> NotFound:
    """The answer for a record that is not there, or not for this viewer."""
    return NotFound("NOT_FOUND", f"There is no such {called(noun)}.", remedy="Check its id.", path=("id",))


def _among(row: Any, keys: Sequence[int]) -> Any:
    if isinstance(keys, range):
        return row.id.between(keys.start, keys.stop - 1)
    return row.id.in_(keys)
