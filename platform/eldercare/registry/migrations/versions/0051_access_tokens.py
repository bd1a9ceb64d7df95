"""API tokens, kept as keyed digests."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "access_token",
        sa.Column("id", key, nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("division_id", key, nullable=True),
        sa.Column("facility_ids", sa.JSON(), nullable=False),
        sa.Column("organisation_id", key, nullable=True),
        sa.Column("scheme_ids", sa.JSON(), nullable=False),
        sa.Column("special_family", sa.Boolean(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=120), nullable=True),
        sa.Column("replaces_id", key, nullable=True),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_access_token_division_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_access_token_organisation_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["access_token.id"], name=op.f("fk_access_token_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_token")),
        sa.UniqueConstraint("prefix", name=op.f("uq_access_token_prefix")),
    )
    op.create_index("ix_access_token_created_by", "access_token", ["created_by"])
    op.create_index("ix_access_token_expires_at", "access_token", ["expires_at"])
    op.create_index("ix_access_token_subject", "access_token", ["subject"])


def downgrade() -> None:
    """Undo it."""
    op.drop_table("access_token")
