"""Trusted documents: those that were registered beforehand and are asked for by their id, the SHA-256 of their text."""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from graphql import GraphQLError, GraphQLSchema, parse, validate

from eldercare.api.limits import Limits, check_limits, check_text
from eldercare.kit.errors import EldercareError, Forbidden, InvalidInput

DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})\Z")
LONGEST_ID = 200


class Trusted:
    """The documents of a folder of manifests; with `only` no other is answered. A manifest that is added counts at once."""

    def __init__(self, folder: Path | None = None, *, only: bool = False) -> None:
        self.folder, self.only = folder, only
        self._texts: dict[str, str] = {}
        self._digests: set[str] = set()
        self._seen: Any = None
        self._read()

    def __len__(self) -> int:
        return len(self._digests)

    def document(self, text: str, id: str | None) -> str:
        """The document of a request that sends a text, an id, or both; refused where that is not allowed."""
        if id is None:
            if self.only and not self.knows(text):
                raise Forbidden(
                    "DOCUMENT_NOT_TRUSTED",
                    "This server answers registered documents only.",
                    remedy="Register the document with `eldercare trusted add`, then send its documentId.",
                )
            return text
        found = self._by_id(id)
        if text and text != found:
            raise InvalidInput(
                "DOCUMENT_DIFFERS", "The text is not that of the documentId.", remedy="Send one of the two."
            )
        return found

    def knows(self, text: str) -> bool:
        """Whether a text was registered."""
        digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return digest in self._digests or (self._read() and digest in self._digests)

    def _by_id(self, id: str) -> str:
        name = plain(id)
        found = self._texts.get(name)
        if found is None and self._read():
            found = self._texts.get(name)
        if found is None:
            raise InvalidInput(
                "DOCUMENT_UNKNOWN",
                "There is no document of this documentId.",
                remedy="Register its manifest with `eldercare trusted add`, or send the text.",
            )
        return found

    def _read(self) -> bool:
        """Read the manifests if any has changed; whether they were read."""
        if self.folder is None:
            return False
        state = sorted((path.name, path.stat().st_mtime_ns) for path in self.folder.glob("*.json"))
        if state == self._seen:
            return False
        found: dict[str, str] = {}
        for name, _ in state:
            found |= read_manifest(self.folder / name)
        self._texts, self._seen = found, state
        self._digests = {sha256(text.encode()).hexdigest() for text in found.values()}
        return True


def plain(id: str) -> str:
    """An id without the name of its digest.

    >>> plain("sha256:" + "ab" * 32) == plain("ab" * 32)
    True
    """
    found = DIGEST.match(id)
    return found[1] if found else id


def read_manifest(path: Path) -> dict[str, str]:
    """The documents of a manifest by id, as graphql-codegen, relay-compiler or Apollo's generator wrote it."""
    try:
        return documents_of(orjson.loads(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise InvalidInput(
            "MANIFEST", f"{path.name} is no manifest of documents: {error}.", remedy='Write {"id": "document", ...}.'
        ) from None


def documents_of(manifest: Any) -> dict[str, str]:
    """The documents of a manifest by id; an id that is a SHA-256 must be that of its text."""
    if isinstance(manifest, dict) and isinstance(manifest.get("operations"), list):
        manifest = {each["id"]: each["body"] for each in manifest["operations"]}
    if not isinstance(manifest, dict) or not all(isinstance(text, str) for text in manifest.values()):
        raise ValueError("it is no object of texts")
    found = {}
    for id, text in manifest.items():
        if len(id) > LONGEST_ID:
            raise ValueError("an id is longer than 200 characters")
        digest = sha256(text.encode()).hexdigest()
        if (match := DIGEST.match(id)) and match[1] != digest:
            raise ValueError(f"the id {id} is not the SHA-256 of its document")
        found[plain(id)] = found[digest] = text
    return found


def faults(schema: GraphQLSchema, documents: Mapping[str, str]) -> Iterable[str]:
    """What is wrong with documents, in sentences, each with the id it is about."""
    limits = Limits()
    for id, text in documents.items():
        try:
            check_text(text, limits)
            document = parse(text, max_tokens=limits.tokens)
            check_limits(document, limits)
            problems = [error.message for error in validate(schema, document)]
        except (GraphQLError, EldercareError) as error:
            problems = [str(error)]
        for problem in problems:
            yield f"{id}: {problem}"
