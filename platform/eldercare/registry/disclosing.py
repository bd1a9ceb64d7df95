"""What is told once and logged: protected values in the clear, for a reason, and who has an exact number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, inspect, literal, select
from sqlalchemy.orm import Session, aliased

from eldercare.kit.errors import Forbidden, InvalidInput
from eldercare.registry import audit
from eldercare.registry.concerned import person_of
from eldercare.registry.entity import Record, names_of
from eldercare.registry.identifier import citizen
from eldercare.registry.permission import not_found
from eldercare.registry.person import IdType, Person
from eldercare.registry.scope import is_personal, seen
from eldercare.registry.value import read_text, ring
from eldercare.registry.viewer import constant, viewer_of
from eldercare.security.cipher import KeyRing
from eldercare.security.policy import policy
from eldercare.security.principal import Principal

SHORTEST_REASON = 4


@dataclass(frozen=True)
class Asking:
    """Who asks, in which transaction, and what the audit trail keeps of it."""

    session: Session
    principal: Principal
    today: date
    keys: KeyRing | None = None
    document: audit.Through | None = None
    request_id: str | None = None


def reveal(asking: Asking, noun: type[Record], key: int, names: Sequence[str], reason: str) -> dict[str, str | None]:
    """The protected values of a record in the clear, by column; told once, and logged before it is told."""
    why = stated(reason)
    _check_token(asking.principal)
    for name in names:
        _check_kind(asking.principal, noun, name)
    row = _seen_row(asking, noun, key)
    if row is None:
        raise not_found(noun)
    found = {name: _clear(asking, noun, name, getattr(row, name)) for name in names}
    values = {name: getattr(row, name) for name in names_of(noun)}
    person = person_of(asking.session, noun, key, values)
    _log(asking, audit.Action.REVEAL, noun, [key], [person] if person else [], f"{', '.join(names)}: {why}")
    return found


def search(asking: Asking, id_type: IdType, number: str, reason: str) -> int | None:
    """The key of the person with exactly this number, if the asker sees them; logged whether or not there is one."""
    why = stated(reason)
    if not policy().of(asking.principal.role).searches or "read" not in asking.principal.scopes:
        raise Forbidden(
            "FORBIDDEN", "Your role may not search for numbers.", remedy="Search by name within your territory."
        )
    person = aliased(Person)
    text = citizen(number).number if id_type is IdType.RESIDENT_ID else number.strip()
    digest = ring(asking.keys).digest(text.upper())
    where = [person.id_digest == digest, person.id_type == id_type, person.merged_into_id.is_(None)]
    found = asking.session.scalar(select(person.id).where(*where, *_scope(asking, person)))
    keys = [] if found is None else [found]
    _log(asking, audit.Action.SEARCH, Person, keys, keys, why)
    return found


def stated(reason: str) -> str:
    """A reason that somebody can check later; an empty or idle one is `InvalidInput` (REASON)."""
    text = read_text(reason, 300, "reason") or ""
    if len(text) < SHORTEST_REASON:
        raise InvalidInput(
            "REASON", "The reason says too little.", remedy="Say for which case you need it.", path=("reason",)
        )
    return text


def _check_token(principal: Principal) -> None:
    if not policy().of(principal.role).reveals or "reveal" not in principal.scopes:
        raise Forbidden(
            "FORBIDDEN", "You may not reveal protected values.", remedy="Ask somebody who may, for the case at hand."
        )


def _check_kind(principal: Principal, noun: type[Record], name: str) -> None:
    columns = inspect(noun).columns
    kind = columns[name].info.get("privacy") if is_personal(noun) and name in columns else None
    if kind is None or columns[name].info.get("derived"):
        raise InvalidInput(
            "FIELD_UNKNOWN", f"`{name}` is no field that can be revealed.", remedy="Name fields that `masked` names.",
            path=("fields",),
        )  # fmt: skip
    if kind not in policy().of(principal.role).reveals:
        raise Forbidden("FORBIDDEN", f"Your role may not reveal `{name}`.", remedy="Leave it out.", path=("fields",))


def _scope(asking: Asking, row: Any) -> list[Any]:
    viewer = viewer_of(asking.principal, constant)
    return [] if viewer is None else seen(row, viewer, (literal(asking.today, Date()),))


def _seen_row(asking: Asking, noun: type[Record], key: int) -> Any:
    row = aliased(noun)
    return asking.session.scalars(select(row).where(row.id == key, *_scope(asking, row))).one_or_none()


def _clear(asking: Asking, noun: type[Record], name: str, value: Any) -> str | None:
    if value is None:
        return None
    if inspect(noun).columns[name].info.get("secret"):
        return ring(asking.keys).decrypt(f"{noun.__tablename__}.{name}", value)
    return str(value)


def _log(
    asking: Asking, action: audit.Action, noun: type[Record], keys: list[int], people: list[int], reason: str
) -> None:
    audit.append(
        asking.session,
        principal=asking.principal,
        action=action,
        noun=noun.__tablename__,
        keys=keys,
        people=people,
        reason=reason,
        document=asking.document,
        request_id=asking.request_id,
    )
