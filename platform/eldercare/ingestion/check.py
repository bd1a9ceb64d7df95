"""What is refused of a row before anybody is looked for: each problem with its field, code, sentence and remedy."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from eldercare.ingestion.person_row import BY_NAME, NEW, PersonRow, Problem
from eldercare.kit.errors import EldercareError
from eldercare.registry.division import Division, DivisionSuccessor
from eldercare.registry.identifier import Citizen, citizen
from eldercare.registry.person import IdType, Sex

LONGEST_RECORD = 120
CODE_LENGTHS = {2, 4, 6, 9, 12}
"""Digits of a division's code without the zeros behind it: province, city, county, town, village."""

ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+?\d+|\d{15}0{3}")
LOST_DIGITS = Problem(
    "idNumber",
    "ID_NUMBER_ROUNDED",
    "A spreadsheet has rounded the citizen number; its last digits are lost.",
    "Format the column as text in the system it comes from, and export it again.",
)
SAME_AS = re.compile(rf"Person_[1-9]\d{{0,17}}|{NEW}")


def checked(rows: Iterable[PersonRow], today: date) -> tuple[PersonRow, ...]:
    """The rows completed by what their numbers say, with all that is wrong with each."""
    found = [_checked(row, today) for row in rows]
    first: dict[str, int] = {}
    for row in found:
        if row.source_record is not None:
            first.setdefault(row.source_record, row.number)
    return tuple(_once(row, first) for row in found)


def place(session: Session, code: str) -> tuple[int | None, Problem | None]:
    """The key of the division with a code, which may lack the zeros at its end; the highest where levels share one."""
    problem = partial(Problem, "division")
    if not (code.isascii() and code.isdigit() and len(code) in CODE_LENGTHS):
        return None, problem(
            "DIVISION_CODE", "A code of a division has twelve digits.", "Zeros at its end may be left out."
        )
    query = select(Division).where(Division.code == code.ljust(12, "0")).order_by(Division.path)
    known = list(session.scalars(query))
    standing = next((each for each in known if each.valid_to is None), None)
    if standing is not None:
        return standing.id, None
    if not known:
        return None, problem(
            "DIVISION_UNKNOWN", "There is no division of this code (居住区划代码).", "Look it up: query `divisions`."
        )
    after = ", ".join(_successors(session, known[-1].id)) or "none that is recorded"
    return None, problem("DIVISION_ENDED", "The division of this code is no more.", f"Its successors are: {after}.")


def _successors(session: Session, key: int) -> list[str]:
    follower = aliased(Division)
    query = select(follower.code).join(DivisionSuccessor, DivisionSuccessor.successor_id == follower.id)
    return list(session.scalars(query.where(DivisionSuccessor.division_id == key).order_by(follower.code)))


def _checked(row: PersonRow, today: date) -> PersonRow:
    person, problems = dict(row.person), list(row.problems)
    told = {problem.field for problem in problems}
    number = person.get("id_number")
    holder = None
    if number is not None:
        person.setdefault("id_type", IdType.RESIDENT_ID)
        if person["id_type"] is IdType.RESIDENT_ID:
            holder = _holder(number, problems)
    elif person.get("id_type") is not None:
        del person["id_type"]  # a kind of document without its number says nothing
    if holder is not None:
        person["id_number"] = holder.number
        problems += _agrees(person, holder)
    if "name" not in person and "name" not in told:
        problems.append(_missing("name", "NAME_MISSING"))
    if "birth_date" not in person and not told & {"birthDate", "idNumber"} and not problems:
        problems.append(_missing("birthDate", "BIRTH_DATE_MISSING"))
    person.setdefault("sex", Sex.UNKNOWN)
    days = {"birthDate": person.get("birth_date"), "since": row.since, "verifiedOn": person.get("verified_on")}
    problems += _future(days | {"categoriesSince": row.categories_since}, today)
    record, more = _record(row.source_record, person)
    problems += [*more, *_same_as(row.same_as)]
    return replace(row, person=person, source_record=record, problems=tuple(problems))


def _holder(number: str, problems: list[Problem]) -> Citizen | None:
    try:
        return citizen(number)
    except EldercareError as error:
        rounded = ROUNDED.fullmatch(number) is not None
        problems.append(LOST_DIGITS if rounded else Problem("idNumber", error.code, error.message, error.remedy))
        return None


def _agrees(person: dict[str, Any], holder: Citizen) -> Iterator[Problem]:
    """The number completes what the row leaves out, and must not contradict its day of birth."""
    born = person.setdefault("birth_date", holder.birth_date)
    if person.get("sex") in (None, Sex.UNKNOWN, Sex.NOT_STATED):
        person["sex"] = holder.sex
    if born != holder.birth_date:
        yield Problem(
            "birthDate",
            "ID_NUMBER_OTHER_BIRTH_DATE",
            "The identity number contains another date of birth.",
            "Correct one of the two.",
        )


def _future(days: Mapping[str, date | None], today: date) -> Iterator[Problem]:
    for name, day in days.items():
        if day is not None and day > today:
            zh = BY_NAME[name].zh
            yield Problem(name, "DATE_IN_FUTURE", f"{name} ({zh}) lies in the future.", f"Today is {today}.")


def _record(record: str | None, person: Mapping[str, Any]) -> tuple[str | None, list[Problem]]:
    """The key of the record; a citizen number is kept encrypted only, so as a key it is left out, or refused."""
    if record is None:
        return None, []
    if len(record) > LONGEST_RECORD:
        long = f"A key of a record has at most {LONGEST_RECORD} characters."
        return None, [Problem("sourceRecord", "RECORD_TOO_LONG", long, "Check the column.")]
    try:
        number = citizen(record).number
    except EldercareError:
        return record, []
    if number == person.get("id_number"):
        return None, []
    text = "The key of the record (来源记录号) is a citizen number, and not this person's."
    return None, [Problem("sourceRecord", "RECORD_IS_A_NUMBER", text, "Put citizen numbers into idNumber (证件号码).")]


def _same_as(said: str | None) -> Iterator[Problem]:
    if said is not None and not SAME_AS.fullmatch(said):
        text = "sameAs (同一人) is neither a person's id nor NEW."
        yield Problem("sameAs", "SAME_AS", text, "Send an id that the API gave, such as Person_12, or NEW.")


def _once(row: PersonRow, first: Mapping[str, int]) -> PersonRow:
    before = row.number if row.source_record is None else first[row.source_record]
    if before == row.number:
        return row
    text = f"Row {before} has the same key of the record (来源记录号)."
    twice = Problem("sourceRecord", "RECORD_TWICE", text, "A system has one record of a key; send it once.")
    return replace(row, problems=(*row.problems, twice))


def _missing(name: str, code: str) -> Problem:
    zh = BY_NAME[name].zh
    return Problem(name, code, f"{name} ({zh}) is missing.", "Send it; a citizen number tells the date of birth.")
