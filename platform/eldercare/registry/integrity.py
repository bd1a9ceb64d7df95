"""What the database refused, in words: unique keys, checks and references."""

import re

from sqlalchemy.exc import IntegrityError

from eldercare.kit.db import Base
from eldercare.kit.errors import Conflict, EldercareError, RuleViolation
from eldercare.registry.draft import called
from eldercare.registry.entity import Record

SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")
SQLITE_CHECK = re.compile(r"CHECK constraint failed: (\w+)")


def translated(error: IntegrityError, noun: type[Record]) -> EldercareError:
    """The coded error for what a database constraint refused; it never repeats the values."""
    name = _constraint(error)
    table = noun.__tablename__
    if name.startswith("ck_"):
        return RuleViolation(
            "CHECK_" + name.removeprefix(f"ck_{table}_").upper(),
            f"These values of a {called(noun)} do not fit together: {name.removeprefix(f'ck_{table}_').replace('_', ' ')}.",
            remedy="Check the dates and numbers.",
        )
    if name.startswith(("uq_", "pk_", "ex_")):
        return _taken(name, noun)
    if "FOREIGN KEY" in str(error.orig).upper():
        return RuleViolation(
            "STILL_REFERRED_TO",
            f"Other records refer to this {called(noun)}.",
            remedy="Annul or change those first, or end it instead.",
        )
    return RuleViolation("CONSTRAINT", f"The database refused this {called(noun)}.", remedy="Check its values.")


def _taken(name: str, noun: type[Record]) -> EldercareError:
    if name == "uq_person_id_number":
        return Conflict(
            "ID_NUMBER_TAKEN",
            "Another person already has this identity number.",
            remedy="Use the existing record, or merge the two.",
            path=("id_number",),
        )
    validity = noun.__validity__
    if validity is not None and (name.endswith("_open") or name.startswith("ex_")):
        return RuleViolation(
            "OVERLAP",
            f"Another {called(noun)} of the same kind holds on some of these days.",
            remedy=f"End the other one first ({validity.end}), or correct its dates.",
            path=(validity.start,),
        )
    return Conflict(
        "TAKEN", f"Another {called(noun)} already has these values.", remedy="Use or correct the existing one."
    )


def _constraint(error: IntegrityError) -> str:
    """The name of the constraint; SQLite tells only the columns of a unique index, which lead back to its name."""
    diagnostics = getattr(error.orig, "diag", None)
    if diagnostics is not None:
        return str(diagnostics.constraint_name or "")
    text = str(error.orig)
    if found := SQLITE_CHECK.search(text):
        return found.group(1)
    if found := SQLITE_UNIQUE.search(text):
        return _unique_name(found.group(1))
    return ""


def _unique_name(columns: str) -> str:
    names = [column.split(".")[-1] for column in columns.split(", ")]
    table = Base.metadata.tables[columns.split(".")[0]]
    for index in table.indexes:
        if index.unique and [column.name for column in index.columns] == names:
            return str(index.name)
    return "uq_" + "_".join(names)
