"""The page that lists every row of the five texts with what it demands, its test, and how that ended."""

import ast
import csv
import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
ROWS = ROOT / "docs" / "tables" / "coverage.csv"
RECORDED = ROOT / "docs" / "tables" / "verdicts.csv"
TESTS = ROOT / "tests" / "acceptance"
NAME = re.compile(r"test_([xyzjn]\d+)_(\w+)\Z")
TEXTS = {
    "X": "Xiaoshan 萧山区",
    "Y": "Mianyang 绵阳市",
    "Z": "Shijiazhuang 石家庄市",
    "J": "Zhangjiajie 张家界市",
    "N": "The ministry's notice 民办发〔2020〕39号",
}
UNTESTABLE = {
    "Y4": "names no case to test",
    "Z4": "names no case to test",
    "J7": "names no case to test",
}
"""Rows of which the texts demand nothing that could be tested."""


class Verdict(NamedTuple):
    """How a test ended in the last recorded run, and of which text of the test that was."""

    verdict: str
    digest: str


class Test(NamedTuple):
    """An acceptance test of a row, with a digest of its text: formatting and comments do not change it."""

    row: str
    name: str
    path: Path
    digest: str


def coverage_page() -> str:
    """The whole page."""
    rows, found, verdicts = _rows(), _by_row(), _verdicts()
    tested = sum(1 for row in rows if row in found)
    parts = [
        "# Coverage",
        "<!-- Written by `make docs` from the tests; changes made here are lost. -->",
        "",
        "Five published texts are what this registry was made from. Each row is something one of them says; the test that",
        "carries the row's name asks the GraphQL API for it, on SQLite and PostgreSQL. What the last recorded run said stands beside",
        "it (record one with `pytest tests/acceptance --junitxml=result.xml` and `python docs/coverage_page.py result.xml`, then",
        "`make docs`). A verdict is of one text of its test: one whose test was changed since says so, and a row without a test too.",
        "",
        f"{tested} of {len(rows)} rows have a test; of {len(UNTESTABLE)} rows the texts demand nothing that could be tested.",
        "",
    ]
    for letter, text in TEXTS.items():
        parts += [f"## {text}", "", "| row | what it demands | test | verdict |", "|---|---|---|---|"]
        for row, demand in rows.items():
            if row[0] == letter:
                parts.append(f"| {row} | {demand} | {_tests(found.get(row, []))} | {_verdict(row, found, verdicts)} |")
        parts.append("")
    return "\n".join(parts)


def tests() -> Iterator[Test]:
    """Every acceptance test that is named after a row."""
    for path in sorted(TESTS.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and (match := NAME.match(node.name)):
                text = hashlib.sha256(ast.unparse(node).encode()).hexdigest()[:12]
                yield Test(match.group(1).upper(), node.name, path, text)


def record(junit: Path) -> dict[str, str]:
    """The verdict of each test by the result file of a run: a test that ran several times passed when all of them did."""
    found: dict[str, str] = {}
    for case in ElementTree.parse(junit).iter("testcase"):
        name = str(case.get("name")).split("[")[0]
        if not NAME.match(name):
            continue
        bad = next((kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None), None)
        verdict = {"failure": "failed", "error": "failed", "skipped": "skipped", None: "passed"}[bad]
        found[name] = verdict if found.get(name, "passed") == "passed" else found[name]
    return dict(sorted(found.items()))


def _rows() -> dict[str, str]:
    with ROWS.open(encoding="utf-8", newline="") as file:
        return {row["row"]: row["demand"] for row in csv.DictReader(file)}


def _verdicts() -> dict[str, Verdict]:
    if not RECORDED.exists():
        return {}
    with RECORDED.open(encoding="utf-8", newline="") as file:
        return {row["test"]: Verdict(row["verdict"], row["digest"]) for row in csv.DictReader(file)}


def _by_row() -> dict[str, list[Test]]:
    found: dict[str, list[Test]] = {}
    for test in tests():
        found.setdefault(test.row, []).append(test)
    return found


def _tests(found: list[Test]) -> str:
    shown = []
    for test in found:
        words = test.name.split("_", 2)[2].replace("_", " ")
        shown.append(f"[{words}](../{test.path.relative_to(ROOT).as_posix()})")
    return "<br>".join(shown)


def _verdict(row: str, found: dict[str, list[Test]], verdicts: dict[str, Verdict]) -> str:
    if row in UNTESTABLE:
        return UNTESTABLE[row]
    if row not in found:
        return "**no test yet**"
    return ", ".join(sorted({told(test, verdicts.get(test.name)) for test in found[row]}))


def told(test: Test, recorded: Verdict | None) -> str:
    """What the page says of a test: a verdict holds only for the text of the test that was run."""
    if recorded is None:
        return "not recorded yet"
    return recorded.verdict if recorded.digest == test.digest else f"{recorded.verdict}, changed since"


def main() -> None:
    """Record the verdicts of a run's result file; the page follows with `make docs`."""
    if len(sys.argv) != 2:
        sys.exit("Name the result file of a run: pytest tests/acceptance --junitxml=result.xml")
    with RECORDED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["test", "verdict", "digest"])
        digests = {test.name: test.digest for test in tests()}
        writer.writerows([name, verdict, digests[name]] for name, verdict in record(Path(sys.argv[1])).items())


if __name__ == "__main__":
    main()
