"""One row into the registry: somebody new, a tie to somebody known, what was empty filled, or why nothing was done."""

from collections.abc import Iterable
from typing import Any

from eldercare.ingestion.check import place
from eldercare.ingestion.follow import follow
from eldercare.ingestion.match import UNKNOWN_SEX, By, Match, match
from eldercare.ingestion.person_row import PARTS, PersonRow, Problem
from eldercare.kit.errors import Conflict, Forbidden, InvalidInput, NotFound, RuleViolation
from eldercare.registry.change import Writer
from eldercare.registry.import_batch import ImportBatch, RowOutcome
from eldercare.registry.importing import Settled, link_person
from eldercare.registry.person import Person
from eldercare.registry.registering import register
from eldercare.registry.value import ring

REFUSING = (InvalidInput, NotFound, RuleViolation, Conflict, Forbidden)
"""Errors that are about the row; others, such as keys that are missing, stop the import."""

NAMES = {part.column: part.name for part in PARTS if part.column} | {
    "source_record": "sourceRecord",
    "same_as": "sameAs",
    "division_id": "division",
    "valid_from": "since",
    "categories": "categories",
}
"""How columns of records are called in a row."""

KNOWING = ("name", "sex", "birth_date")
"""By what a person is known: another value is never overwritten."""

FILLING = ("ethnicity", "marital_status", "education", "phone", "emergency_contact")
LONGEST = 1000


def settle(outer: Writer, batch: ImportBatch, row: PersonRow) -> Settled:
    """Bring one row in, whole or not at all, and tell what came of it."""
    if row.problems:
        return refused(row, row.problems)
    writer = _fresh(outer)
    try:
        with writer.session.begin_nested():
            found = _settled(writer, batch, row)
            writer.scope.prove()
    except REFUSING as error:
        field = NAMES.get(str(error.path[0]), str(error.path[0])) if error.path else ""
        return refused(row, [Problem(field, error.code, error.message, error.remedy)])
    if writer.warnings and found.code is None:
        notice = writer.warnings[0]
        return found._replace(code=notice.code, message=notice.message)
    return found


def refused(row: PersonRow, problems: Iterable[Problem]) -> Settled:
    """That a row cannot be used, with all that is wrong with it; the code is that of the first."""
    told = list(problems)
    fields = dict.fromkeys(problem.field for problem in told if problem.field)
    message, remedy = (" ".join(dict.fromkeys(texts)) for texts in zip(*(p[2:] for p in told), strict=True))
    return Settled(
        row.number,
        RowOutcome.REFUSED,
        row.source_record,
        fields=tuple(fields),
        code=told[0].code,
        message=message[:LONGEST],
        remedy=remedy[:LONGEST] or None,
    )


def _fresh(outer: Writer) -> Writer:
    """A writer for one row alone: what a refused row touched or remarked must not count for the next."""
    return Writer(
        outer.session,
        author=outer.author,
        source=outer.source_id,
        keys=outer.keys,
        today=outer.today,
        request_id=outer.request_id,
        principal=outer.principal,
        document=outer.document,
    )


def _settled(writer: Writer, batch: ImportBatch, row: PersonRow) -> Settled:
    division_id = None
    if row.division is not None:
        division_id, problem = place(writer.session, row.division)
        if problem is not None:
            return refused(row, [problem])
    found = match(writer, batch, row, division_id)
    if found is None:
        return _created(writer, batch, row, division_id)
    return _known(writer, batch, row, found, division_id)


def _created(writer: Writer, batch: ImportBatch, row: PersonRow, division_id: int | None) -> Settled:
    if division_id is None:
        text = "The division (居住区划代码) is missing: somebody new must belong to a territory."
        return refused(row, [Problem("division", "DIVISION_MISSING", text, "Send its code.")])
    since = row.since or writer.today
    home: dict[str, Any] = {"division_id": division_id, "since": since, "base": row.base, "address": row.address}
    person = register(writer, **home, source_record=row.source_record, **row.person)
    link_person(writer, batch, person.id, row.source_record)
    _, reports = follow(writer, batch, row, person, division_id, new=True)
    return Settled(row.number, RowOutcome.CREATED, row.source_record, person.id, reports=reports)


def _known(writer: Writer, batch: ImportBatch, row: PersonRow, found: Match, division_id: int | None) -> Settled:
    person = found.person
    against = _contradictions(writer, person, row)
    if against:
        return _contradicting(writer, batch, row, found, against)
    new = link_person(writer, batch, person.id, row.source_record)
    filled = _fill(writer, person, row)
    more, reports = follow(writer, batch, row, person, division_id)
    fields = (*filled, *more)
    outcome = RowOutcome.LINKED if new else RowOutcome.UPDATED if fields else RowOutcome.UNCHANGED
    return Settled(row.number, outcome, row.source_record, person.id, fields, reports=reports)


def _contradicting(writer: Writer, batch: ImportBatch, row: PersonRow, found: Match, against: list[str]) -> Settled:
    """A tie that stands, or that an officer has decided, holds all the same; a number alone may be mistyped."""
    if found.by is not By.NUMBER:
        link_person(writer, batch, found.person.id, row.source_record)
    return Settled(
        row.number,
        RowOutcome.CONFLICT,
        row.source_record,
        found.person.id,
        tuple(against),
        "CONTRADICTS",
        f"The row says something else than is recorded: {', '.join(against)}. Nothing was overwritten.",
        "Find out what is right, and correct the record or the system it came from.",
    )


def _contradictions(writer: Writer, person: Person, row: PersonRow) -> list[str]:
    said: dict[str, Any] = dict(row.person)
    found = [
        NAMES[name]
        for name in KNOWING
        if said.get(name) is not None
        and said[name] != getattr(person, name)
        and not (name == "sex" and (said[name] in UNKNOWN_SEX or person.sex in UNKNOWN_SEX))
    ]
    number = said.get("id_number")
    if number is not None and person.id_digest is not None:
        other = ring(writer.keys).digest(number.upper()) != person.id_digest or said["id_type"] is not person.id_type
        found += ["idNumber"] if other else []
    return found


def _fill(writer: Writer, person: Person, row: PersonRow) -> list[str]:
    """Fill what is empty; a later day of verification replaces an earlier one."""
    said = row.person
    values = {name: said[name] for name in FILLING if name in said and getattr(person, name) is None}
    if person.sex in UNKNOWN_SEX and said["sex"] not in UNKNOWN_SEX:
        values["sex"] = said["sex"]
    if person.id_digest is None and "id_number" in said:
        values |= {"id_number": said["id_number"], "id_type": said["id_type"]}
    if "verified_on" in said and (person.verified_on is None or person.verified_on < said["verified_on"]):
        values["verified_on"] = said["verified_on"]
    if values:
        writer.correct(Person, person.id, values, reason="import")
    return [NAMES[name] for name in values if name != "id_type"]
