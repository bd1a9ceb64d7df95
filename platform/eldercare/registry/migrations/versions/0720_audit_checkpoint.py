"""The checkpoint that stands in the place of the audit trail's older events."""

import sqlalchemy as sa
from alembic import op

revision = "0720"
down_revision = "0700"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "audit_checkpoint",
        sa.Column("number", key, autoincrement=False, nullable=False),
        sa.Column("link", sa.LargeBinary(length=32), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cut_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cut_by", sa.String(length=120), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_checkpoint")),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("audit_checkpoint")
