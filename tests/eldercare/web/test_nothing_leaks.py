"""Marked values are planted and every output is searched: nothing of a person is where it does not belong."""

import io
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

import factories as make
from eldercare import app
from eldercare.__main__ import cli
from eldercare.kit import log
from eldercare.kit.settings import Settings
from eldercare.registry.identifier import citizen_check
from eldercare.registry.token_office import Office
from eldercare.security.principal import SYSTEM, Principal, Role
from eldercare.security.token import mint

NAME, PHONE, ADDRESS, CONTACT = "司马标记人", "13912345678", "标记路77号", "标记联系人 13787654321"
NUMBER = "99019919400506042" + citizen_check("99019919400506042")
REASON = "标记原因：家属来电"
METRICS_KEY = "metrics-key-of-the-test"
PLANTED = (NAME, PHONE, ADDRESS, CONTACT, NUMBER, REASON)
OFFICER = frozenset({"read", "write", "reveal", "export", "admin"})


@dataclass
class Seen:
    """Everything that came out: answers by who asked, and all else by where it came out."""

    client: TestClient
    tokens: dict[str, str]
    answers: list[tuple[str, str]] = field(default_factory=list)

    def ask(self, who: str, query: str, how: str = "post", **variables: Any) -> Any:
        """Ask as somebody and keep what comes out, headers too."""
        headers = {"authorization": f"Bearer {self.tokens.get(who, who)}"}
        if how == "get":
            response = self.client.get("/graphql", params={"query": query}, headers=headers)
        else:
            response = self.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        self.answers.append((who, f"{response.text}\n{response.headers!r}"))
        return response.json()


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    make.KEYS.save(tmp_path / "keys.json")
    given = {"DATABASE_URL": sqlite_url, "KEY_FILE": str(tmp_path / "keys.json"), "METRICS_KEY": METRICS_KEY}
    for name, value in given.items():
        monkeypatch.setenv(f"ELDERCARE_{name}", value)
    monkeypatch.setenv("ELDERCARE_JOB_WORKERS", "0")
    return Settings()


