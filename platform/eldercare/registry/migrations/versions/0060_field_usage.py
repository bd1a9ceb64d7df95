"""Which client used which field of the API."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "field_usage",
        sa.Column("client", sa.String(length=80), nullable=False),
        sa.Column("coordinate", sa.String(length=200), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("client", "coordinate", name=op.f("pk_field_usage")),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("field_usage")
