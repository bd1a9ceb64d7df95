"""Editions of returns, yearly statements of facilities, and the calendar of working days."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0070"
down_revision = "0051"
branch_labels = None
depends_on = None


def entity() -> list[sa.Column]:  # type: ignore[type-arg]
    """The columns every record has."""
    return [
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    ]


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "calendar_day",
        sa.Column("id", Key, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("basis", sa.String(length=120), nullable=True),
        *entity(),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_calendar_day_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("day", name=op.f("uq_calendar_day_day")),
    )
    op.create_table(
        "return_edition",
        sa.Column("id", Key, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("position", sa.String(length=60), nullable=False),
        sa.Column("parameters", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("compiler", sa.String(length=120), nullable=False),
        sa.Column("compiled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("failed_checks", sa.Integer(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("submitted_by", sa.String(length=120), nullable=True),
        sa.Column("corrects_id", Key, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        *entity(),
        sa.CheckConstraint("period_from < period_to", name=op.f("ck_return_edition_period")),
        sa.CheckConstraint(
            "corrects_id IS NULL OR reason IS NOT NULL", name=op.f("ck_return_edition_correction_has_a_reason")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_return_edition_source_id")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_return_edition_division_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["return_edition.id"], name=op.f("fk_return_edition_corrects_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_edition")),
        sa.UniqueConstraint(
            "code",
            "division_id",
            "period_from",
            "period_to",
            "edition",
            name=op.f("uq_return_edition_code_division_id_period_from_period_to_edition"),
        ),
    )
    with op.batch_alter_table("return_edition", schema=None) as batch_op:
        batch_op.create_index("ix_return_edition_code", ["code", "period_from"], unique=False)
        batch_op.create_index(batch_op.f("ix_return_edition_division_id"), ["division_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_return_edition_corrects_id"), ["corrects_id"], unique=False)

    op.create_table(
        "facility_statement",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("heating", sa.String(40), nullable=True),
        sa.Column("outdoor_area", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("indoor_area", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("staff", sa.Integer(), nullable=True),
        sa.Column("certified_staff", sa.Integer(), nullable=True),
        sa.Column("fixed_assets", sa.BigInteger(), nullable=True),
        sa.Column("management_funds", sa.BigInteger(), nullable=True),
        sa.Column("sideline_income", sa.BigInteger(), nullable=True),
        sa.Column("expenditure", sa.BigInteger(), nullable=True),
        sa.Column("support_standard", sa.BigInteger(), nullable=True),
        sa.Column("vegetable_area", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("vegetable_output", sa.Integer(), nullable=True),
        *entity(),
        *(
            sa.CheckConstraint(
                f"{name} IS NULL OR {name} >= 0", name=op.f(f"ck_facility_statement_{name}_not_negative")
            )
            for name in ("staff", "certified_staff", "fixed_assets", "management_funds", "support_standard")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_facility_statement_source_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_facility_statement_facility_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_statement")),
        sa.UniqueConstraint("facility_id", "year", name=op.f("uq_facility_statement_facility_id_year")),
    )
    with op.batch_alter_table("facility_statement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_facility_statement_facility_id"), ["facility_id"], unique=False)


def downgrade() -> None:
    """Undo it."""
    op.drop_table("facility_statement")
    op.drop_table("return_edition")
    op.drop_table("calendar_day")
