"""Money: whole fen in the database and in code, yuan with two decimals as text wherever people read or send it."""

import re
from typing import Any, NewType

from sqlalchemy import BigInteger, ColumnElement, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import MappedColumn
from sqlalchemy.sql.functions import FunctionElement

from eldercare.registry.entity import column

Amount = NewType("Amount", int)
"""An amount in fen as an argument of a command, which the API takes and shows in yuan."""

YUAN = re.compile(r"(-?)(\d{1,13})(?:\.(\d{1,2}))?\Z", re.ASCII)
MOST = 10**15
"""Ten trillion yuan in fen: more is a slip of the pen."""


class Fen(BigInteger):
    """The type of a column that holds an amount of money: hundredths of a yuan in 64 bits."""


def money(*, en: str, zh: str, **options: Any) -> MappedColumn[Any]:
    """A column that holds an amount of money."""
    return column(Fen, en=en, zh=zh, **options)


def yuan(fen: int) -> str:
    """An amount as people read it.

    >>> yuan(579270000), yuan(-5)
    ('5792700.00', '-0.05')
    """
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02d}"


def fen(text: str | int) -> int:
    """The amount that a text in yuan stands for, or a whole number of yuan; ValueError when it is none.

    >>> fen("28.31"), fen("0.5"), fen(100)
    (2831, 50, 10000)
    """
    found = YUAN.match(str(text))
    if found is None or isinstance(text, bool):
        raise ValueError("must be an amount in yuan with at most two decimals, such as 28.31")
    sign, whole, rest = found.groups()
    amount = int(whole) * 100 + int((rest or "").ljust(2, "0"))
    return -amount if sign else amount


class yuan_text(FunctionElement[str]):
    """An amount in fen as text in yuan, as `yuan` writes it; empty for an empty one."""

    type = Text()
    inherit_cache = True

    def __init__(self, amount: ColumnElement[Any]) -> None:
        super().__init__(amount)


@compiles(yuan_text, "postgresql")
def _yuan_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    value = compiler.process(element.clauses, **kw)
    return f"to_char(({value})::numeric / 100, 'FM9999999999999990.00')"


@compiles(yuan_text, "sqlite")
def _yuan_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    value = compiler.process(element.clauses, **kw)
    # printf writes zero for an empty value; so the value stands twice.
    return f"(CASE WHEN ({value}) IS NOT NULL THEN printf('%.2f', ({value}) / 100.0) END)"
