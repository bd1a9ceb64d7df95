"""The change feed as lines of JSON, for programs that poll with nothing but HTTP."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from eldercare.api.execute import Request
from eldercare.kit.errors import EldercareError, InvalidInput
from eldercare.web.following import Who
from eldercare.web.gate import Busy, Gate
from eldercare.web.graphql import Execute
from eldercare.web.guard import error_body, request_id_of

DOCUMENT = """
query Changes($after: Cursor, $first: Int!, $nouns: [String!], $division: ID) {
  changes(after: $after, first: $first, nouns: $nouns, division: $division) {
    edges { cursor node { type id kind fields version recordedAt } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
KNOWN = ("after", "first", "nouns", "division")


def changes_route(execute: Execute, who: Who, gate: Gate) -> Route:
    """`/changes?after=&first=&nouns=&division=`: a line for each change, and in X-Position where to go on."""

    async def changes(request: HttpRequest) -> Response:
        headers = dict(request.scope["headers"])
        texts = {name: str(value, "latin-1") for name, value in headers.items()}
        try:
            variables = variables_of(request.query_params)
            viewer = await who(texts, request.scope)
            asked = Request(DOCUMENT, variables, viewer=viewer, request_id=request_id_of(request.scope))
            async with gate.through():
                answer = await execute(asked)
        except Busy as busy:
            return refused(503, busy, {"retry-after": str(busy.after)})
        except EldercareError as error:
            return refused(getattr(error, "status", 400), error, getattr(error, "headers", {}))
        found = orjson.loads(answer.body)
        if found.get("errors"):
            errors = orjson.dumps({"errors": found["errors"]})
            return Response(errors, 500 if "INTERNAL" in answer.codes else 400, media_type="application/json")
        return as_lines(found["data"]["changes"], variables)

    return Route("/changes", changes)


def variables_of(given: Mapping[str, str]) -> dict[str, Any]:
    """What the address asks for."""
    for name in given:
        if name not in KNOWN:
            raise InvalidInput("PARAMETER", "This parameter does not exist.", remedy=f"There are {', '.join(KNOWN)}.")
    first = given.get("first", "500")
    if not (first.isascii() and first.isdigit() and len(first) < 6):
        raise InvalidInput("PARAMETER", "first is no number.", remedy="Ask for 1 to 500 changes.", path=("first",))
    found: dict[str, Any] = {"first": int(first), "after": given.get("after") or None}
    if given.get("nouns"):
        found["nouns"] = given["nouns"].split(",")
    if given.get("division"):
        found["division"] = given["division"]
    return found


def as_lines(page: Any, variables: Mapping[str, Any]) -> Response:
    """A page of the feed as lines."""
    lines = [orjson.dumps({"cursor": edge["cursor"], **edge["node"]}) + b"\n" for edge in page["edges"]]
    position = page["pageInfo"]["endCursor"]
    headers = {"x-position": position, "cache-control": "no-store"}
    if page["pageInfo"]["hasNextPage"]:
        nouns = {"nouns": ",".join(variables["nouns"])} if "nouns" in variables else {}
        again = {**variables, **nouns, "after": position}
        headers["link"] = f'</changes?{urlencode(again)}>; rel="next"'
    return Response(b"".join(lines), media_type="application/x-ndjson", headers=headers)


def refused(status: int, error: EldercareError, headers: Mapping[str, str]) -> Response:
    """An error in the shape every error has."""
    body = error_body(error.code, error.message, error.remedy)
    return Response(body, status, media_type="application/json", headers=dict(headers))
