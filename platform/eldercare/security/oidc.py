"""Bearer tokens of an OpenID Connect issuer: their signature, issuer, audience and time proved, nothing else believed."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt

from eldercare.kit.errors import EldercareError, InvalidInput, Unavailable

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures with a private key that only the issuer has; never `none`, never one with a shared secret."""
NEEDED = ("exp", "iss", "aud", "sub")
HERE = ("localhost", "127.0.0.1", "::1")
KEPT_SECONDS = 600.0
FETCH_SECONDS = 5.0


class BadToken(EldercareError):
    """A token that proves nothing; what exactly is wrong is for the log."""


@dataclass(frozen=True)
class Trust:
    """Which issuer is believed, for which audience, and how far its clock may differ."""

    issuer: str
    audience: str
    algorithms: tuple[str, ...] = ("RS256", "ES256")
    keys_url: str = ""
    leeway: float = 30.0
    floor: float = 30.0
    """Seconds between two fetches of the issuer's keys for the sake of a key nobody knows."""

    def __post_init__(self) -> None:
        if not set(self.algorithms) <= set(ALGORITHMS) or not self.algorithms:
            raise InvalidInput(
                "OIDC_ALGORITHMS",
                "An algorithm is not one with which only the issuer can sign.",
                remedy=f"Choose of {', '.join(ALGORITHMS)}.",
            )
        for url in (self.issuer, *([self.keys_url] if self.keys_url else [])):
            parts = urlsplit(url)
            if parts.scheme != "https" and parts.hostname not in HERE:
                raise InvalidInput("OIDC_ISSUER", f"{url} is not an https address.", remedy="Correct oidc_issuer.")
        if not self.audience:
            raise InvalidInput("OIDC_AUDIENCE", "There is no audience.", remedy="Set oidc_audience.")


class Verifier:
    """Proves tokens of one issuer; its keys are fetched at the first token and again for a key nobody knows."""

    def __init__(self, trust: Trust) -> None:
        self.trust = trust
        self._client: jwt.PyJWKClient | None = None
        self._failed = -float("inf")
        self._lock = threading.Lock()

    def claims(self, token: str) -> Mapping[str, Any]:
        """What a token claims, once it is proved; `BadToken`, or `Unavailable` while the issuer's keys cannot be had."""
        try:
            header = jwt.get_unverified_header(token)
            kid, algorithm = header.get("kid"), header.get("alg")
            if algorithm not in self.trust.algorithms or not isinstance(kid, str):
                raise BadToken("TOKEN_ALGORITHM", "The token is not signed as agreed.")
            found: Mapping[str, Any] = jwt.decode(
                token,
                self._key(kid),
                algorithms=list(self.trust.algorithms),
                audience=self.trust.audience,
                issuer=self.trust.issuer,
                leeway=self.trust.leeway,
                options={"require": list(NEEDED)},
            )
        except jwt.ExpiredSignatureError:
            raise BadToken("TOKEN_EXPIRED", "The token has expired.") from None
        except (jwt.PyJWTError, ValueError, TypeError, KeyError) as wrong:
            raise BadToken("TOKEN_INVALID", f"The token proves nothing: {type(wrong).__name__}.") from None
        return found

    def _key(self, kid: str) -> jwt.PyJWK:
        with self._lock:
            if time.monotonic() - self._failed < self.trust.floor:
                raise self._unavailable()
            try:
                self._client = self._client or self._open()
                return self._client.get_signing_key(kid)
            except (jwt.PyJWKClientConnectionError, OSError, ValueError):
                self._failed = time.monotonic()
                raise self._unavailable() from None

    def _open(self) -> jwt.PyJWKClient:
        return jwt.PyJWKClient(
            self.trust.keys_url or self._discovered(),
            lifespan=KEPT_SECONDS,
            timeout=FETCH_SECONDS,
            cooldown_duration=self.trust.floor,
        )

    def _discovered(self) -> str:
        """Where the issuer says its keys are; it must name itself as the one that was asked."""
        address = f"{self.trust.issuer.rstrip('/')}/.well-known/openid-configuration"
        with urllib.request.urlopen(address, timeout=FETCH_SECONDS) as answer:
            found = json.load(answer)
        if not isinstance(found, dict) or found.get("issuer") != self.trust.issuer:
            raise ValueError("the issuer calls itself otherwise")
        where = str(found["jwks_uri"])
        if urlsplit(where).scheme != "https" and urlsplit(where).hostname not in HERE:
            raise ValueError("the keys are not at an https address")
        return where

    def _unavailable(self) -> Unavailable:
        return Unavailable(
            "ISSUER_UNAVAILABLE",
            "The issuer of this token cannot be asked for its keys.",
            remedy="Try again in a moment; tell the operator if it stays.",
        )
