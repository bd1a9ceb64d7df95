"""How Alembic reaches the database: the caller gives the connection and the tables of every room."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Enum

config = context.config


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write enumerations as plain text columns: their values are the code's business, not the schema's."""
    return f"sa.String({item.length})" if kind == "type" and isinstance(item, Enum) else False


context.configure(
    connection=config.attributes["connection"],
    target_metadata=config.attributes["metadata"],
    render_as_batch=True,
    render_item=render,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
