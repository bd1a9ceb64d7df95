"""Published editions of counts of people."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "published_edition",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("position", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_edition")),
        sa.UniqueConstraint("as_of", name=op.f("uq_published_edition_as_of")),
    )
    op.create_table(
        "published_count",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("division_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["published_edition.id"], name=op.f("fk_published_count_edition_id_published_edition")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_published_count_division_id_division")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_count")),
    )
    op.create_index("ix_published_count", "published_count", ["edition_id", "division_id", "measure"])


def downgrade() -> None:
    """Undo it."""
    op.drop_table("published_count")
    op.drop_table("published_edition")
