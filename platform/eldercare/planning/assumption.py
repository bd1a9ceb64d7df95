"""What planning assumes where the registry does not say, read from a table with source and confidence."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def assumptions() -> dict[str, Any]:
    """All assumptions by name, each with `value`, `source` and `confidence`."""
    found: dict[str, Any] = yaml.safe_load((files("eldercare.planning") / "assumptions.yaml").read_text("utf-8"))
    return found


def assumed(name: str) -> Any:
    """The value of an assumption.

    >>> assumed("price_bands")
    [2000, 4000]
    """
    return assumptions()[name]["value"]
