"""Who asks is told, and tokens are issued, replaced and revoked through the API; a secret is shown once."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import factories as make
from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Executor
from eldercare.api.schema import Api
from eldercare.registry import AccessToken
from eldercare.registry.access_token import known
from eldercare.security.principal import ANYBODY, Principal, Role
from eldercare.security.token import read

OFFICER = frozenset({"read", "write", "admin"})
CREATE = """mutation Issue($input: CreateAccessTokenInput!) { createAccessToken(input: $input) {
  secret errors { code path } accessToken { id prefix subject role division { name } scopes createdBy } } }"""


@pytest.fixture
def ask(api: Api, engine: Engine, database_url: str) -> Iterator[Asker]:
    loop = asyncio.new_event_loop()
    reads = open_reads(database_url, size=2)
    yield Asker(loop, Executor(api, reads, engine, today=lambda: make.TODAY, services={"keys": make.KEYS}))
    loop.run_until_complete(reads.close())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


@pytest.fixture
def wang(engine: Engine) -> Principal:
    with Session(engine) as session:
        county = make.division(make.writer(session), name="Xiaoshan")
        session.commit()
        return Principal("wang", Role.COUNTY_ADMIN, county.id, scopes=OFFICER)


def issued(ask: Asker, viewer: Principal, **given: Any) -> Any:
    values = {"subject": "li", "role": "TOWN_OFFICER", "division": f"Division_{viewer.division_id}", **given}
    return ask(CREATE, {"input": values}, viewer=viewer)["data"]["createAccessToken"]


def test_a_viewer_is_told_who_they_are(ask: Asker, wang: Principal) -> None:
    query = "{ me { id role division { name } facilities { name } scopes specialFamily tokens { id } } }"
    assert ask(query, viewer=wang)["data"]["me"] == {
        "id": "wang",
        "role": "COUNTY_ADMIN",
        "division": {"name": "Xiaoshan"},
        "facilities": [],
        "scopes": ["admin", "read", "write"],
        "specialFamily": False,
        "tokens": [],
    }
    assert ask("{ me { id role } }", viewer=ANYBODY)["data"]["me"] == {"id": "anybody", "role": "PUBLIC"}


def test_a_token_is_issued_and_its_secret_shown_once(ask: Asker, wang: Principal, engine: Engine) -> None:
    made = issued(ask, wang)
    assert made["errors"] == []
    token = read(made["secret"])
    assert token is not None
    assert made["accessToken"] == {
        "id": made["accessToken"]["id"],
        "prefix": token.prefix,
        "subject": "li",
        "role": "TOWN_OFFICER",
        "division": {"name": "Xiaoshan"},
        "scopes": ["read"],
        "createdBy": "wang",
    }
    with Session(engine) as session:
        found = known(session, token, make.KEYS)
        assert found is not None
        li = found.principal()
    mine = ask.answer("{ me { tokens { prefix lastUsedAt } } }", viewer=li).body
    theirs = ask.answer("{ issuedTokens { prefix subject } }", viewer=wang).body
    assert ask("{ me { tokens { prefix } } }", viewer=li)["data"]["me"]["tokens"] == [{"prefix": token.prefix}]
    assert ask("{ issuedTokens { subject } }", viewer=wang)["data"]["issuedTokens"] == [{"subject": "li"}]
    assert token.text.encode() not in mine + theirs


def test_a_token_is_replaced_and_revoked(ask: Asker, wang: Principal) -> None:
    old = issued(ask, wang)["accessToken"]["id"]
    rotate = (
        "mutation($id: ID!) { rotateAccessToken(id: $id, graceHours: 0) { secret errors { code } accessToken { id } } }"
    )
    new = ask(rotate, {"id": old}, viewer=wang)["data"]["rotateAccessToken"]
    assert read(new["secret"])
    revoke = "mutation($id: ID!) { revokeAccessToken(id: $id) { secret errors { code path } accessToken { endsAt } } }"
    gone = ask(revoke, {"id": new["accessToken"]["id"]}, viewer=wang)["data"]["revokeAccessToken"]
    assert (gone["secret"], gone["errors"]) == (None, [])
    again = ask(rotate, {"id": new["accessToken"]["id"]}, viewer=wang)["data"]["rotateAccessToken"]
    assert again == {"secret": None, "errors": [{"code": "TOKEN_ENDED"}], "accessToken": None}


def test_nobody_issues_more_than_they_have(ask: Asker, wang: Principal, engine: Engine) -> None:
    assert issued(ask, wang, role="CITY_ADMIN")["errors"] == [{"code": "TOKEN_EXCEEDS", "path": ["role"]}]
    assert issued(ask, wang, role="SYSTEM")["errors"] == [{"code": "TOKEN_ROLE", "path": ["role"]}]
    assert issued(ask, wang, scopes=["reveal"])["errors"] == [{"code": "TOKEN_EXCEEDS", "path": ["scopes"]}]
    li = Principal("li", Role.TOWN_OFFICER, wang.division_id, scopes=frozenset({"read", "write"}))
    assert issued(ask, li, subject="x", role="VILLAGE_WORKER")["errors"][0]["code"] == "TOKEN_EXCEEDS"
    assert issued(ask, ANYBODY, subject="x", division=None, role="PUBLIC")["errors"] == [
        {"code": "FORBIDDEN", "path": []}
    ]
    with Session(engine) as session:
        assert session.query(AccessToken).count() == 0
