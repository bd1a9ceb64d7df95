"""The schema comes from migrations alone, on both databases, up and down."""

from sqlalchemy import Engine, inspect, text

from eldercare.kit.db import Base
from eldercare.registry.migrate import check, downgrade, upgrade


def test_the_migrated_schema_equals_the_mapped_classes(engine: Engine) -> None:
    assert check(engine, Base.metadata) == []


def test_a_missing_column_is_told_in_words(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE source DROP COLUMN licence"))
    assert [line.split(":")[0] for line in check(engine, Base.metadata)] == ["add_column"]


def test_all_migrations_can_be_undone_and_done_again(engine: Engine) -> None:
    downgrade(engine, Base.metadata)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    upgrade(engine, Base.metadata)
    assert check(engine, Base.metadata) == []


def test_every_check_constraint_of_the_classes_is_in_the_database(engine: Engine) -> None:
    found = inspect(engine)
    for table in Base.metadata.tables.values():
        declared = {str(c.name) for c in table.constraints if type(c).__name__ == "CheckConstraint"}
        assert {str(c["name"]) for c in found.get_check_constraints(table.name)} == declared, table.name
