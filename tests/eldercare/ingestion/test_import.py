"""An import on both databases: who is new, known, filled, in conflict or unsure; broken off, done twice, tried again."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.ingestion.feed import packaged
from eldercare.ingestion.reading import read_rows
from eldercare.ingestion.report import Report, report_of, to_csv, to_text
from eldercare.ingestion.run import Plan, decided, run_import
from eldercare.ingestion.source import read
from eldercare.registry import (
    Change,
    ChangeReport,
    Division,
    GroupMembership,
    ImportRow,
    Person,
    Residence,
    Source,
    SourceLink,
)
from eldercare.registry.change import Writer
from eldercare.registry.division import Level
from eldercare.registry.import_batch import ImportBatch, ImportStatus, RowOutcome
from eldercare.registry.merging import merge_people
from eldercare.registry.person import ResidenceBase, Sex

HEADER = "编号,姓名,性别,出生日期,身份证号,联系电话,区划代码,人群类别,同一人"
NUMBER = "990101194503122747"
Bring = Callable[..., Report]


@pytest.fixture
def village(session: Session) -> int:
    """A village in a county, and a second county beside it."""
    w = make.writer(session)
    county = make.division(w, code="990101000000")
    town = make.division(w, code="990101001000", level=Level.TOWN, parent_id=county.id)
    make.division(w, code="990101001002", level=Level.VILLAGE, parent_id=town.id)
    make.division(w, code="990102000000")
    make.division(w, code="990109000000", valid_to=date(2016, 1, 1))
    key = make.division(w, code="990101001001", level=Level.VILLAGE, parent_id=town.id).id
    session.commit()
    return key


@pytest.fixture
def bring(session: Session, village: int) -> Bring:
    """Brings rows of a file in and gives the report."""

    def act(*lines: str, system: str = "民政", header: str = HEADER, again: bool = False, **decisions: str) -> Report:
        writer = Writer(session, author="partner", keys=make.KEYS, today=make.TODAY)
        return report_of(session, run_import(writer, plan(*lines, system=system, header=header, **decisions), commit=session.commit, again=again))  # fmt: skip

    return act


def plan(*lines: str, system: str = "民政", header: str = HEADER, **decisions: str) -> Plan:
    """What a file of these lines is to bring in; decisions are named by row, as r2."""
    table = read("\n".join([header, *lines]).encode())
    rows = decided(read_rows(packaged(), table).rows, {int(row[1:]): said for row, said in decisions.items()})
    return Plan(system, "people.csv", table.sha256, rows, "people")


def outcomes(report: Report) -> dict[str, int]:
    """The outcomes that there are."""
    return {each.value: count for each, count in report.counts.items() if count}


def count(session: Session, *nouns: type) -> list[int]:
    """How many records of nouns there are."""
    return [session.scalar(select(func.count()).select_from(noun)) or 0 for noun in nouns]


def test_somebody_new_lives_in_the_division_and_another_system_fills_what_was_empty(
    bring: Bring, session: Session, village: int
) -> None:
    new = bring(f"A1,李桂兰,,,{NUMBER},,990101001001,,")
    assert outcomes(new) == {"CREATED": 1}
    person = session.scalars(select(Person)).one()
    assert (person.birth_date, person.sex, person.source_record) == (date(1945, 3, 12), Sex.FEMALE, "A1")
    home = session.scalars(select(Residence)).one()
    assert (home.division_id, home.base, home.valid_from) == (village, ResidenceBase.RESIDENT, make.TODAY)
    other = bring(f"77,李桂兰,女,1945-03-12,{NUMBER},13800000000,990101,,", system="卫健")
    assert outcomes(other) == {"LINKED": 1}
    session.refresh(person)
    assert make.KEYS.decrypt("person.phone", person.phone or b"") == "13800000000"
    assert outcomes(bring("77,李桂兰,女,1945-03-12,,,,,", system="卫健")) == {"UNCHANGED": 1}
    more = bring(
        "77,李桂兰,女,1945-03-12,,,,,",
        system="卫健",
        header=HEADER.replace("联系电话", "民族").replace("同一人", "学历"),
    )
    assert outcomes(more) == {"UNCHANGED": 1}
    filled = bring("77,李桂兰,女,小学", system="卫健", header="编号,姓名,性别,学历")
    assert outcomes(filled) == {"REFUSED": 1}, "a birth date is asked of every row that has no number"
    filled = bring("77,李桂兰,小学,1945-03-12", system="卫健", header="编号,姓名,学历,生日")
    row = session.scalars(select(ImportRow).where(ImportRow.batch_id == filled.batch.id)).one()
    assert (row.outcome, row.fields, row.person_id) == (RowOutcome.UPDATED, "education", person.id)
    links = session.scalars(select(SourceLink).order_by(SourceLink.id)).all()
    assert [(link.system, link.source_record, link.person_id) for link in links] == [("民政", "A1", person.id), ("卫健", "77", person.id)]  # fmt: skip
    assert links[1].first_batch_id == other.batch.id
    assert links[1].last_batch_id == filled.batch.id
    assert session.get_one(Source, links[1].source_id).import_batch == other.batch.fingerprint


def test_the_same_file_twice_changes_nothing(bring: Bring, session: Session) -> None:
    lines = (f"A1,李桂兰,,,{NUMBER},,990101001001,特困,", "A2,王建国,男,1940-01-01,,,990101001001,,", "A3,,男,,,,,,")
    first = bring(*lines)
    before = count(session, Person, SourceLink, ImportRow, ChangeReport, Change, Source)
    again = bring(*lines)
    assert again.batch.id == first.batch.id
    assert outcomes(again) == {"CREATED": 2, "REFUSED": 1}
    assert count(session, Person, SourceLink, ImportRow, ChangeReport, Change, Source) == before


def test_a_killed_import_goes_on_where_it_stopped(
    session: Session, engine: Engine, village: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eldercare.ingestion.run.CHUNK", 2)
    wanted = plan(*[f"A{n},王{n},男,1940-01-{n:02},,,990101001001,," for n in range(1, 6)])

    def killed(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with Session(engine) as first:
        writer = Writer(first, author="partner", keys=make.KEYS, today=make.TODAY)
        with pytest.raises(KeyboardInterrupt):
            run_import(writer, wanted, commit=first.commit, progress=killed)
    session.rollback()
    assert count(session, Person, ImportRow) == [2, 2]
    assert session.scalars(select(ImportBatch.status)).one() is ImportStatus.RUNNING
    session.commit()
    told: list[tuple[int, int]] = []
    writer = Writer(session, author="partner", keys=make.KEYS, today=make.TODAY)
    batch = run_import(writer, wanted, commit=session.commit, progress=lambda *done: told.append(done))
    assert told == [(2, 5), (4, 5), (5, 5)]
    assert [notice.code for notice in writer.warnings] == ["IMPORT_GOES_ON"]
    assert (batch.status, batch.created, batch.ended_on) == (ImportStatus.DONE, 5, make.TODAY)
    assert count(session, Person, SourceLink, ImportRow, ImportBatch) == [5, 5, 5, 1]


def test_what_contradicts_overwrites_nothing(bring: Bring, session: Session) -> None:
    bring(f"A1,李桂兰,女,1945-03-12,{NUMBER},,990101001001,,")
    mistyped = bring(f"9,王秀英,女,1945-03-12,{NUMBER},13800000000,990101001001,,", system="卫健")
    assert outcomes(mistyped) == {"CONFLICT": 1}
    assert (mistyped.rows[0].code, mistyped.rows[0].fields) == ("CONTRADICTS", "name")
    assert count(session, SourceLink) == [1], "a number alone may be mistyped: nobody is tied by it"
    known = bring("A1,李桂兰,男,1945-03-13,,13800000000,990101001001,,")
    assert (outcomes(known), known.rows[0].fields) == ({"CONFLICT": 1}, "sex, birthDate")
    other = make.id_number(date(1945, 3, 12))
    changed = bring(f"A1,李桂兰,女,1945-03-12,{other},,990101001001,,")
    assert (outcomes(changed), changed.rows[0].fields) == ({"CONFLICT": 1}, "idNumber")
    person = session.scalars(select(Person)).one()
    assert (person.name, person.sex, person.birth_date, person.phone) == (
        "李桂兰",
        Sex.FEMALE,
        date(1945, 3, 12),
        None,
    )


def test_likeness_alone_is_left_to_an_officer(bring: Bring, session: Session) -> None:
    like = "张伟,男,1948-09-10"
    bring(f"A1,{like},,,990101001001,,")
    known = session.scalars(select(Person)).one()
    unsure = bring(f"5,{like},,,990101001002,,", system="卫健")
    assert (outcomes(unsure), unsure.rows[0].code, unsure.rows[0].fields) == ({"REFUSED": 1}, "MATCH_UNSURE", "sameAs")
    assert str(unsure.rows[0].message).startswith("1 person of this name")
    assert "张伟" not in to_csv(unsure).decode()
    numbered = make.id_number(date(1948, 9, 10), Sex.MALE)
    assert bring(f"6,{like},{numbered},,990101001002,,", system="卫健").rows[0].code == "MATCH_UNSURE"
    assert outcomes(bring(f"7,{like},,,990102,,", system="卫健")) == {"CREATED": 1}, "another county, another person"
    assert outcomes(bring(f"8,{like},,,990101001002,,NEW", system="卫健")) == {"CREATED": 1}
    same = bring(f"6,{like},{numbered},,990101001001,,", system="卫健", r2=f"Person_{known.id}")
    assert outcomes(same) == {"LINKED": 1}
    session.refresh(known)
    assert known.id_digest == make.KEYS.digest(numbered), "the number was empty and is filled"
    assert bring(f"9,{like},,,990101001001,,Person_999999", system="卫健").rows[0].code == "NOT_FOUND"
    assert bring(f"7,{like},,,,,Person_{known.id}", system="卫健").rows[0].code == "RECORD_OF_ANOTHER"
    assert count(session, Person) == [3]


def test_refused_rows_are_tried_again_when_it_is_asked_for(bring: Bring, session: Session) -> None:
    lines = (
        "A1,王建国,男,1940-01-01,,,990101001009,,",
        "A2,李桂兰,女,1941-01-01,,,990109,,",
        "A3,赵六,男,1942-01-01,,,99,,",
    )
    first = bring(*lines)
    assert outcomes(first) == {"REFUSED": 3}
    assert [row.code for row in first.rows] == ["DIVISION_UNKNOWN", "DIVISION_ENDED", "DIVISION_UNKNOWN"]
    make.division(make.writer(session), code="990101001009", level=Level.VILLAGE)
    session.commit()
    assert outcomes(bring(*lines)) == {"REFUSED": 3}
    again = bring(*lines, again=True)
    assert (again.batch.id, outcomes(again)) == (first.batch.id, {"CREATED": 1, "REFUSED": 2})
    assert [row.number for row in again.rows] == [3, 4]
    assert "row 3: DIVISION_ENDED" in to_text(again)


def test_groups_and_moves_are_reported_and_never_made_true_by_a_file(
    bring: Bring, session: Session, village: int
) -> None:
    line = f"A1,李桂兰,女,1945-03-12,{NUMBER},,990101001001,特困;独居老人,"
    first = bring(line)
    assert (outcomes(first), first.batch.reports) == ({"CREATED": 1}, 1)
    report = session.scalars(select(ChangeReport)).one()
    assert (report.kind, report.channel, report.category, report.status) == (
        "CATEGORY_CHANGE",
        "IMPORT",
        "EXTREMELY_POOR",
        "REPORTED",
    )
    assert count(session, GroupMembership) == [0]
    moved = bring(line.replace("990101001001", "990101001002"))
    assert (outcomes(moved), moved.batch.reports) == ({"UNCHANGED": 1}, 1), "the group is not reported twice"
    there = session.scalars(select(Division.id).where(Division.code == "990101001002")).one()
    move = session.scalars(select(ChangeReport).where(ChangeReport.id != report.id)).one()
    assert (move.kind, move.to_division_id, move.person_id) == ("MOVE_IN", there, report.person_id)
    assert session.scalars(select(Residence.division_id)).one() == village
    coarse = bring(line.replace("990101001001", "990101"))
    assert coarse.batch.reports == 0, "a county that holds the village says nothing new"


def test_the_dead_who_are_still_listed_get_a_remark_and_no_report(bring: Bring, session: Session) -> None:
    make.person(make.writer(session), id_number=NUMBER, id_type="RESIDENT_ID", name="李桂兰", birth_date=date(1945, 3, 12), deceased_on=date(2026, 1, 5))  # fmt: skip
    session.commit()
    report = bring(f"A1,李桂兰,女,,{NUMBER},,990101001001,特困,", "A2,王建国,男,1940-01-01,,,990101001001,,")
    assert (outcomes(report), report.batch.reports) == ({"CREATED": 1, "LINKED": 1}, 0)
    assert [(row.number, row.code) for row in report.rows] == [(2, "DECEASED")], "a remark is its own row's alone"
    assert count(session, Residence, ChangeReport) == [1, 0]


def test_a_system_without_keys_ties_people_by_their_number_and_merged_people_keep_their_ties(
    bring: Bring, session: Session
) -> None:
    header = "姓名,身份证号,区划代码"
    other = make.id_number(date(1945, 3, 12))
    bring(f"李桂兰,{NUMBER},990101001001", f"李桂兰,{other},990101001001", header=header)
    assert outcomes(bring(f"李桂兰,{NUMBER},990101", header=header)) == {"UNCHANGED": 1}
    one, two = session.scalars(select(Person).order_by(Person.id)).all()
    writer = make.writer(session)
    writer.annul(
        Residence, session.scalars(select(Residence.id).where(Residence.person_id == two.id)).one(), reason="twice"
    )
    merge_people(writer, person_id=two.id, into_id=one.id)
    session.commit()
    assert {link.person_id for link in session.scalars(select(SourceLink))} == {one.id}
    assert {row.person_id for row in session.scalars(select(ImportRow))} == {one.id}


def test_a_report_never_holds_a_number(bring: Bring) -> None:
    report = bring(f"x-{NUMBER},李桂兰,女,1945-03-13,{NUMBER},,990101001001,,", "=1+1,,女,,,,,,")
    text = to_csv(report).decode("utf-8-sig")
    assert NUMBER not in text
    assert "x-990101************" in text
    assert "'=1+1" in text
    assert [line.split(",")[0] for line in text.splitlines()] == ["行号 row", "2", "3"]
