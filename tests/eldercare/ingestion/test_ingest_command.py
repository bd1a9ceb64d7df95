"""`eldercare ingest` on the command line: the example of its page, its report, its exit codes, and what it says of mistakes."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.__main__ import cli
from eldercare.ingestion.feed import packaged_text
from eldercare.kit.errors import EldercareError
from eldercare.registry import ImportBatch, Person
from eldercare.registry.division import Level

PAGE = (Path(__file__).parents[3] / "docs" / "ingestion.md").read_text("utf-8")


def block(kind: str) -> str:
    """The first block of a kind on the page."""
    found = re.search(rf"^```{kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


@pytest.fixture
def place(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the example's file, whose settings lead to an empty registry with one village."""
    make.KEYS.save(tmp_path / "keys.json")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ELDERCARE_DATABASE_URL", str(sqlite_engine.url))
    monkeypatch.setenv("ELDERCARE_KEY_FILE", str(tmp_path / "keys.json"))
    (tmp_path / "people.csv").write_bytes(block("csv").encode("gb18030"))
    with Session(sqlite_engine) as session:
        make.division(make.writer(session), code="990101001001", level=Level.VILLAGE)
        session.commit()
    return tmp_path


def run(*words: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(cli, ["ingest", *words])


def test_the_example_of_the_page_prints_what_the_page_shows(place: Path, sqlite_engine: Engine) -> None:
    line, _, shown = block("sh").partition("\n")
    done = run(*shlex.split(line)[3:])
    assert done.exit_code == 0, done.output
    printed = [each for each in done.output.splitlines() if not each.endswith("rows")]  # how far it is
    assert printed == shown.splitlines()
    with Session(sqlite_engine) as session:
        assert [session.scalar(select(func.count()).select_from(noun)) for noun in (Person, ImportBatch)] == [0, 0]


def test_what_is_kept_is_reported_and_strict_ends_with_1(place: Path, sqlite_engine: Engine) -> None:
    done = run("people.csv", "--system", "S", "--report", "out.csv", "--division", "990101001001", "--strict")
    assert done.exit_code == 1
    lines = (place / "out.csv").read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("行号 row,来源记录号 record,处理结果 outcome")
    assert [line.split(",")[:3] for line in lines[1:]] == [["4", "MZ-3", "拒收 REFUSED"], ["5", "MZ-4", "拒收 REFUSED"]]
    with Session(sqlite_engine) as session:
        batch = session.scalars(select(ImportBatch)).one()
        assert (batch.document, batch.imported_by, batch.created) == ("people.csv", "operator", 2)
        assert batch.division_id is not None
    again = run("people.csv", "--system", "S", "--division", "990101001001")
    assert again.exit_code == 0
    assert "was brought in before" in again.output
    assert "2  CREATED" in again.output


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("nothing.csv", "--system", "S"), "FILE_UNREADABLE"),
        (("people.csv",), "SYSTEM_MISSING"),
        (("people.csv", "--system", "S", "--same-as", "2"), "SAME_AS"),
        (("people.csv", "--system", "S", "--same-as", "99=NEW"), "ROW_UNKNOWN"),
        (("people.csv", "--system", "S", "--feed", "people.csv"), "FEED_FILE"),
        (("people.csv", "--system", "S", "--division", "1"), "NO_DIVISION"),
    ],
)
def test_mistakes_are_told_with_a_remedy(place: Path, words: tuple[str, ...], code: str) -> None:
    done = run(*words)
    assert isinstance(done.exception, EldercareError)
    assert done.exception.code == code
    assert done.exception.remedy


def test_the_packaged_feed_is_printed_to_start_ones_own_from() -> None:
    assert run("--show-feed").output == packaged_text()
    assert run().exit_code == 2
