"""Every example in the documents is run and gives what the document says; generated documents are up to date."""

import asyncio
import contextlib
import doctest
import importlib.util
import json
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```([a-z]*)( [a-z]+)?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMANDS = ("eldercare", "eldersim")


def blocks(path: Path) -> list[tuple[str, str]]:
    """The code blocks of a document: language with its remark, and text."""
    return [(kind + remark, text) for kind, remark, text in BLOCK.findall(path.read_text("utf-8"))]


def pairs() -> Iterator[Any]:
    """GraphQL documents that are followed by their answer, with the variables between them if there are any."""
    for path in DOCUMENTS:
        found = blocks(path)
        for place, (kind, query) in enumerate(found):
            if kind != "graphql":
                continue
            after = found[place + 1 : place + 3]
            variables = json.loads(after.pop(0)[1]) if after and after[0][0] == "json variables" else {}
            if after and after[0][0] == "json":
                yield pytest.param(query, variables, after[0][1], id=f"{path.relative_to(ROOT)}:{place}")


def of_kind(kind: str) -> list[Any]:
    return [
        pytest.param(text, id=f"{path.relative_to(ROOT)}:{place}")
        for path in DOCUMENTS
        for place, (found, text) in enumerate(blocks(path))
        if found == kind
    ]


@pytest.mark.parametrize(("query", "variables", "expected"), list(pairs()))
def test_a_graphql_example_gives_its_answer(
    query: str, variables: dict[str, Any], expected: str, demonstration_sqlite_url: str
) -> None:
    answer, wanted = asyncio.run(ask(demonstration_sqlite_url, query, variables)), json.loads(expected)
    assert (answer if {"data", "errors"} & wanted.keys() else answer["data"]) == wanted


async def ask(url: str, query: str, variables: dict[str, Any]) -> Any:
    """The whole response of the real API over the demonstration registry."""
    from eldercare.api.compiler.run import open_reads
    from eldercare.api.execute import Executor, Request
    from eldercare.api.schema import whole_api
    from eldercare.kit.clock import today
    from eldercare.kit.db import open_engine
    from eldercare.security.principal import SYSTEM

    engine, reads = open_engine(url), open_reads(url)
    try:
        answer = await Executor(whole_api(), reads, engine, today=today).execute(
            Request(query, variables, viewer=SYSTEM)
        )
        return json.loads(answer.body)
    finally:
        await reads.close()
        engine.dispose()


@pytest.mark.parametrize("text", of_kind("python"))
def test_a_python_example_gives_what_it_shows(text: str) -> None:
    example = doctest.DocTestParser().get_doctest(text, {}, "example", None, None)
    assert example.examples, "show what comes out: start the lines with >>>"
    failed, _ = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(example)
    assert failed == 0


@pytest.mark.parametrize("text", of_kind("console"))
@pytest.mark.usefixtures("alone")
def test_a_console_session_prints_what_it_shows(
    text: str, demonstration_sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In this process, because loading everything anew would be most of the work; `test_demo` starts real ones."""
    monkeypatch.setenv("ELDERCARE_DATABASE_URL", demonstration_sqlite_url)
    monkeypatch.setenv("NO_COLOR", "1")
    for session in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, _, wanted = session.partition("\n")
        program, *words = shlex.split(line)
        assert program in COMMANDS, "commands that are not run belong into a block of the kind `sh`"
        monkeypatch.setattr(sys, "argv", [program, *words])
        with contextlib.suppress(SystemExit):
            importlib.import_module(f"{program}.__main__").main()
        printed = "".join(capsys.readouterr())
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        assert doctest.OutputChecker().check_output(wanted.strip(), printed.strip(), flags), printed


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)} → {target}"
        for path in DOCUMENTS
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
        if not (path.parent / target).exists()
    ]
    assert broken == []


def test_generated_documents_are_what_the_code_says() -> None:
    """`make docs` writes them; what is committed must be what it would write."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec
    assert spec.loader
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    old = [
        path.relative_to(ROOT).as_posix()
        for path, text in generate.documents().items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    assert old == [], "run `make docs` and commit what it writes"
