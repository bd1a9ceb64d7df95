"""The composition root: databases that answer, are new enough, or are told about."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from eldercare import app
from eldercare.kit.db import open_engine
from eldercare.kit.errors import Unavailable
from eldercare.kit.settings import Settings
from eldercare.registry import migrate
from pgtemp import address


def test_the_migrations_give_exactly_the_mapped_tables(engine: Engine) -> None:
    assert migrate.check(engine, app.tables()) == []


def test_the_migrations_go_down_to_nothing_and_up_again(engine: Engine) -> None:
    migrate.downgrade(engine, app.tables())
    with pytest.raises(Unavailable) as caught:
        app.is_ready(engine)
    assert caught.value.code == "DATABASE_OLD"
    app.upgrade(engine)
    app.is_ready(engine)
    assert migrate.check(engine, app.tables()) == []


def test_a_registry_in_a_new_folder_is_opened(tmp_path: Path) -> None:
    engine = app.open_registry(Settings(database_url=f"sqlite:///{tmp_path}/a/b/registry.sqlite"))
    app.answers(engine)
    engine.dispose()


@pytest.mark.parametrize("where", ["postgresql+psycopg://me:hunter2@127.0.0.1:9/none", "sqlite:////proc/none.sqlite"])
def test_a_database_that_does_not_answer_is_told_without_its_password(where: str) -> None:
    with pytest.raises(Unavailable) as caught:
        app.open_registry(Settings(database_url=where))
    assert caught.value.code == "DATABASE_UNREACHABLE"
    assert "hunter2" not in str(caught.value)


def test_an_empty_database_is_not_ready(postgres_server: str) -> None:
    engine = open_engine(address(postgres_server))
    with pytest.raises(Unavailable) as caught:
        app.is_ready(engine)
    engine.dispose()
    assert "eldercare db upgrade" in caught.value.remedy
