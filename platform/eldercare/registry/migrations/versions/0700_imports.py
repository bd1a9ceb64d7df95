"""Imports with what came of each row, and which record of which system a person is."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0700"
down_revision = "0041"
branch_labels = None
depends_on = None

COUNTS = ("row_count", "done", "created", "linked", "updated", "unchanged", "conflicts", "refused", "reports")


def upgrade() -> None:
    """Make the change."""
    _batch()
    _row()
    _link()


def downgrade() -> None:
    """Undo it."""
    for name in ("source_link", "import_row", "import_batch"):
        op.drop_table(name)


def _versioned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _common(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f(f"fk_{table}_source_id")),
        *_versioned(table),
    ]


def _batch() -> None:
    op.create_table(
        "import_batch",
        sa.Column("id", Key, nullable=False),
        sa.Column("system", sa.String(length=80), nullable=False),
        sa.Column("document", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("feed", sa.String(length=80), nullable=False),
        sa.Column("division_id", Key, nullable=True),
        sa.Column("imported_by", sa.String(length=120), nullable=False),
        sa.Column("imported_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(40), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        *(
            sa.CheckConstraint(f"{name} IS NULL OR {name} >= 0", name=op.f(f"ck_import_batch_{name}_not_negative"))
            for name in COUNTS
        ),
        sa.CheckConstraint("done <= row_count", name=op.f("ck_import_batch_done_of_all")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_import_batch_fingerprint")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_import_batch_division_id")),
        *_common("import_batch"),
    )
    op.create_index(op.f("ix_import_batch_division_id"), "import_batch", ["division_id"], unique=False)
    op.create_index(op.f("ix_import_batch_sha256"), "import_batch", ["sha256"], unique=False)


def _row() -> None:
    op.create_table(
        "import_row",
        sa.Column("id", Key, nullable=False),
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("fields", sa.String(length=200), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("message", sa.String(length=1000), nullable=True),
        sa.Column("remedy", sa.String(length=1000), nullable=True),
        sa.Column("person_id", Key, nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_import_row_number")),
        sa.CheckConstraint(
            "outcome IN ('CONFLICT', 'REFUSED') OR person_id IS NOT NULL", name=op.f("ck_import_row_about_somebody")
        ),
        sa.CheckConstraint(
            "outcome NOT IN ('CONFLICT', 'REFUSED') OR code IS NOT NULL", name=op.f("ck_import_row_says_why")
        ),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_import_row_batch_id_number")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_import_row_person_id")),
        *_versioned("import_row"),
    )
    op.create_index(op.f("ix_import_row_person_id"), "import_row", ["person_id"], unique=False)


def _link() -> None:
    op.create_table(
        "source_link",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("system", sa.String(length=80), nullable=False),
        sa.Column("first_seen_on", sa.Date(), nullable=False),
        sa.Column("last_seen_on", sa.Date(), nullable=False),
        sa.Column("first_batch_id", Key, nullable=False),
        sa.Column("last_batch_id", Key, nullable=False),
        sa.CheckConstraint("first_seen_on <= last_seen_on", name=op.f("ck_source_link_first_before_last")),
        sa.UniqueConstraint("system", "source_record", name=op.f("uq_source_link_system_source_record")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_source_link_person_id")),
        sa.ForeignKeyConstraint(["first_batch_id"], ["import_batch.id"], name=op.f("fk_source_link_first_batch_id")),
        sa.ForeignKeyConstraint(["last_batch_id"], ["import_batch.id"], name=op.f("fk_source_link_last_batch_id")),
        *_common("source_link"),
    )
    op.create_index("ix_source_link_person", "source_link", ["person_id", "system"], unique=False)
    op.create_index(op.f("ix_source_link_first_batch_id"), "source_link", ["first_batch_id"], unique=False)
    op.create_index(op.f("ix_source_link_last_batch_id"), "source_link", ["last_batch_id"], unique=False)
