"""Reports of changes in people's lives, and the record because of which the log says something was done."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0040"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cause", sa.String(length=80), nullable=True))
    op.create_index(
        "ix_change_cause",
        "change",
        ["cause"],
        unique=False,
        sqlite_where=sa.text("cause IS NOT NULL"),
        postgresql_where=sa.text("cause IS NOT NULL"),
    )
    op.create_table(
        "change_report",
        sa.Column("id", Key, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("division_id", Key, nullable=True),
        sa.Column("reporter", sa.String(length=80), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=True),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision", sa.String(length=300), nullable=True),
        sa.Column("duplicate_of_id", Key, nullable=True),
        sa.Column("to_division_id", Key, nullable=True),
        sa.Column("base", sa.String(40), nullable=True),
        sa.Column("living", sa.String(40), nullable=True),
        sa.Column("category", sa.String(40), nullable=True),
        sa.Column("no_longer", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.Column("sex", sa.String(40), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("id_type", sa.String(40), nullable=True),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("id_digest", sa.LargeBinary(32), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("emergency_contact", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("happened_on <= reported_on", name=op.f("ck_change_report_happened_before_reported")),
        sa.CheckConstraint(
            "duplicate_of_id IS NULL OR duplicate_of_id <> id", name=op.f("ck_change_report_not_its_own_duplicate")
        ),
        sa.CheckConstraint(
            "status <> 'APPLIED' OR person_id IS NOT NULL", name=op.f("ck_change_report_applied_to_a_person")
        ),
        sa.CheckConstraint(
            "status <> 'DUPLICATE' OR duplicate_of_id IS NOT NULL", name=op.f("ck_change_report_duplicate_of_another")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_change_report_division_id")),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"], ["change_report.id"], name=op.f("fk_change_report_duplicate_of_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_change_report_person_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_change_report_source_id")),
        sa.ForeignKeyConstraint(["to_division_id"], ["division.id"], name=op.f("fk_change_report_to_division_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_report")),
    )
    op.create_index("ix_change_report_person", "change_report", ["person_id", "kind", "happened_on"], unique=False)
    op.create_index(
        "ix_change_report_division", "change_report", ["division_id", "status", "reported_on"], unique=False
    )
    op.create_index("ix_change_report_status", "change_report", ["status", "reported_on"], unique=False)


def downgrade() -> None:
    """Undo it."""
    op.drop_table("change_report")
    op.drop_index("ix_change_cause", table_name="change")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_column("cause")
