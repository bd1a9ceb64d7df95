"""The databases that the tests are given."""

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session


def test_each_test_has_a_database_of_its_own(engine: Engine) -> None:
    """Twice the same table name: a shared database would refuse the second parameter's or the next test's."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE own (a integer)"))


def test_nothing_is_left_of_the_test_before(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE own (a integer)"))


def test_a_session_speaks_to_a_real_database(session: Session) -> None:
    assert session.scalar(text("SELECT 1")) == 1


def test_postgres_is_recent(postgres_engine: Engine) -> None:
    with postgres_engine.connect() as connection:
        assert connection.dialect.server_version_info >= (14,)
