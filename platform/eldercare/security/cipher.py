"""Encryption of what names a person, with keys that live in a file outside the database."""

import hmac
import json
import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from eldercare.kit.errors import InvalidInput, RuleViolation, Unavailable

LARGEST_NUMBER = 254


@dataclass(frozen=True)
class KeyRing:
    """The keys of one registry: several for encryption, the last one in use, and one for digests.

    Encryption is AES-SIV (RFC 5297): the same text in the same field gives the same bytes, so that a retry changes nothing,
    and a changed byte is noticed. Digests are HMAC-SHA256: without the key nobody can try numbers out.

    >>> ring = KeyRing((bytes(64),), bytes(32))
    >>> ring.decrypt("person.phone", ring.encrypt("person.phone", "13800000000"))
    '13800000000'
    """

    encryption: tuple[bytes, ...] = field(repr=False)
    digestion: bytes = field(repr=False)
    former: tuple[bytes, ...] = field(default=(), repr=False)
    """Keys for digests that were in use before: what cannot be digested anew, tokens, is still known by them."""
    coming: bytes = field(default=b"", repr=False)
    """The key for digests that is being brought in; empty unless that was begun and has not ended."""

    @classmethod
    def fresh(cls) -> "KeyRing":
        """New keys."""
        return cls((secrets.token_bytes(64),), secrets.token_bytes(32))

    @classmethod
    def create(cls, path: Path) -> "KeyRing":
        """Make new keys and keep them in a new file that only its owner can read; an existing file is left alone."""
        ring = cls.fresh()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls.load(path)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(ring.text())
        return ring

    def save(self, path: Path) -> None:
        """Keep the keys in their file: whole or not at all, and readable by its owner alone."""
        beside = path.with_name(f".{path.name}.new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(self.text())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    def text(self) -> str:
        """The keys as their file holds them."""
        kept: dict[str, object] = {"encryption": [key.hex() for key in self.encryption]}
        kept |= {"digestion": self.digestion.hex()}
        kept |= {"former": [key.hex() for key in self.former]} if self.former else {}
        return json.dumps(kept | ({"coming": self.coming.hex()} if self.coming else {}))

    @classmethod
    def load(cls, path: Path) -> "KeyRing":
        """Read the keys; a missing or broken file is `Unavailable` (KEY_MISSING, KEY_BROKEN)."""
        try:
            kept = json.loads(path.read_text(encoding="ascii"))
            encryption = tuple(bytes.fromhex(key) for key in kept["encryption"])
            former = tuple(bytes.fromhex(key) for key in kept.get("former", ()))
            return cls(encryption, bytes.fromhex(kept["digestion"]), former, bytes.fromhex(kept.get("coming", "")))
        except FileNotFoundError as missing:
            raise Unavailable(
                "KEY_MISSING",
                f"The key file {path} does not exist.",
                remedy="Restore it from its own backup, or name another file in ELDERCARE_KEY_FILE. Without it stored ID numbers cannot be read.",
            ) from missing
        except (ValueError, KeyError, TypeError) as broken:
            raise Unavailable(
                "KEY_BROKEN",
                f"The key file {path} cannot be understood.",
                remedy="Restore it from its own backup.",
            ) from broken

    def encrypt(self, place: str, text: str) -> bytes:
        """The ciphertext of a text in a field such as `person.phone`; it cannot be moved to another field."""
        number = len(self.encryption) - 1
        sealed = _cipher(self.encryption[number]).encrypt(text.encode(), [place.encode()])
        return bytes([number]) + sealed

    def decrypt(self, place: str, sealed: bytes) -> str:
        """The text of a ciphertext; `InvalidInput` (CIPHERTEXT) when it was altered, moved or made with other keys."""
        try:
            # A key that was dropped leaves its place empty, and an empty key opens nothing.
            return _cipher(self.encryption[sealed[0]]).decrypt(sealed[1:], [place.encode()]).decode()
        except (InvalidTag, IndexError, ValueError) as wrong:
            raise InvalidInput(
                "CIPHERTEXT",
                "A protected value cannot be read: it was altered, moved or encrypted with other keys.",
                remedy="Check that the key file belongs to this database.",
            ) from wrong

    def digest(self, text: str) -> bytes:
        """The keyed digest of a text, 32 bytes, for exact search."""
        return hmac.new(self.digestion, text.encode(), sha256).digest()

    def coming_digest(self, text: str) -> bytes:
        """The digest of a text with the key that is being brought in."""
        return hmac.new(self.coming, text.encode(), sha256).digest()

    def with_new_key(self) -> "KeyRing":
        """These keys and a new one for encryption, which is used from then on."""
        if len(self.encryption) > LARGEST_NUMBER:
            raise RuleViolation("KEYS_FULL", "There is no number left for another key.", remedy="Make a new registry.")
        return replace(self, encryption=(*self.encryption, secrets.token_bytes(64)))

    def without(self, numbers: Collection[int]) -> "KeyRing":
        """These keys without some of encryption; their numbers are never used again."""
        kept = tuple(b"" if number in numbers else key for number, key in enumerate(self.encryption))
        return replace(self, encryption=kept)

    def with_coming(self) -> "KeyRing":
        """These keys with one for digests that is to be brought in; one that was begun is gone on with."""
        return self if self.coming else replace(self, coming=secrets.token_bytes(32))

    def with_coming_in_use(self) -> "KeyRing":
        """These keys with the one for digests that was brought in, in use."""
        return replace(self, digestion=self.coming, former=(*self.former, self.digestion), coming=b"")

    def matches(self, text: str, digest: bytes) -> bool:
        """Whether a digest is of this text, with the present key or a former one; how long it takes tells nothing."""
        made = [hmac.new(key, text.encode(), sha256).digest() for key in (self.digestion, *self.former)]
        return sum(hmac.compare_digest(each, digest) for each in made) > 0


@cache
def _cipher(key: bytes) -> AESSIV:
    """The cipher of a key, made once: making it takes longer than using it."""
    return AESSIV(key)
