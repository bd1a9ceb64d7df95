"""The audit trail: events in a chain, the people they are about, the documents, and the newest link."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "audit_event",
        sa.Column("number", key, autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("principal", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("noun", sa.String(length=60), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("document", sa.String(length=64), nullable=True),
        sa.Column("operation", sa.String(length=120), nullable=True),
        sa.Column("request_id", sa.String(length=80), nullable=True),
        sa.Column("link", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_event")),
    )
    op.create_table(
        "audit_person",
        sa.Column("event", key, autoincrement=False, nullable=False),
        sa.Column("person_id", key, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("event", "person_id", name=op.f("pk_audit_person")),
    )
    op.create_index("ix_audit_person_person", "audit_person", ["person_id", "event"])
    op.create_table(
        "audit_document",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_audit_document")),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.bulk_insert(head, [{"id": 1, "number": 0, "link": bytes(32)}])


def downgrade() -> None:
    """Undo it."""
    op.drop_table("audit_head")
    op.drop_table("audit_document")
    op.drop_table("audit_person")
    op.drop_table("audit_event")
