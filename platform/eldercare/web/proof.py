"""What proves a token: the registry's own table, or the issuer that the settings trust."""

import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from eldercare.api import ids
from eldercare.kit.errors import EldercareError, Unavailable
from eldercare.kit.settings import Settings
from eldercare.registry import audit
from eldercare.registry.access_token import AccessToken, is_due, known, note_use
from eldercare.registry.audit import Action
from eldercare.registry.division import Division
from eldercare.registry.entity import now
from eldercare.security.cipher import KeyRing
from eldercare.security.claims import Mapper
from eldercare.security.oidc import Trust, Verifier
from eldercare.security.principal import ANYBODY
from eldercare.security.token import Token, read
from eldercare.web.authentication import Known, Refusal

Found = TypeVar("Found")
LONGEST_BELIEF = 300.0
"""Seconds for which a token of an issuer is believed without asking for the issuer's keys again."""


@dataclass
class Prover:
    """Proves tokens; it blocks, so that it is called in threads."""

    engine: Engine
    keys: KeyRing
    refresh: float = 5.0
    """Seconds for which a token of ours is believed: a revocation takes effect everywhere within them."""
    verifier: Verifier | None = None
    mapper: Mapper | None = None

    def __post_init__(self) -> None:
        self._notes = ThreadPoolExecutor(1, thread_name_prefix="token-use")
        self._noting: set[str] = set()

    def __call__(self, text: str) -> Known:
        """Whom a token stands for."""
        token = read(text)
        if token is not None:
            return self._ours(token)
        if self.verifier is None or self.mapper is None or text.count(".") != 2:
            raise Refusal("TOKEN_FORM")
        claims = self.verifier.claims(text)
        principal = self._asked(lambda: self.mapper.principal(claims))  # type: ignore[union-attr]
        return Known(principal, time.monotonic() + min(LONGEST_BELIEF, max(1.0, float(claims["exp"]) - time.time())))

    def settle(self) -> None:
        """Wait until the uses noted so far are written."""
        self._notes.submit(lambda: None).result()

    def close(self) -> None:
        """Finish what is being written."""
        self._notes.shutdown()

    def tell(self, reason: str, prefix: str, address: str) -> None:
        """Put a refusal on the audit trail; a trail that cannot be written does not let anybody in, so nothing is lost."""
        nobody = replace(ANYBODY, id=f"unknown {address}"[:120])
        with contextlib.suppress(SQLAlchemyError), Session(self.engine) as session:
            audit.append(session, principal=nobody, action=Action.LOGIN_FAILED, reason=f"{reason} {prefix}")
            session.commit()

    def _ours(self, token: Token) -> Known:
        def look() -> AccessToken | None:
            with Session(self.engine.execution_options(readonly=True), expire_on_commit=False) as session:
                return known(session, token, self.keys)

        found = self._asked(look)
        if found is None:
            raise Refusal("TOKEN_UNKNOWN")
        left = (found.ends_at() - now()).total_seconds()
        if left <= 0:
            raise Refusal("TOKEN_EXPIRED" if found.revoked_at is None else "TOKEN_REVOKED")
        if token.prefix not in self._noting:
            self._noting.add(token.prefix)
            self._notes.submit(self._note, found, token)
        return Known(found.principal(), time.monotonic() + min(self.refresh, left))

    def _note(self, found: AccessToken, token: Token) -> None:
        """Write down the use beside the requests: it may wait for other writers, they need not wait for it."""
        try:
            if is_due(found, self.keys, token):
                with Session(self.engine) as session:
                    note_use(session, found, self.keys, token)
                    session.commit()
        except SQLAlchemyError:
            pass  # the next use is noted instead
        finally:
            self._noting.discard(token.prefix)

    def _asked(self, ask: Callable[[], Found]) -> Found:
        try:
            return ask()
        except SQLAlchemyError:
            raise Unavailable(
                "DATABASE_UNAVAILABLE", "The database does not answer.", remedy="Try again; check that it runs."
            ) from None


def open_proof(settings: Settings, engine: Engine, keys: KeyRing) -> Prover:
    """What proves tokens, as the settings want it."""
    if not settings.oidc_issuer:
        return Prover(engine, keys, settings.token_refresh)
    trust = Trust(
        settings.oidc_issuer,
        settings.oidc_audience,
        tuple(settings.oidc_algorithms),
        settings.oidc_keys_url,
        settings.oidc_leeway,
        settings.oidc_floor,
    )
    mapper = Mapper(finder(engine), settings.oidc_claims, settings.oidc_roles)
    return Prover(engine, keys, settings.token_refresh, Verifier(trust), mapper)


def finder(engine: Engine) -> Callable[[str, str], int | None]:
    """Finds the key of what a claim names: a division by its code, anything by its id."""

    def find(noun: str, called: str) -> int | None:
        if noun == "Division":
            newest = select(Division.id).where(Division.code == called).order_by(Division.valid_from.desc()).limit(1)
            with Session(engine.execution_options(readonly=True)) as session:
                if (key := session.scalar(newest)) is not None:
                    return key
        try:
            return ids.key(called, noun)
        except EldercareError:
            return None

    return find
