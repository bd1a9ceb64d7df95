"""Who asks: from a bearer token to a principal, remembered for seconds; who fails is slowed, who asks too often waits."""

import asyncio
import hashlib
import ipaddress
import math
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.types import Scope

from eldercare.kit import log
from eldercare.kit.errors import EldercareError
from eldercare.security.oidc import BadToken
from eldercare.security.principal import ANYBODY, Principal
from eldercare.security.token import shown_prefix
from eldercare.web.buckets import Buckets

REALM = 'Bearer realm="eldercare"'
MOST_KNOWN = 10_000
LONGEST_TOKEN = 8_000
Authenticate = Callable[[Mapping[bytes, str], str], Awaitable[Principal]]
"""From the headers (names in small letters) and the address of a connection to a principal; raises `Turned`."""


class Turned(EldercareError):
    """Somebody who is turned away at the door, with the status and the headers that say so."""

    status = 401

    def __init__(self, code: str, message: str, *, remedy: str, headers: Mapping[str, str]) -> None:
        super().__init__(code, message, remedy=remedy)
        self.headers = dict(headers)


class TooOften(Turned):
    """Somebody who asks, or fails, too often."""

    status = 429


class Asleep(Turned):
    """What proves identities cannot be asked now."""

    status = 503


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody established, and until when that is believed, on the monotonic clock."""

    principal: Principal
    until: float


class Refusal(Exception):
    """A token that was not accepted; the reason is for the log, the one who sent it is told nothing of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Prove = Callable[[str], Known]
"""From a token's text to whom it stands for; blocks, and raises `Refusal`, `BadToken` or what cannot be asked."""
Tell = Callable[[str, str, str], None]
"""Puts a refusal on the audit trail: the reason, the prefix that may be shown, the address; blocks."""


@dataclass(frozen=True)
class Pace:
    """How often things may be done: requests of one principal, of one address that says no name, and failures."""

    requests: float = 6000
    """A minute; 0 is without limit."""
    burst: float = 1000
    anonymous: float = 600
    failures: float = 10


class Door:
    """Turns headers into principals. What was proved is believed for some seconds, so that a request costs microseconds."""

    def __init__(
        self, prove: Prove, *, anonymous: bool = False, pace: Pace | None = None, tell: Tell | None = None
    ) -> None:
        pace = pace or Pace()
        self._prove, self._anonymous, self._tell = prove, anonymous, tell
        self._requests = Buckets(rate=pace.requests / 60, burst=pace.burst) if pace.requests else None
        self._nameless = Buckets(rate=pace.anonymous / 60, burst=max(1, pace.anonymous / 10))
        self._failures = Buckets(rate=pace.failures / 60, burst=pace.failures)
        self._told = Buckets(rate=1 / 60, burst=1)
        self._known: dict[bytes, Known] = {}
        self._asked: dict[bytes, asyncio.Task[Known]] = {}
        self._salt = secrets.token_bytes(32)

    async def authenticate(self, headers: Mapping[bytes, str], address: str = "") -> Principal:
        """Who asks; raises `Turned` (401 UNAUTHENTICATED, 429 RATE_LIMITED or TOO_MANY_FAILURES, 503)."""
        sent = headers.get(b"authorization")
        if not sent:
            return self._nobody(address)
        # A digest, not the token: nothing that reads this memory later finds tokens in it.
        mark = hashlib.blake2b(sent.encode("latin-1", "replace"), key=self._salt, digest_size=16).digest()
        known = self._known.get(mark)
        if known is None or known.until <= time.monotonic():
            known = await self._established(mark, sent, address)
        if self._requests is not None and (seconds := self._requests.take(known.principal.id)):
            raise _too_often(seconds)
        return known.principal

    def _nobody(self, address: str) -> Principal:
        if not self._anonymous:
            raise unauthenticated()
        if seconds := self._nameless.take(network(address)):
            raise _too_often(seconds)
        return ANYBODY

    async def _established(self, mark: bytes, sent: str, address: str) -> Known:
        """Prove a token, once however many requests wait for it."""
        scheme, _, text = sent.partition(" ")
        text = text.strip()
        if scheme.lower() != "bearer" or not text or len(text) > LONGEST_TOKEN:
            raise unauthenticated("invalid_request")
        place, prefix = network(address), shown_prefix(text)
        waits = (self._failures.wait(place), self._failures.wait((place, prefix)))
        if mark not in self._known and (seconds := max(waits)):
            raise _too_many_failures(seconds)
        task = self._asked.get(mark)
        if task is None:
            task = self._asked[mark] = asyncio.create_task(asyncio.to_thread(self._prove, text))
            task.add_done_callback(lambda _: self._asked.pop(mark, None))
        try:
            known = await asyncio.shield(task)
        except (Refusal, BadToken) as refusal:
            self._known.pop(mark, None)
            reason = refusal.code if isinstance(refusal, BadToken) else refusal.reason
            await self._failed(reason, prefix, address)
            raise unauthenticated("invalid_token") from None
        except EldercareError as error:
            raise Asleep(error.code, error.message, remedy=error.remedy, headers={"retry-after": "5"}) from None
        self._keep(mark, known)
        return known

    async def _failed(self, reason: str, prefix: str, address: str) -> None:
        """Count a failure, log it, and put the first in a minute of an address and prefix on the audit trail."""
        place = network(address)
        self._failures.take(place)
        self._failures.take((place, prefix))
        log.get("web").warning("token refused", reason=reason, prefix=prefix, client=address)
        if self._tell is not None and not self._told.take((place, prefix)):
            await asyncio.to_thread(self._tell, reason, prefix, address)

    def _keep(self, mark: bytes, known: Known) -> None:
        self._known[mark] = known
        while len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]

    def forget(self) -> None:
        """Believe nothing that was proved before: the next request of everybody is proved again."""
        self._known.clear()


def address_of(scope: Scope) -> str:
    """The address of the client of a connection."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def network(address: str) -> str:
    """The part of an address that one client has for itself: the first 64 bits of IPv6, all of IPv4.

    >>> network("2001:db8::1"), network("192.0.2.7"), network("")
    ('2001:db8::/64', '192.0.2.7', '')
    """
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))
    except ValueError:
        return address


def unauthenticated(error: str = "") -> Turned:
    """Turned away for want of a token that holds; which of the reasons it was is not said."""
    challenge = f'{REALM}, error="{error}"' if error else REALM
    message = "The token is not accepted." if error else "Nobody may ask without a token."
    return Turned(
        "UNAUTHENTICATED",
        message,
        remedy="Send the header Authorization: Bearer TOKEN with a token that holds; `eldercare token create` issues one.",
        headers={"www-authenticate": challenge},
    )


def _too_often(seconds: float) -> TooOften:
    after = max(1, math.ceil(seconds))
    return TooOften(
        "RATE_LIMITED",
        "You ask too often.",
        remedy=f"Ask again in {after} s; more in one document costs one request.",
        headers={"retry-after": str(after)},
    )


def _too_many_failures(seconds: float) -> TooOften:
    after = max(1, math.ceil(seconds))
    return TooOften(
        "TOO_MANY_FAILURES",
        "Too many tokens from your address were refused.",
        remedy=f"Try again in {after} s, with a token that holds.",
        headers={"retry-after": str(after)},
    )
