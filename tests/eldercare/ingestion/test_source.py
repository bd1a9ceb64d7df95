"""Files become numbered rows whatever their encoding and format; what is no table is refused with a remedy."""

import io
from datetime import date

import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eldercare.ingestion.source import read
from eldercare.kit.errors import InvalidInput

TEXT = "姓名,性别\n李桂兰,女\n\n王建国,男\n"
CELLS = st.text("李桂兰㐀𠮷欧·'\",;\t\n aé0０-", min_size=1, max_size=6).filter(str.strip)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.replace(",", "\t").replace("\n", "\r\n").encode("gbk"), "gb18030"),
        (TEXT.replace(",", ";").encode(), "utf-8"),
    ],
)
def test_every_encoding_gives_the_same_numbered_rows(content: bytes, encoding: str) -> None:
    table = read(content)
    assert table.encoding == encoding
    assert table.header == ("姓名", "性别")
    assert [(line.number, line.cells) for line in table.lines] == [(2, ("李桂兰", "女")), (4, ("王建国", "男"))]


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4), st.sampled_from(["utf-8-sig", "gb18030"]))
@settings(max_examples=30, deadline=None)
@example([("㐀", "'")], "gb18030")
def test_what_is_written_is_read(rows: list[tuple[str, str]], encoding: str) -> None:
    """Quoted cells survive any encoding; GB18030 without a mark may happen to be UTF-8, which is why a header stands first."""
    quoted = "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows)
    table = read(("姓名,性别\r\n" + quoted).encode(encoding))
    assert [line.cells for line in table.lines] == [(one.strip(), two.strip()) for one, two in rows]


def workbook(*rows: list[object]) -> bytes:
    """An XLSX file with an empty sheet before the rows."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        book.add_worksheet("说明")
        sheet = book.add_worksheet("名单")
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(place, column, cell)
    return file.getvalue()


def test_a_workbook_gives_days_as_days_and_whole_numbers_whole() -> None:
    table = read(workbook(["编号", "出生日期", "身份证号"], [17, date(1945, 3, 12), 990101194503122747]))
    assert table.encoding == "workbook"
    assert table.lines[0].cells == ("17", "1945-03-12", "9.90101194503123E+17"), "a number that lost digits shows it"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE_EMPTY"),
        (b" \r\n\r\n", "FILE_EMPTY"),
        (b",,\n,\n", "FILE_EMPTY"),
        ("姓名,性别\n".encode(), "FILE_NO_ROWS"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe", "FILE_ENCODING"),
        (b"name\n\xff\xff\xff\n", "FILE_ENCODING"),
        ("姓名\n李".encode("utf-16")[:-1], "FILE_ENCODING"),
        (b"PK\x03\x04 this is no workbook", "FILE_WORKBOOK"),
        ('姓名\n"李桂兰\n'.encode(), "FILE_BROKEN"),
    ],
)
def test_what_is_no_table_is_refused_with_a_remedy(content: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(content)
    assert refused.value.code == code
    assert refused.value.remedy
