"""A retry with the same key gives the first answer; the same key for something else is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

import factories as make
from eldercare.kit.errors import Conflict
from eldercare.registry.idempotency import claim, fingerprint, forget_before, recall, settle

REQUEST = {"field": "admit", "input": {"person": 1, "on": "2026-05-01"}}


def keep(session: Session, author: str = "li") -> None:
    """Take the key `k` and answer under it."""
    assert claim(session, author, "k", REQUEST) is None
    settle(session, author, "k", {"key": 7})


def test_an_unknown_key_recalls_nothing(session: Session) -> None:
    assert recall(session, "li", "k", REQUEST) is None


def test_a_known_key_recalls_the_answer(session: Session) -> None:
    keep(session)
    assert recall(session, "li", "k", REQUEST) == {"key": 7}


def test_another_request_under_the_same_key_is_a_conflict(session: Session) -> None:
    keep(session)
    with pytest.raises(Conflict, match="IDEMPOTENCY_KEY_REUSED"):
        recall(session, "li", "k", {**REQUEST, "field": "discharge"})


def test_keys_of_two_authors_do_not_meet(session: Session) -> None:
    keep(session)
    assert recall(session, "wang", "k", REQUEST) is None


def test_the_order_of_fields_does_not_matter() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})


def test_with_keys_the_digest_cannot_be_tried_out_without_them() -> None:
    assert fingerprint(REQUEST, make.KEYS) != fingerprint(REQUEST)
    assert fingerprint(REQUEST, make.KEYS) == make.KEYS.digest(
        '{"field":"admit","input":{"on":"2026-05-01","person":1}}'
    )


def test_old_keys_are_forgotten(session: Session) -> None:
    keep(session)
    assert forget_before(session, datetime.now(UTC) - timedelta(hours=1)) == 0
    assert forget_before(session, datetime.now(UTC) + timedelta(hours=1)) == 1
    session.flush()
    assert recall(session, "li", "k", REQUEST) is None
