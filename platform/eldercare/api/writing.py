"""How a mutation is carried out: with whose name and source, once for each idempotency key, and what it answers."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from eldercare.api import ids
from eldercare.api.context import Context
from eldercare.api.problem import Problem
from eldercare.api.wiring import Shown
from eldercare.kit.errors import Conflict, EldercareError
from eldercare.registry import Source
from eldercare.registry.change import Writer
from eldercare.registry.entity import Record
from eldercare.registry.idempotency import claim, settle
from eldercare.registry.permission import check_right
from eldercare.registry.source import CollectionMethod

RETRY = {"40001", "40P01"}
"""PostgreSQL's codes for a serialisation failure and a deadlock: the same request may simply be sent again."""

Act = Callable[[Writer], Record | None]


class Outcome:
    """What a payload shows: the record, or why nothing was done, and what was allowed but is odd."""

    def __init__(self, shown: Shown | None, errors: list[Problem], notices: list[Problem]) -> None:
        self.shown, self.errors, self.notices = shown, errors, notices

    def __getattr__(self, name: str) -> Shown | None:
        """The record, under whatever name its noun has in the payload."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self.shown


def author_of(context: Context) -> str:
    """Who asks."""
    return context.viewer.id


def carry_out(context: Context, act: Act, *, request: Any, right: str, key: str | None = None) -> Outcome:
    """Do something once in a savepoint for somebody with the right to; what a rule refuses is answered, else raised."""
    author = author_of(context)
    writer = Writer(
        context.session,
        author=author,
        keys=context.services.get("keys"),
        today=context.today,
        request_id=context.request_id or None,
        principal=context.viewer,
        document=context.through,
    )
    try:
        check_right(context.viewer, right)
        return _once(context, writer, act, request, key)
    except EldercareError as error:
        return Outcome(None, [problem(error)], [])
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in RETRY:
            raise
        again = Conflict("TRY_AGAIN", "Another change was under way.", remedy="Send the same request again.")
        return Outcome(None, [problem(again)], [])


def problem(error: EldercareError) -> Problem:
    """A coded error as a payload shows it; columns are named as the input names them."""
    found = Problem.of(error)
    top = {"id", "expectedVersion", "idempotencyKey", "on", "source", "reason"}
    if found.path and found.path[0] not in top:
        found.path = ["input", *found.path]
    return found


def _once(context: Context, writer: Writer, act: Act, request: Any, key: str | None) -> Outcome:
    session = context.session
    with session.begin_nested():
        if key is not None and (before := claim(session, writer.author, key, request, keys=writer.keys)) is not None:
            return _answered(before)
        answer = _answer(act(writer), writer)
        writer.scope.prove()
        if key is not None:
            settle(session, writer.author, key, answer)
    return _answered(answer)


def _answer(found: Record | None, writer: Writer) -> dict[str, Any]:
    notices = [{"code": n.code, "message": n.message, "path": list(n.path)} for n in writer.warnings]
    noun, key = (None, None) if found is None else (type(found).__name__, found.id)
    return {"noun": noun, "key": key, "notices": notices}


def _answered(answer: Mapping[str, Any]) -> Outcome:
    shown = None if answer["noun"] is None else Shown(answer["noun"], answer["key"])
    remedy = "Nothing needs to be done if it is true."
    notices = [
        problem(EldercareError(n["code"], n["message"], remedy=remedy, path=n["path"])) for n in answer["notices"]
    ]
    return Outcome(shown, [], notices)


def use_source(writer: Writer, named: str | None) -> None:
    """Write from the source that was named by its id, else from the author's own."""
    writer.source_id = _own_source(writer) if named is None else key_of(named, "Source", "source")


def _own_source(writer: Writer) -> int:
    """The source of what an author sends without naming another: entered through the API, by that author."""
    own = select(Source.id).where(Source.system == "API", Source.recorded_by == writer.author).limit(1)
    found = writer.session.scalar(own)
    if found is not None:
        return found
    values = {"system": "API", "collection_method": CollectionMethod.ENTRY, "recorded_by": writer.author}
    return writer.create(Source, values).id


def plain(value: Any) -> Any:
    """Arguments as a fingerprint takes them."""
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def key_of(text: str, noun: str, name: str) -> int:
    """The key of an id sent as the argument `name`; a wrong one is an error at that argument."""
    try:
        return ids.key(text, noun)
    except EldercareError as error:
        error.path = (name,)
        raise


def snake(name: str) -> str:
    """The Python name of a GraphQL name.

    >>> snake("expectedVersion")
    'expected_version'
    """
    return re.sub(r"(?=[A-Z])", "_", name).lower()