@pytest.fixture
def person(sqlite_engine: Engine) -> int:
    """Somebody of whom everything is marked."""
    with Session(sqlite_engine) as session:
        w = make.writer(session)
        county = make.division(w, name="Marked county")
        given = {"name": NAME, "id_type": "RESIDENT_ID", "id_number": NUMBER, "phone": PHONE}
        found = make.person(w, **given, emergency_contact=CONTACT)
        make.residence(w, found.id, county.id, address=ADDRESS)
        session.commit()
        return found.id


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that is logged, down to the least."""
    root, found = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", found)
    log.configure("debug", "json")
    for chatty in ("httpx", "httpx2", "httpcore"):  # the test's own client
        logging.getLogger(chatty).setLevel(logging.WARNING)
    yield found
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def seen(settings: Settings, sqlite_engine: Engine, person: int, heard: io.StringIO) -> Iterator[Seen]:
    tokens = {}
    with Session(sqlite_engine) as session:
        for who, role in {"county": Role.COUNTY_ADMIN, "city": Role.CITY_ADMIN, "planner": Role.PLANNER}.items():
            _, token = Office(session, make.KEYS, SYSTEM).issue(Principal(who, role, 1, scopes=OFFICER))
            tokens[who] = token.text
        session.commit()
    with TestClient(app.make_web(settings, sqlite_engine)) as client:
        yield Seen(client, tokens)


HOSTILE = tuple(
    query.replace("<name>", NAME).replace("<phone>", PHONE).replace("<number>", NUMBER)
    for query in (
        '{ people(filter: {name: {eq: "<name>"}}) { nodes { id } } }',
        '{ people(filter: {name: {eq: "<name>',
        '{ people(filter: {phone: {eq: "<phone>"}}) { nodes { id } } }',
        '{ person(id: "<number>") { name } }',
        '{ people(after: "<number>") { nodes { id } } }',
        '{ people(first: 1, asOf: "<number>") { nodes { id } } }',
        "query($n: Int!) { people(first: $n) { nodes { id } } }",
    )
)


def use(seen: Seen, person: int) -> None:
    """What people and programs do, right and wrong."""
    shown = "{ people(first: 1) { edges { cursor node { id name phone } } pageInfo { endCursor } } }"
    for who in ("county", "city", "planner"):
        seen.ask(who, shown)
        seen.ask(who, "query($id: ID!) { person(id: $id) { name idNumber phone masked } }", id=f"Person_{person}")
        seen.ask(who, "{ me { id role tokens { prefix } } issuedTokens { prefix } }")
        for query in HOSTILE:
            seen.ask(who, query, n=NUMBER)
        seen.ask(who, HOSTILE[0], how="get")
    seen.ask(
        "county",
        "mutation($id: ID!, $reason: String) { correctPerson(id: $id, input: {education: PRIMARY}, reason: $reason) { errors { code message } } }",
        id=f"Person_{person}",
        reason=REASON,
    )
    wrong = 'mutation($n: String!) { createPerson(input: {name: "x", idType: RESIDENT_ID, idNumber: $n, sex: MALE}) { errors { code message remedy } } }'
    seen.ask("county", wrong, n=NUMBER[:-1] + "0")
    seen.ask("county", wrong, n=NUMBER)
    for stranger in (mint().text, "not-a-token", NUMBER):
        seen.ask(stranger, "{ me { id } }")


def outputs(seen: Seen, heard: io.StringIO) -> dict[str, str]:
    """Everything that comes out besides answers."""
    metrics = seen.client.get("/metrics", headers={"authorization": f"Bearer {METRICS_KEY}"})
    assert metrics.status_code == 200
    found = {"metrics": metrics.text, "health": seen.client.get("/health/ready").text, "log": heard.getvalue()}
    for words in (
        ("audit", "export"),
        ("audit", "verify"),
        ("token", "list", "--all"),
        ("settings",),
        ("keys", "check"),
    ):
        result = CliRunner().invoke(cli, words)
        assert result.exit_code == 0, result.output
        found[" ".join(words)] = result.output
    return found


def test_nothing_of_a_person_is_where_it_does_not_belong(
    seen: Seen, person: int, heard: io.StringIO, sqlite_url: str
) -> None:
    use(seen, person)
    found = outputs(seen, heard)
    assert "token refused" in found["log"], "the log was read"
    assert found["audit export"].count("\n") > 10, "the trail was read"
    secrets = [token.split("_", 2)[2] for token in seen.tokens.values()]
    for where, text in found.items():
        assert [value for value in (*PLANTED, *secrets) if value in text] == [], where
        assert [value for value in PLANTED if value.encode().hex() in text] == [], where
    answers_tell_whom_they_may(seen, secrets)
    the_database_tells_nothing(Path(sqlite_url.removeprefix("sqlite:///")), secrets)


def answers_tell_whom_they_may(seen: Seen, secrets: list[str]) -> None:
    """The county sees the name; others see neither it nor anything else, in cursors neither."""
    assert [text for who, text in seen.answers if who == "county" and NAME in text]
    for who, text in seen.answers:
        if who == "county" or '"errors"' in text:
            continue  # an error may quote what its sender sent
        assert [value for value in (NAME, ADDRESS, CONTACT, NUMBER) if value in text] == [], text
        assert [value for value in (NAME, NUMBER) if value.encode().hex() in text] == [], text
    assert [secret for secret in secrets for _, text in seen.answers if secret in text] == []


def the_database_tells_nothing(path: Path, secrets: list[str]) -> None:
    """What is protected is ciphertext there, in every file of the database."""
    kept = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    assert NAME.encode() in kept, "names are not encrypted, so the search finds what is there"
    assert [value for value in (PHONE, ADDRESS, CONTACT, NUMBER, *secrets) if value.encode() in kept] == []
