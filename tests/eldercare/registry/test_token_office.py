"""Tokens are issued with less than their issuer has, known by their digest alone, replaced and revoked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories as make
from eldercare.kit.errors import Conflict, EldercareError, Forbidden, InvalidInput, NotFound
from eldercare.registry import AccessToken, Division, SchemeDivision, SubsidyScheme
from eldercare.registry.access_token import known
from eldercare.registry.audit_check import events
from eldercare.registry.change import Writer
from eldercare.registry.division import Level
from eldercare.registry.entity import now
from eldercare.registry.scheme import SchemeKind
from eldercare.registry.token_office import Office
from eldercare.security.cipher import KeyRing
from eldercare.security.principal import SYSTEM, Principal, Role
from eldercare.security.token import Token

OFFICER = frozenset({"read", "write", "reveal", "admin"})


@pytest.fixture
def county(session: Session) -> Division:
    return make.division(make.writer(session))


def village_of(session: Session, county: Division, name: str = "a") -> Division:
    w = make.writer(session)
    code = f"{county.code[:6]}{ord(name) % 900 + 100}000"
    town = make.division(w, code=code, level=Level.TOWN, parent_id=county.id, name=f"Town {name}")
    return make.division(w, code=f"{code[:9]}201", level=Level.VILLAGE, parent_id=town.id, name=f"Village {name}")


def office(session: Session, issuer: Principal = SYSTEM) -> Office:
    return Office(session, make.KEYS, issuer)


def wang(county: Division, **values: Any) -> Principal:
    return Principal("wang", Role.COUNTY_ADMIN, **{"division_id": county.id, "scopes": OFFICER, **values})


def li(place: Division | None, role: Role = Role.VILLAGE_WORKER, **values: Any) -> Principal:
    return Principal("li", role, place.id if place else None, **{"scopes": frozenset({"read"}), **values})


def refused(act: Callable[[], object]) -> tuple[str, tuple[str | int, ...]]:
    with pytest.raises(EldercareError) as found:
        act()
    return found.value.code, found.value.path


def test_a_token_is_known_by_its_digest_alone(session: Session, county: Division) -> None:
    made, token = office(session).issue(wang(county, special_family=True, facility_ids=()))
    session.commit()
    found = known(session, token, make.KEYS)
    assert found is not None
    assert found.principal() == wang(county, special_family=True)
    assert token.text.startswith(made.prefix + "_")
    secret = token.text.removeprefix(made.prefix + "_")
    stored = session.execute(select(*AccessToken.__table__.c)).one()
    assert secret not in repr(tuple(stored))
    assert token.text not in repr(token)
    other = token.text[:-1] + ("A" if token.text[-1] != "A" else "B")
    assert known(session, Token(token.prefix, other), make.KEYS) is None
    assert known(session, token, KeyRing(make.KEYS.encryption, bytes(32))) is None
    assert known(session, token, KeyRing(make.KEYS.encryption, bytes(32), (make.KEYS.digestion,))) is not None


def test_a_county_hands_on_what_lies_in_it(session: Session, county: Division) -> None:
    village, elsewhere = village_of(session, county), make.division(make.writer(session))
    w = make.writer(session)
    home, far = make.facility(w, division_id=village.id), make.facility(w)
    mine = office(session, wang(county))
    assert mine.issue(li(village))[0].created_by == "wang"
    operator = Principal("home", Role.FACILITY_OPERATOR, facility_ids=(home.id,), scopes=frozenset({"read"}))
    assert mine.issue(operator)[0].facility_ids == [home.id]
    beyond = Principal("far", Role.FACILITY_OPERATOR, facility_ids=(far.id,), scopes=frozenset({"read"}))
    assert refused(lambda: mine.issue(beyond)) == ("TOKEN_EXCEEDS", ("facility_ids",))
    assert refused(lambda: mine.check(li(elsewhere))) == ("TOKEN_EXCEEDS", ("division_id",))


def test_a_county_hands_on_schemes_that_pay_nowhere_else(session: Session, county: Division) -> None:
    w = make.writer(session)
    elsewhere = make.division(w)
    home, far, nowhere = (scheme(w, *places) for places in ((county,), (county, elsewhere), ()))
    mine = office(session, wang(county))
    auditor = Principal("ma", Role.FINANCE_AUDITOR, county.id, scheme_ids=(home,), scopes=frozenset({"read"}))
    mine.check(auditor)
    for other in (far, nowhere):
        assert refused(lambda other=other: mine.check(replace(auditor, scheme_ids=(home, other)))) == (
            "TOKEN_EXCEEDS",
            ("scheme_ids",),
        )
    assert refused(lambda: mine.check(replace(auditor, scheme_ids=(999_999,))))[0] == "TOKEN_INCOMPLETE"


def scheme(w: Writer, *places: Division) -> int:
    """A scheme that holds in some divisions."""
    given = {"code": f"S{len(places)}", "name": "Scheme", "name_zh": "补贴", "kind": next(iter(SchemeKind))}
    made = w.create(SubsidyScheme, {**given, "valid_from": date(2020, 1, 1)})
    for place in places:
        row = {"scheme_id": made.id, "division_id": place.id, "valid_from": date(2020, 1, 1)}
        w.create(SchemeDivision, row)
    return made.id


@pytest.mark.parametrize(
    ("wanted", "code", "path"),
    [
        ({"role": Role.CITY_ADMIN}, "TOKEN_EXCEEDS", "role"),
        ({"role": Role.SYSTEM}, "TOKEN_EXCEEDS", "role"),
        ({"scopes": frozenset({"plan"})}, "TOKEN_EXCEEDS", "scopes"),
        ({"scopes": frozenset({"everything"})}, "TOKEN_INCOMPLETE", "scopes"),
        ({"division_id": None}, "TOKEN_INCOMPLETE", "division_id"),
        ({"division_id": 999_999}, "TOKEN_INCOMPLETE", "division_id"),
        ({"role": Role.FACILITY_OPERATOR, "facility_ids": (999_999,)}, "TOKEN_INCOMPLETE", "facility_ids"),
        ({"role": Role.PARTNER_API}, "TOKEN_INCOMPLETE", "fields"),
        ({"role": Role.CALL_AGENT}, "TOKEN_INCOMPLETE", "organisation_id"),
    ],
)
def test_more_than_the_issuer_has_is_refused(
    wanted: dict[str, Any], code: str, path: str, session: Session, county: Division
) -> None:
    given = {"role": Role.VILLAGE_WORKER, "division_id": county.id, "scopes": frozenset({"read"}), **wanted}
    mine = office(session, wang(county))
    assert refused(lambda: mine.issue(Principal("li", **given))) == (code, (path,))


def test_without_the_scope_admin_nothing_is_issued(session: Session, county: Division) -> None:
    plain = office(session, wang(county, scopes=frozenset({"read"})))
    assert refused(lambda: plain.issue(li(county)))[0] == "TOKEN_EXCEEDS"
    special = office(session, Principal("zhao", Role.TOWN_OFFICER, county.id, scopes=OFFICER))
    assert refused(lambda: special.issue(li(county, special_family=True))) == ("TOKEN_EXCEEDS", ("special_family",))


def test_a_subject_has_one_token_so_that_logs_tell_people_apart(session: Session, county: Division) -> None:
    mine = office(session)
    first, _ = mine.issue(li(county))
    assert refused(lambda: mine.issue(li(county))) == ("TOKEN_SUBJECT_TAKEN", ("subject",))
    assert refused(lambda: mine.issue(Principal("system", Role.PUBLIC)))[0] == "TOKEN_SUBJECT_TAKEN"
    mine.revoke(first.id, reason="left the office")
    assert mine.issue(li(county))[0].id != first.id


def test_a_replaced_token_is_taken_for_a_while(session: Session, county: Division) -> None:
    old, _ = office(session).issue(li(county), days=10)
    session.commit()
    own = office(session, old.principal())
    new, token = own.rotate(old.id, grace=timedelta(hours=2))
    session.commit()
    assert (new.replaces_id, new.principal(), new.expires_at) == (old.id, old.principal(), old.expires_at)
    assert timedelta(hours=1) < old.ends_at() - now() <= timedelta(hours=2)
    assert known(session, token, make.KEYS) is not None
    assert refused(lambda: own.rotate(new.id, days=30))[0] == "TOKEN_EXCEEDS"
    own.revoke(new.id)
    with pytest.raises(Conflict, match="TOKEN_ENDED"):
        own.rotate(new.id)
    with pytest.raises(InvalidInput, match="TOKEN_DAYS"):
        office(session).issue(Principal("sun", Role.PUBLIC), days=10_000)


def test_others_tokens_cannot_be_told_from_none(session: Session, county: Division) -> None:
    other = make.division(make.writer(session))
    made, _ = office(session).issue(li(county))
    stranger = office(session, wang(other))
    for key in (made.id, 999_999):
        with pytest.raises(NotFound, match="There is no such token"):
            stranger.revoke(key)
    peer = office(session, Principal("chen", Role.VILLAGE_WORKER, county.id, scopes=frozenset({"read"})))
    with pytest.raises(NotFound):
        peer.revoke(made.id)
    with pytest.raises(Forbidden):
        office(session, Principal("x", Role.PLANNER, county.id)).check(li(county))


def test_each_step_is_on_the_audit_trail(session: Session, county: Division) -> None:
    mine = office(session)
    made, _ = mine.issue(li(county))
    new, _ = mine.rotate(made.id)
    mine.revoke(new.id, reason="lost")
    session.commit()
    told = [
        (row.action.value, row.keys, row.reason)
        for row, _ in events(session.connection())
        if row.noun == "access_token"
    ]
    assert sorted(told) == sorted(
        [
            ("TOKEN_CREATED", [made.id], None),
            ("TOKEN_CREATED", [new.id], None),
            ("TOKEN_ROTATED", [made.id], None),
            ("TOKEN_REVOKED", [new.id], "lost"),
        ]
    )
