"""Marks in an answer that say whose data it shows: written by the statement, cut out and collected before it leaves."""

import re
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy import inspect as mapping
from sqlalchemy.orm import aliased

from eldercare.api.compiler.filters import selectable
from eldercare.api.compiler.sql import PERSON
from eldercare.registry.concerned import step

FOUND = re.compile(rb'"' + PERSON.encode() + rb'" ?: ?(null|\d+)(?: ?, ?)?')


def person_key(row: Any) -> ColumnElement[Any] | None:
    """The person whom a row is about, as an expression; None when its records are about nobody."""
    name, further = step(mapping(row).mapper.class_)
    if not name:
        return None
    key: ColumnElement[Any] = getattr(row, name)
    if further is None:
        return key
    target = aliased(further)
    inner = person_key(target)
    if inner is None:
        return None
    found = select(inner).select_from(target).where(target.id == key)
    return found.correlate(selectable(row)).scalar_subquery()


def cut(data: bytes) -> tuple[bytes, set[int]]:
    """An answer without its marks, and the people whose data it shows.

    Inside a text a quote is always escaped, and the key is drawn by each process: nothing stored can look like a mark.

    >>> mark = PERSON.encode()
    >>> cut(b'{"people":[{"%s":7,"name":"a"},{"%s" : null, "name":"b"}]}' % (mark, mark))
    (b'{"people":[{"name":"a"},{"name":"b"}]}', {7})
    """
    parts = FOUND.split(data)
    return b"".join(parts[::2]), {int(each) for each in set(parts[1::2]) if each != b"null"}
