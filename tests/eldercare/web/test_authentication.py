"""At the door: tokens of ours and of an issuer become principals; everybody else is turned away, and told what to do."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from hello import hello_server
from issuer import AUDIENCE, Issuer, serving_issuer
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

import factories as make
from eldercare.kit.errors import InvalidInput
from eldercare.registry import AccessToken
from eldercare.registry.access_token import known
from eldercare.registry.audit_check import events
from eldercare.registry.entity import now
from eldercare.registry.token_office import Office
from eldercare.security.claims import Mapper
from eldercare.security.oidc import Trust, Verifier
from eldercare.security.principal import ANYBODY, SYSTEM, Principal, Role
from eldercare.security.token import Token, mint, read
from eldercare.web.authentication import Door, Pace, Turned
from eldercare.web.proof import Prover, finder

HELLO = {"query": "{ hello }"}
LI = Principal("li", Role.PUBLIC, scopes=frozenset({"read"}))


def issue(engine: Engine, wanted: Principal = LI, days: int = 9) -> Token:
    with Session(engine) as session:
        _, token = Office(session, make.KEYS, SYSTEM).issue(wanted, days=days)
        session.commit()
    return token


@pytest.fixture
def prover(sqlite_engine: Engine) -> Iterator[Prover]:
    made = Prover(sqlite_engine, make.KEYS, refresh=1.0)
    yield made
    made.close()


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with serving_issuer() as opened:
        yield opened


def bearer(token: Token | str) -> dict[bytes, str]:
    return {b"authorization": f"Bearer {token if isinstance(token, str) else token.text}"}


def come(door: Door, headers: dict[bytes, str], address: str = "192.0.2.7") -> Principal | Turned:
    async def ask() -> Principal | Turned:
        try:
            return await door.authenticate(headers, address)
        except Turned as turned:
            return turned

    return asyncio.run(ask())


def code(found: Principal | Turned) -> str:
    assert isinstance(found, Turned), found
    return found.code


# Over HTTP.


@pytest.fixture
def client(prover: Prover) -> Iterator[TestClient]:
    door = Door(prover, pace=Pace(failures=3), tell=prover.tell)
    with TestClient(hello_server(authenticate=door.authenticate)) as opened:
        yield opened


def test_nobody_asks_without_a_token(client: TestClient) -> None:
    response = client.post("/graphql", json=HELLO)
    (error,) = response.json()["errors"]
    assert (response.status_code, error["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == 'Bearer realm="eldercare"'
    assert "Authorization: Bearer" in error["extensions"]["remedy"]
    assert client.get("/health/alive").status_code == client.get("/schema.graphql").status_code == 200


def test_a_token_of_ours_opens_the_door(client: TestClient, sqlite_engine: Engine) -> None:
    token = issue(sqlite_engine)
    response = client.post("/graphql", json=HELLO, headers={"authorization": f"bearer {token.text}"})
    assert response.json() == {"data": {"hello": "hello world"}}


def test_failures_are_slowed_logged_and_told_without_the_secret(
    client: TestClient, sqlite_engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    good, wrong = issue(sqlite_engine), mint()
    allowed = {"authorization": f"Bearer {good.text}"}
    assert client.post("/graphql", json=HELLO, headers=allowed).status_code == 200
    tried = [client.post("/graphql", json=HELLO, headers={"authorization": f"Bearer {wrong.text}"}) for _ in range(4)]
    assert [each.status_code for each in tried] == [401, 401, 401, 429]
    assert tried[0].headers["www-authenticate"] == 'Bearer realm="eldercare", error="invalid_token"'
    assert tried[3].json()["errors"][0]["extensions"]["code"] == "TOO_MANY_FAILURES"
    assert int(tried[3].headers["retry-after"]) > 0
    assert client.post("/graphql", json=HELLO, headers=allowed).status_code == 200
    said = "".join(capsys.readouterr()) + "".join(each.text for each in tried)
    assert wrong.prefix in said
    assert wrong.text.removeprefix(wrong.prefix) not in said
    with sqlite_engine.connect() as connection:
        failed = [row for row, _ in events(connection) if row.action == "LOGIN_FAILED"]
    assert [(row.reason, row.principal) for row in failed] == [(f"TOKEN_UNKNOWN {wrong.prefix}", "unknown testclient")]


# What is proved.


def test_a_revoked_token_is_refused_within_its_refresh(prover: Prover, sqlite_engine: Engine) -> None:
    token, door = issue(sqlite_engine), Door(prover)
    assert come(door, bearer(token)) == LI
    with Session(sqlite_engine) as session:
        found = known(session, token, make.KEYS)
        assert found is not None
        Office(session, make.KEYS, SYSTEM).revoke(found.id)
        session.commit()
    deadline = time.monotonic() + 3
    while isinstance(come(door, bearer(token)), Principal) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert code(come(door, bearer(token))) == "UNAUTHENTICATED"


def test_an_expired_token_is_refused(prover: Prover, sqlite_engine: Engine) -> None:
    token = issue(sqlite_engine)
    with sqlite_engine.begin() as connection:
        connection.execute(update(AccessToken).values(expires_at=now() - timedelta(seconds=1)))
    assert code(come(Door(prover), bearer(token))) == "UNAUTHENTICATED"


def test_the_use_of_a_token_is_noted_seldom(prover: Prover, sqlite_engine: Engine) -> None:
    token = issue(sqlite_engine)
    uses = []
    for _ in range(2):
        assert come(Door(prover), bearer(token)) == LI
        prover.settle()
        with Session(sqlite_engine) as session:
            found = known(session, token, make.KEYS)
            assert found is not None
            uses.append(found.last_used_at)
    assert uses[0] is not None
    assert uses[0] == uses[1]


@pytest.mark.parametrize(
    "sent", ["Basic bGk6c2VjcmV0", "Bearer", "Bearer ", "Bearer a.b.c", "Bearer " + "x" * 9_000, "eld_"]
)
def test_what_is_no_token_is_refused(sent: str, prover: Prover) -> None:
    assert code(come(Door(prover), {b"authorization": sent})) == "UNAUTHENTICATED"


def test_where_anybody_may_ask_they_are_the_public_and_slowed_by_address(prover: Prover) -> None:
    door = Door(prover, anonymous=True, pace=Pace(anonymous=20))
    assert [come(door, {}) for _ in range(2)] == [ANYBODY, ANYBODY]
    assert code(come(door, {})) == "RATE_LIMITED"
    assert come(door, {}, "192.0.2.8") == ANYBODY
    assert code(come(door, bearer("nonsense"))) == "UNAUTHENTICATED"


def test_who_asks_too_often_waits(prover: Prover, sqlite_engine: Engine) -> None:
    door, token = Door(prover, pace=Pace(requests=60, burst=3)), issue(sqlite_engine)
    found = [come(door, bearer(token)) for _ in range(4)]
    assert found[:3] == [LI, LI, LI]
    assert isinstance(found[3], Turned)
    assert (found[3].status, found[3].code, found[3].headers) == (429, "RATE_LIMITED", {"retry-after": "1"})


def test_a_known_token_costs_microseconds(prover: Prover, sqlite_engine: Engine) -> None:
    prover.refresh = 60
    door, headers = Door(prover, pace=Pace(requests=0)), bearer(issue(sqlite_engine))

    async def many() -> float:
        await door.authenticate(headers)
        began = time.perf_counter()
        for _ in range(2_000):
            await door.authenticate(headers)
        return (time.perf_counter() - began) / 2_000

    assert min(asyncio.run(many()) for _ in range(3)) < 50e-6


# An issuer of somebody else's.


@pytest.fixture
def door_of(sqlite_engine: Engine) -> Iterator[Callable[..., Door]]:
    made = []

    def make_door(issuer: Issuer, **trust: Any) -> Door:
        verifier = Verifier(Trust(issuer.address, AUDIENCE, **{"floor": 0.2, **trust}))
        mapper = Mapper(finder(sqlite_engine), roles={"civil-affairs-county": "COUNTY_ADMIN"})
        made.append(Prover(sqlite_engine, make.KEYS, verifier=verifier, mapper=mapper))
        return Door(made[-1], pace=Pace(failures=1_000))

    yield make_door
    for each in made:
        each.close()


def test_claims_become_a_principal(issuer: Issuer, door_of: Callable[..., Door], sqlite_engine: Engine) -> None:
    with Session(sqlite_engine) as session:
        county = make.division(make.writer(session))
        session.commit()
        key, called = county.id, county.code
    token = issuer.token(
        eldercare_role=["offline_access", "civil-affairs-county"],
        eldercare_division=called,
        eldercare_special_family=True,
        scope="read reveal",
    )
    assert come(door_of(issuer), bearer(token)) == Principal(
        "oidc:wang", Role.COUNTY_ADMIN, key, special_family=True, scopes=frozenset({"read", "reveal"})
    )


def test_keys_are_fetched_once_and_again_when_they_are_rotated(issuer: Issuer, door_of: Callable[..., Door]) -> None:
    door = door_of(issuer)
    for n in range(3):
        assert come(door, bearer(issuer.token(sub=f"user{n}"))) == Principal(f"oidc:user{n}", Role.PUBLIC)
    assert issuer.fetched == 1
    before = issuer.token(sub="before")
    issuer.rotate("two", kind="ES256")
    assert code(come(door, bearer(issuer.token()))) == "UNAUTHENTICATED", "the floor between two fetches holds"
    assert issuer.fetched == 1
    time.sleep(0.25)
    assert come(door, bearer(issuer.token(sub="after"))) == Principal("oidc:after", Role.PUBLIC)
    assert code(come(door, bearer(before))) == "UNAUTHENTICATED"
    assert issuer.fetched == 2


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another"},
        {"exp": 1.0},
        {"exp": None},
        {"aud": None},
        {"sub": None},
        {"nbf": 4_000_000_000},
        {"eldercare_role": "SYSTEM"},
        {"eldercare_role": None},
        {"eldercare_division": "999999999999"},
    ],
    ids=str,
)
def test_claims_that_prove_nothing_are_refused(
    claims: dict[str, Any], issuer: Issuer, door_of: Callable[..., Door]
) -> None:
    assert code(come(door_of(issuer), bearer(issuer.token(**claims)))) == "UNAUTHENTICATED"


def test_a_little_difference_of_clocks_is_allowed(issuer: Issuer, door_of: Callable[..., Door]) -> None:
    token = issuer.token(exp=time.time() - 10, nbf=time.time() + 10)
    assert come(door_of(issuer), bearer(token)) == Principal("oidc:wang", Role.PUBLIC)
    assert code(come(door_of(issuer, leeway=1), bearer(token))) == "UNAUTHENTICATED"


def test_signatures_that_anybody_could_make_are_refused(issuer: Issuer, door_of: Callable[..., Door]) -> None:
    door, (_, key) = door_of(issuer), issuer.keys["one"]
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    none = jwt.encode(issuer.claims(), None, algorithm="none", headers={"kid": "one"})
    shared = hmac_signed(issuer.claims(), public)
    other = Issuer(issuer.address).token()
    altered = issuer.token().rpartition(".")[0] + "." + issuer.token(sub="x").rpartition(".")[2]
    for forged in (none, shared, other, altered, issuer.token() + "x", "e30.e30.e30"):
        assert code(come(door, bearer(forged))) == "UNAUTHENTICATED", forged
    assert come(door, bearer(issuer.token())) == Principal("oidc:wang", Role.PUBLIC)


def hmac_signed(claims: dict[str, Any], key: bytes) -> str:
    """The public key used as a shared secret; jwt.encode refuses to make such a token, an attacker does not."""

    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    text = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': 'one'})}.{part(claims)}"
    signed = hmac.new(key, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(signed).decode().rstrip('=')}"


def test_an_issuer_that_does_not_answer_is_told_apart_and_not_asked_again_at_once(
    issuer: Issuer, door_of: Callable[..., Door]
) -> None:
    door = door_of(issuer)
    issuer.down = True
    found = come(door, bearer(issuer.token()))
    assert isinstance(found, Turned)
    assert (found.status, found.code) == (503, "ISSUER_UNAVAILABLE")
    issuer.down = False
    assert code(come(door, bearer(issuer.token()))) == "ISSUER_UNAVAILABLE"
    time.sleep(0.25)
    assert come(door, bearer(issuer.token())) == Principal("oidc:wang", Role.PUBLIC)


@pytest.mark.parametrize(
    ("trust", "wrong"),
    [
        ({"algorithms": ("HS256",)}, "OIDC_ALGORITHMS"),
        ({"algorithms": ("RS256", "none")}, "OIDC_ALGORITHMS"),
        ({"issuer": "http://elsewhere.example"}, "OIDC_ISSUER"),
        ({"audience": ""}, "OIDC_AUDIENCE"),
    ],
)
def test_settings_that_would_believe_anybody_are_refused(trust: dict[str, Any], wrong: str) -> None:
    with pytest.raises(InvalidInput, match=wrong):
        Trust(**{"issuer": "https://id.example", "audience": AUDIENCE, **trust})


def test_every_minted_token_has_the_form() -> None:
    tokens = [mint() for _ in range(50)]
    assert [read(each.text) for each in tokens] == tokens
    assert len({each.prefix for each in tokens}) == 50
