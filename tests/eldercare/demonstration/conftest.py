"""Questions to the demonstration registry, asked through the GraphQL API."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from demonstrated import Ask, Place, asking, place_in


@pytest.fixture(scope="session")
def ask(demonstration_engine: Engine, demonstration_url: str) -> Iterator[Ask]:
    """Ask a GraphQL question of the demonstration registry and get its data; errors fail the test."""
    yield from asking(demonstration_engine, demonstration_url)


@pytest.fixture(scope="session")
def territory(demonstration_engine: Engine) -> Place:
    """The API's id of the division with these digits."""
    return place_in(demonstration_engine)
