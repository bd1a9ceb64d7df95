"""A feed tells which column is which field, which word which term, and which days are meant; what it does not know is told."""

from datetime import date
from pathlib import Path

import pytest

from eldercare.ingestion.check import checked
from eldercare.ingestion.feed import packaged, read_feed
from eldercare.ingestion.person_row import PARTS, PersonRow
from eldercare.ingestion.reading import read_rows
from eldercare.ingestion.source import read
from eldercare.kit.errors import InvalidInput
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import LivingKind, Sex

TODAY = date(2026, 6, 1)


def rows(text: str) -> tuple[PersonRow, ...]:
    """The checked rows of a text, by the packaged feed."""
    return checked(read_rows(packaged(), read(text.encode())).rows, TODAY)


def codes(text: str) -> list[tuple[int, str, str]]:
    """Row, field and code of everything that is refused."""
    return [(row.number, problem.field, problem.code) for row in rows(text) for problem in row.problems]


def test_chinese_and_english_headers_are_the_same_fields() -> None:
    zh = rows(
        "人员编号,姓名*,性　别,出生日期（必填）,婚姻状况,民族,人群类别,居住方式\nA1,李桂兰,女,1945年3月12日,丧偶,土家族,低保、重度残疾(一、二级),独居\n"
    )
    en = rows(
        "Record ID,Full Name,Gender,Date_of_Birth,Marital Status,Ethnicity,Category,Living\nA1,李桂兰,F,1945-03-12,30,15,DIBAO;SEVERE_DISABILITY_CERT,ALONE\n"
    )
    assert zh == en
    assert zh[0].person["ethnicity"] == "15"
    assert (zh[0].person["sex"], zh[0].person["birth_date"]) == (Sex.FEMALE, date(1945, 3, 12))
    assert zh[0].categories == (GroupCategory.DIBAO, GroupCategory.SEVERE_DISABILITY_CERT)
    assert zh[0].living is LivingKind.ALONE
    assert not zh[0].problems


def test_the_number_tells_birth_and_sex_and_is_no_key_of_a_record() -> None:
    row = rows("编号,姓名,身份证号\n990101450312274,李桂兰,９９０１０１１９４５０３１２２７４７\n")[0]
    assert not row.problems
    assert row.source_record is None, "a citizen number is kept encrypted alone"
    assert (row.person["id_number"], row.person["sex"]) == ("990101194503122747", Sex.FEMALE)


def test_each_row_that_cannot_be_used_says_where_and_why() -> None:
    text = (
        "编号,姓名,性别,出生日期,身份证号\n"
        "1,,女,1945-03-12,\n"
        "2,李桂兰,女,1945-03-12,990101194503122748\n"
        "3,李桂兰,女,2026-06-02,\n"
        "4,李桂兰,女性?,12.3.45,\n"
        "5,李桂兰,女,,\n"
        "6,李桂兰,女,1945-03-13,990101194503122747\n"
        "6,李桂兰,女,1945-03-12,\n"
        "8,李桂兰,女,,9.90101194503123E+17\n"
        "990101193602290012,李桂兰,女,1945-03-12,\n"
        "10,李桂兰,女,1945-03-12,,extra\n"
    )
    assert codes(text) == [
        (2, "name", "NAME_MISSING"),
        (3, "idNumber", "ID_NUMBER_CHECK"),
        (4, "birthDate", "DATE_IN_FUTURE"),
        (5, "sex", "WORD_UNKNOWN"),
        (5, "birthDate", "DATE_FORM"),
        (6, "birthDate", "BIRTH_DATE_MISSING"),
        (7, "birthDate", "ID_NUMBER_OTHER_BIRTH_DATE"),
        (8, "sourceRecord", "RECORD_TWICE"),
        (9, "idNumber", "ID_NUMBER_ROUNDED"),
        (10, "sourceRecord", "RECORD_IS_A_NUMBER"),
        (11, "", "ROW_TOO_LONG"),
    ]
    told = " ".join(problem.message + problem.remedy for row in rows(text) for problem in row.problems)
    assert "99010119" not in told, "a report repeats no number"
    assert "李" not in told
    assert all(problem.remedy for row in rows(text) for problem in row.problems)


def test_a_column_nobody_knows_is_told_with_the_nearest() -> None:
    reading = read_rows(packaged(), read("姓名,出生日其,备注,birthdat\n李桂兰,1945-03-12,-,x\n".encode()))
    assert [(each.header, each.nearest) for each in reading.unknown] == [
        ("出生日其", "出生日期"),
        ("备注", None),
        ("birthdat", "birthdate"),
    ]


@pytest.mark.parametrize(("header", "code"), [("姓名,名字", "COLUMN_TWICE"), ("性别,生日", "COLUMN_MISSING")])
def test_a_header_that_leaves_it_open_is_refused(header: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        rows(f"{header}\n李,王\n")
    assert refused.value.code == code


def test_a_feed_of_ones_own_says_only_what_differs(tmp_path: Path) -> None:
    file = tmp_path / "residents.yaml"
    file.write_text(
        "extends: people\nsystem: 户籍系统\nmethod: BIG_DATA_MATCH\ncolumns: {name: 當事人}\n"
        "vocabulary: {sex: {仕女: FEMALE}}\ndates: [ROC]\ndefaults: {division: '990101001001'}\nempty: [査無]\n",
        encoding="utf-8",
    )
    feed = read_feed(file)
    row = checked(
        read_rows(feed, read("當事人,性别,生日,电话\n李桂蘭,仕女,民國34年3月12日,査無\n".encode())).rows, TODAY
    )[0]
    assert (feed.name, feed.system, feed.method.value) == ("residents", "户籍系统", "BIG_DATA_MATCH")
    assert (row.person["birth_date"], row.person["sex"]) == (date(1945, 3, 12), Sex.FEMALE)
    assert row.division == "990101001001"
    assert "phone" not in row.person
    assert feed.digest() != packaged().digest()


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("colums: {}", "Did you mean 'columns'?"),
        ("columns: {birthdate: 生日}", "Did you mean 'birthDate'?"),
        ("vocabulary: {sex: {女: FEMAL}}", "Did you mean 'FEMALE'?"),
        ("method: ENTRY", "There are: BIG_DATA_MATCH, IMPORT."),
        ("- a list", "See docs/ingestion.md for an example."),
        ("a: [", "Correct it there."),
    ],
)
def test_a_mistake_in_a_feed_is_told_with_the_nearest_name(text: str, remedy: str, tmp_path: Path) -> None:
    file = tmp_path / "feed.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        read_feed(file)
    assert refused.value.remedy == remedy


def test_the_packaged_feed_knows_a_header_in_both_languages_for_every_field() -> None:
    known = packaged().columns
    for part in PARTS:
        headers = [header for header, field in known.items() if field == part.name]
        assert any(header.isascii() for header in headers), part.name
        assert any(not header.isascii() for header in headers), part.name
