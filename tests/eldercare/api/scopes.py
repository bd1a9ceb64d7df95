"""Reads the text of a statement for a row that an inner select names anew instead of meaning the outer one."""

import re
from dataclasses import dataclass, field

NAMED = re.compile(r"\b(?:FROM|JOIN|,)\s+(\w+ AS \w+_\d+)\b")


@dataclass
class Select:
    """A part of a statement in brackets: its own text without the brackets inside it, and those."""

    text: str = ""
    inner: list["Select"] = field(default_factory=list)


def parsed(statement: str) -> Select:
    """The brackets of a statement inside each other."""
    stack = [Select()]
    for letter in re.sub(r"'[^']*'", "''", statement):
        if letter == "(":
            stack.append(Select())
            stack[-2].inner.append(stack[-1])
        elif letter == ")":
            stack.pop()
        else:
            stack[-1].text += letter
    return stack[0]


def lost(statement: str) -> set[str]:
    """Rows that a select names although one around it does: SQLAlchemy connects by itself only over one level.

    >>> lost("SELECT a_1.id FROM a AS a_1 WHERE EXISTS (SELECT 1 FROM b AS b_1, a AS a_1 WHERE a_1.id = b_1.a)")
    {'a AS a_1'}
    >>> lost("SELECT a_1.id FROM a AS a_1 WHERE EXISTS (SELECT 1 FROM b AS b_1 WHERE a_1.id = b_1.a)")
    set()
    """
    return _lost(parsed(statement), frozenset())


def _lost(part: Select, around: frozenset[str]) -> set[str]:
    own = set(NAMED.findall(part.text))
    found = own & around
    for each in part.inner:
        found |= _lost(each, around | own)
    return found
