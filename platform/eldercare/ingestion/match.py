"""Who a row is about: by the record of its system, by the number, by an officer's decision; likeness alone decides nothing."""

from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Date, func, literal, select
from sqlalchemy.orm import Session, aliased

from eldercare.ingestion.person_row import NEW, PersonRow
from eldercare.kit.errors import Conflict
from eldercare.registry.change import Writer
from eldercare.registry.division import Division, Level, within
from eldercare.registry.draft import refuse
from eldercare.registry.entity import table_of
from eldercare.registry.import_batch import ImportBatch
from eldercare.registry.importing import link_of
from eldercare.registry.permission import not_found
from eldercare.registry.person import Person, Residence, Sex
from eldercare.registry.query import View, visible
from eldercare.registry.value import ring
from eldercare.registry.viewer import constant, viewer_of

UNKNOWN_SEX = (Sex.UNKNOWN, Sex.NOT_STATED)


class By(StrEnum):
    """What a match rests on."""

    RECORD = "RECORD"
    NUMBER = "NUMBER"
    DECISION = "DECISION"


class Match(NamedTuple):
    """The person a row is about, and by what."""

    person: Person
    by: By


def view_of(writer: Writer) -> View:
    """What the writer sees today."""
    today = literal(writer.today, Date())
    return View(today, viewer=viewer_of(writer.principal, constant), today=today)


def match(writer: Writer, batch: ImportBatch, row: PersonRow, division_id: int | None) -> Match | None:
    """The person a row is about; None when it is somebody new.

    Whom the writer does not see is not found: by a record that is refused as taken; a taken number is refused when it is
    to be recorded, as it is of anybody new.
    """
    linked = _linked(writer, batch, row)
    decided = _decided(writer, row)
    holder = _holder(writer, row)
    if linked is not None:
        for other in (decided, holder):
            if other is not None and other.id != linked.id and writer.scope.sees(table_of(Person), other.id):
                refuse(
                    "RECORD_OF_ANOTHER",
                    "This record of the system belongs to another person than the row says.",
                    "Find out who is meant; merge the two when they are one.",
                    "same_as" if other is decided else "id_number",
                )
        return Match(linked, By.RECORD)
    if holder is not None and writer.scope.sees(table_of(Person), holder.id):
        if decided is not None and decided.id != holder.id:
            refuse(
                "NUMBER_OF_ANOTHER",
                "The number belongs to another person than the decision names.",
                "Correct one of the two; merge the two people when they are one.",
                "same_as",
            )
        return Match(holder, By.NUMBER)
    if decided is not None:
        return Match(decided, By.DECISION)
    if holder is None and row.same_as != NEW:
        _alike(writer, row, division_id)
    return None


def _linked(writer: Writer, batch: ImportBatch, row: PersonRow) -> Person | None:
    if row.source_record is None:
        return None
    link = link_of(writer, batch.system, row.source_record)
    if link is None:
        return None
    if not writer.scope.sees(table_of(Person), link.person_id):
        raise Conflict(
            "RECORD_TAKEN",
            "This record of the system is already linked to another person.",
            remedy="Leave it to those in whose territory the person is, or correct the key.",
            path=("source_record",),
        )
    return writer.find(Person, link.person_id)


def _decided(writer: Writer, row: PersonRow) -> Person | None:
    if row.same_as in (None, NEW):
        return None
    key = int(str(row.same_as).removeprefix("Person_"))
    found = writer.session.get(Person, key) if key < 2**63 and writer.scope.sees(table_of(Person), key) else None
    if found is None:
        error = not_found(Person)
        error.path = ("same_as",)
        raise error
    if found.merged_into_id is not None:
        refuse("ALREADY_MERGED", "This record was merged into another.", "Name the record that stands now.", "same_as")
    return found


def _holder(writer: Writer, row: PersonRow) -> Person | None:
    """Who has the number, seen or not."""
    number = row.person.get("id_number")
    if number is None:
        return None
    digest = ring(writer.keys).digest(number.upper())
    query = select(Person).where(Person.id_digest == digest, Person.id_type == row.person["id_type"])
    return writer.session.scalars(query.where(Person.merged_into_id.is_(None))).one_or_none()


def _alike(writer: Writer, row: PersonRow, division_id: int | None) -> None:
    """Refuse a row that may be about somebody recorded, of those whom the writer sees; only how many there are is told."""
    same = select(Person.id).where(Person.birth_date == row.person["birth_date"], Person.name == row.person["name"])
    if writer.session.scalar(same.limit(1)) is None:
        return  # as for most rows: the whole question takes ten times as long to put
    person: Any = aliased(Person)
    where = [person.name == row.person["name"], person.birth_date == row.person["birth_date"]]
    where += [person.merged_into_id.is_(None), *visible(person, view_of(writer))]
    if row.person["sex"] not in UNKNOWN_SEX:
        where.append(person.sex.in_((row.person["sex"], *UNKNOWN_SEX)))
    if row.person.get("id_number") is not None:
        where.append(person.id_digest.is_(None))
    if division_id is not None:
        county = county_of(writer.session, division_id)
        where.append(person.id.in_(select(Residence.person_id).where(within(Residence.division_id, literal(county)))))
    count = writer.session.scalar(select(func.count()).select_from(person).where(*where)) or 0
    if count:
        people = "1 person" if count == 1 else f"{count} people"
        refuse(
            "MATCH_UNSURE",
            f"{people} of this name, sex and date of birth are recorded in the county; the row may be about one of them.",
            "Decide it: put the person's id, or NEW, into sameAs (同一人).",
            "same_as",
        )


def county_of(session: Session, division_id: int) -> int:
    """The county in which a division lies; the division itself when it lies in none."""
    own, county = aliased(Division), aliased(Division)
    query = select(county.id).where(own.id == division_id, county.level == Level.COUNTY)
    query = query.where(own.path.between(county.path, county.path + "~"))
    found = session.scalar(query.order_by(county.path.desc()).limit(1))
    return division_id if found is None else found
