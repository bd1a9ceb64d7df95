"""An HTTP request read as a GraphQL operation, or refused with the status and the sentence it deserves."""

from typing import Any
from urllib.parse import parse_qsl

import orjson

from eldercare.api.execute import Request
from eldercare.kit.errors import InvalidInput
from eldercare.web.negotiation import is_json


class BadRequest(InvalidInput):
    """A request that is no GraphQL request at all, with the HTTP status that says so."""

    def __init__(self, status: int, code: str, message: str, *, remedy: str) -> None:
        super().__init__(code, message, remedy=remedy)
        self.status = status


def from_body(content_type: str, body: bytes, request_id: str = "") -> Request:
    """The operation in the body of a POST."""
    if not is_json(content_type):
        raise BadRequest(
            415,
            "MEDIA_TYPE",
            f"The body is declared as {content_type or 'nothing'}, not as application/json in UTF-8.",
            remedy="Send the header Content-Type: application/json.",
        )
    try:
        return _request(orjson.loads(body), request_id, writes=True)
    except orjson.JSONDecodeError as error:
        raise BadRequest(400, "JSON", f"The body is not JSON: {error}.", remedy='Send {"query": "..."}.') from None


def from_address(query_string: bytes, request_id: str = "") -> Request:
    """The operation in the address of a GET; its variables and extensions are JSON text."""
    try:
        given: dict[str, Any] = dict(
            parse_qsl(query_string.decode("ascii"), keep_blank_values=True, strict_parsing=True)
        )
    except ValueError:
        given = {}
    for name in ("variables", "extensions"):
        if given.get(name):
            given[name] = _decoded(name, given[name])
        else:
            given.pop(name, None)
    return _request(given, request_id, writes=False)


def from_given(payload: Any, request_id: str = "") -> Request:
    """The operation in the payload of a message."""
    return _request(payload, request_id, writes=True)


def _decoded(name: str, text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadRequest(
            400, "JSON", f"The parameter {name} is not JSON: {error}.", remedy="URL-encode its JSON text."
        ) from None


def _request(given: Any, request_id: str, *, writes: bool) -> Request:
    if not isinstance(given, dict):
        raise BadRequest(
            400, "REQUEST", "A request is one JSON object.", remedy="Send operations one by one, each as an object."
        )
    query, name = given.get("query"), given.get("operationName")
    variables, extensions = given.get("variables"), given.get("extensions")
    if not isinstance(extensions, dict | None):
        raise _wrong("extensions", "an object or null")
    document_id = _document_id(given, extensions or {})
    if not isinstance(query, str | None) or (not query and document_id is None):
        raise _wrong("query", "a text with a GraphQL document")
    if not isinstance(name, str | None):
        raise _wrong("operationName", "a text or null")
    if not isinstance(variables, dict | None):
        raise _wrong("variables", "an object or null")
    return Request(
        query or "",
        variables or {},
        name or None,
        writes=writes,
        request_id=request_id,
        document_id=document_id,
        receipt=bool((extensions or {}).get("cost")),
    )


def _document_id(given: dict[str, Any], extensions: dict[str, Any]) -> str | None:
    """The id of a trusted document: `documentId`, or where Apollo's clients send it."""
    found = given.get("documentId")
    if found is None and isinstance(persisted := extensions.get("persistedQuery"), dict):
        found = persisted.get("sha256Hash")
    if not isinstance(found, str | None):
        raise _wrong("documentId", "a text or null")
    return found or None


def _wrong(name: str, wanted: str) -> BadRequest:
    return BadRequest(400, "REQUEST", f"{name} must be {wanted}.", remedy=f"Correct the member {name} of the request.")
