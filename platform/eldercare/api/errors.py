"""The one place where errors are worded for clients: code, message, remedy and path, and nothing internal."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from graphql import GraphQLError, GraphQLSyntaxError
from sqlalchemy.exc import DBAPIError, IntegrityError

from eldercare.api.compiler.run import told
from eldercare.api.compiler.sql import NotCompilable
from eldercare.kit.errors import EldercareError, Refused

log = structlog.get_logger(__name__)


class ArgumentError(Exception):
    """A coded error with the response keys of the fields under which the argument was sent."""

    def __init__(self, error: EldercareError, path: Sequence[str]) -> None:
        super().__init__(error.message)
        self.error = error
        self.path = tuple(path)


def worded(error: GraphQLError) -> dict[str, Any]:
    """A GraphQL error as it is answered."""
    original = of_database(error.original_error)
    if isinstance(original, ArgumentError):
        return _answer(error, coded(original.error, original.path))
    if isinstance(original, EldercareError):
        return _answer(error, coded(original))
    if original is None or isinstance(original, GraphQLError):
        return _answer(error, {"message": error.message, "extensions": _of_document(error)})
    return _answer(error, masked(original))


def of_database(error: Exception | None) -> Exception | None:
    """An error of the database as what it means to the one who asked: too complex, too slow, or gone; else the error."""
    if not isinstance(error, DBAPIError) or isinstance(error, IntegrityError):
        return error
    found = told(error.orig if isinstance(error.orig, Exception) else error)
    if isinstance(found, NotCompilable):
        remedy = "Nest filters less deeply, or ask in several requests."
        return Refused("TOO_COMPLEX", "The database cannot answer anything so complex.", remedy=remedy)
    return found if isinstance(found, EldercareError) else error


def coded(error: EldercareError, path: Sequence[str] = ()) -> dict[str, Any]:
    """The message and extensions of a coded error."""
    extensions: dict[str, Any] = {"code": error.code, "remedy": error.remedy}
    where = [*path, *error.path]
    if where:
        extensions["path"] = where
    extensions |= getattr(error, "facts", {})
    return {"message": error.message, "extensions": extensions}


def masked(error: BaseException) -> dict[str, Any]:
    """What a client is told of an unexpected error: an id under which the log has the rest."""
    reference = secrets.token_hex(6)
    log.error("unexpected error", reference=reference, kind=type(error).__name__, exc_info=error)
    remedy = f"Try again; if it stays, tell the operator the reference {reference}."
    extensions = {"code": "INTERNAL", "remedy": remedy, "reference": reference}
    return {"message": "The server could not answer this.", "extensions": extensions}


def at_root(error: EldercareError, key: str, path: Sequence[str]) -> dict[str, Any]:
    """The error of a root field that was answered with null because of an argument under it."""
    told = coded(error, path)
    return {"message": told["message"], "path": [key], "extensions": told["extensions"]}


def request_error(error: EldercareError) -> dict[str, Any]:
    """The error of a request that was not executed."""
    return coded(error)


def _of_document(error: GraphQLError) -> dict[str, Any]:
    if error.extensions and "code" in error.extensions:
        return dict(error.extensions)
    if isinstance(error, GraphQLSyntaxError):
        return {"code": "GRAPHQL_SYNTAX", "remedy": "Correct the document at the place shown."}
    if error.path is None:
        return {"code": "GRAPHQL_VALIDATION", "remedy": "Compare the document and its variables with the schema."}
    return {"code": "BAD_VALUE", "remedy": "Send a value of the type that the schema names."}


def _answer(error: GraphQLError, told: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"message": told["message"]}
    if error.locations:
        found["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        found["path"] = list(error.path)
    return {**found, "extensions": told["extensions"]}
