"""Which media type and which encoding a client gets: GraphQL over HTTP, section 6, and plain HTTP rules."""

from functools import lru_cache

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
OFFERED = (GRAPHQL, JSON)


@lru_cache(maxsize=256)
def media_type(accept: str) -> str | None:
    """The media type to answer in, or None when the client takes neither; a client that says nothing gets JSON.

    >>> media_type(""), media_type("*/*"), media_type("text/html")
    ('application/json', 'application/json', None)
    >>> media_type("application/graphql-response+json, application/json;q=0.9")
    'application/graphql-response+json'
    """
    if not accept.strip():
        return JSON
    wishes = [_wish(part) for part in accept.split(",") if part.strip()]
    best = max(((_quality(offer, wishes), offer == GRAPHQL, offer) for offer in OFFERED), default=(0.0, False, ""))
    if best[0] > 0:
        return best[2]
    return JSON if any(quality > 0 and kind in ("*/*", "application/*") for kind, quality in wishes) else None


@lru_cache(maxsize=256)
def takes_gzip(accept_encoding: str) -> bool:
    """Whether the client unpacks gzip.

    >>> takes_gzip("gzip, br"), takes_gzip("gzip;q=0"), takes_gzip("")
    (True, False, False)
    """
    return any(kind == "gzip" and quality > 0 for kind, quality in map(_wish, accept_encoding.split(",")))


@lru_cache(maxsize=256)
def is_json(content_type: str) -> bool:
    """Whether a body declared so is JSON in UTF-8, the only form a request may have.

    >>> is_json("application/json; charset=utf-8"), is_json("application/json;charset=GBK"), is_json("text/plain")
    (True, False, False)
    """
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = {part.removeprefix("charset=").strip('"') for part in parameters if part.startswith("charset=")}
    return kind == JSON and charsets <= {"utf-8", "utf8"}


@lru_cache(maxsize=256)
def tags_of(if_none_match: str) -> tuple[str, ...]:
    """The tags of a header If-None-Match, compared weakly; a star names no answer of ours.

    >>> tags_of('W/"a", "b", *')
    ('a', 'b')
    """
    parts = (part.strip().removeprefix("W/") for part in if_none_match.split(","))
    return tuple(part[1:-1] for part in parts if len(part) > 1 and part[0] == part[-1] == '"')


def _wish(part: str) -> tuple[str, float]:
    """One wish of an Accept header with its weight; a weight nobody can read counts as none."""
    kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return kind, float(parameter[2:])
            except ValueError:
                return kind, 0.0
    return kind, 1.0


def _quality(offer: str, wishes: list[tuple[str, float]]) -> float:
    return max((quality for kind, quality in wishes if kind == offer), default=0.0)
