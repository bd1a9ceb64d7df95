"""Asks and tells about money through the API: as whom one likes, and with the refusals by code."""

from dataclasses import replace
from typing import Any

from asker import Asker
from graphql import get_named_type

from eldercare.security.principal import SYSTEM


def told(tell: Asker, name: str, given: str, shows: str = "id", *, by: str = "clerk") -> Any:
    """What a mutation shows after it was carried out."""
    answer = answered(tell, name, given, shows, by=by)
    assert answer["errors"] == [], answer
    return next(value for key, value in answer.items() if key not in ("errors", "notices"))


def refused(tell: Asker, name: str, given: str, *, by: str = "clerk") -> str:
    """The code with which a mutation was refused; there is a remedy."""
    answer = answered(tell, name, given, "id", by=by)
    assert [error["remedy"] != "" for error in answer["errors"]] == [True], answer
    return str(answer["errors"][0]["code"])


def answered(tell: Asker, name: str, given: str, shows: str, *, by: str) -> Any:
    """The payload of a mutation."""
    field = tell.executor.api.schema.mutation_type.fields[name]  # type: ignore[union-attr]
    record = next(key for key in get_named_type(field.type).fields if key not in ("errors", "notices"))
    query = f"mutation {{ {name}(input: {{{given}}}) {{ {record} {{ {shows} }} errors {{ code message remedy }} }} }}"
    answer = tell(query, viewer=replace(SYSTEM, id=by))
    assert "errors" not in answer, answer
    return answer["data"][name]
