"""Trusted documents: registered beforehand, asked for by id, and where the operator says so nothing else."""

import asyncio
import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from asker import Asker
from planted import TODAY
from sqlalchemy import Engine

from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Executor
from eldercare.api.schema import Api
from eldercare.api.trusted import Trusted, documents_of, faults
from eldercare.kit.errors import InvalidInput

COUNT = "query Count { sources { totalCount } }"
ID = sha256(COUNT.encode()).hexdigest()
OTHER = "query Other { divisions { totalCount } }"


@pytest.fixture
def trusting(api: Api, sqlite_url: str, sqlite_engine: Engine, tmp_path: Path) -> Iterator[Callable[..., Asker]]:
    (tmp_path / "desk.json").write_text(json.dumps({f"sha256:{ID}": COUNT}))
    loop, reads = asyncio.new_event_loop(), open_reads(sqlite_url, size=1)

    def make(only: bool = False) -> Asker:
        trusted = Trusted(tmp_path, only=only)
        return Asker(loop, Executor(api, reads, sqlite_engine, today=lambda: TODAY, trusted=trusted))

    yield make
    loop.run_until_complete(reads.close())
    loop.close()


def code(answer: Any) -> str:
    return str(answer["errors"][0]["extensions"]["code"])


def test_a_document_is_asked_for_by_its_id(trusting: Callable[..., Asker]) -> None:
    ask = trusting()
    for id in (ID, f"sha256:{ID}"):
        answer = ask.answer("", document_id=id)
        assert json.loads(answer.body)["data"]["sources"]["totalCount"] == 0
        assert answer.name == "Count"
    assert ask(COUNT, document_id=ID) == ask("", document_id=ID)
    assert ask.answer(COUNT).name == ""
    assert code(ask("", document_id="x")) == "DOCUMENT_UNKNOWN"
    assert code(ask(OTHER, document_id=ID)) == "DOCUMENT_DIFFERS"


def test_a_server_that_answers_trusted_documents_only(trusting: Callable[..., Asker], tmp_path: Path) -> None:
    ask = trusting(only=True)
    assert "data" in ask("", document_id=ID)
    assert "data" in ask(COUNT)
    assert code(ask(OTHER)) == "DOCUMENT_NOT_TRUSTED"
    (tmp_path / "more.json").write_text(json.dumps({"m": OTHER}))
    assert "data" in ask(OTHER)
    assert "data" in ask("", document_id="m")


@pytest.mark.parametrize(
    "manifest",
    [
        {ID: COUNT},
        {f"sha256:{ID}": COUNT},
        {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": ID, "name": "Count", "type": "query", "body": COUNT}]},
    ],
)  # fmt: skip
def test_manifests_of_all_generators_are_read(manifest: Any) -> None:
    assert documents_of(manifest)[ID] == COUNT


def test_an_id_that_is_another_documents_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(json.dumps({ID: OTHER}))
    with pytest.raises(InvalidInput, match="is not the SHA-256 of its document"):
        Trusted(tmp_path)


def test_a_document_that_the_schema_does_not_know_is_named(api: Api) -> None:
    found = list(faults(api.schema, {"a": COUNT, "b": "{ nix }", "c": "{"}))
    assert [each[:2] for each in found] == ["b:", "c:"]
