"""Bringing a database to the newest schema, and telling whether it is there."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData

VERSIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, metadata: MetaData, revision: str = "head") -> None:
    """Run the migrations up to a revision, the newest by default; all in one transaction."""
    with engine.begin() as connection:
        command.upgrade(_config(connection, metadata), revision)


def downgrade(engine: Engine, metadata: MetaData, revision: str = "base") -> None:
    """Undo the migrations down to a revision, to an empty database by default."""
    with engine.begin() as connection:
        command.downgrade(_config(connection, metadata), revision)


def check(engine: Engine, metadata: MetaData) -> list[str]:
    """What differs between a database and the mapped classes, in words; empty when nothing does."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _ours})
        found = [_words(difference) for difference in compare_metadata(context, metadata)]
    return found + ([] if is_newest(engine) else ["The newest migration has not been applied."])


def is_newest(engine: Engine) -> bool:
    """Whether the newest migration has been applied; cheap enough to ask at every start."""
    with engine.connect().execution_options(readonly=True) as connection:
        script = ScriptDirectory.from_config(_config(connection, MetaData()))
        return MigrationContext.configure(connection).get_current_revision() == script.get_current_head()


def revise(engine: Engine, metadata: MetaData, message: str) -> None:
    """Write a new migration from the differences; a person reads it before it is kept."""
    with engine.begin() as connection:
        command.revision(_config(connection, metadata), message, autogenerate=True)


def _config(connection: Connection, metadata: MetaData) -> Config:
    config = Config()
    config.set_main_option("script_location", str(VERSIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, metadata=metadata)
    return config


def _ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    return not (kind == "table" and name is not None and name.startswith("sqlite_"))


def _words(difference: Any) -> str:
    kind, *parts = difference if isinstance(difference, tuple) else difference[0]
    return f"{kind}: {', '.join(str(part) for part in parts if part is not None)}"
