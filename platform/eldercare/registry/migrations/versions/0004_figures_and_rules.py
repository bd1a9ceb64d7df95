"""Figures and rules."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "indicator",
        sa.Column("id", Key, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.Column("numerator", sa.String(length=300), nullable=True),
        sa.Column("denominator", sa.String(length=300), nullable=True),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("decimals IS NULL OR decimals >= 0", name=op.f("ck_indicator_decimals_not_negative")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_indicator_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_indicator_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("code", "edition", name=op.f("uq_indicator_code_edition")),
    )
    op.create_table(
        "admission_rule",
        sa.Column("id", Key, nullable=False),
        sa.Column("division_id", Key, nullable=True),
        sa.Column("priority_class", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(40), nullable=True),
        sa.Column("level_min", sa.Integer(), nullable=True),
        sa.Column("age_min", sa.Integer(), nullable=True),
        sa.Column("self_care", sa.String(40), nullable=True),
        sa.Column("local_only", sa.Boolean(), nullable=False),
        sa.Column("promote_after_days", sa.Integer(), nullable=True),
        sa.Column("basis", sa.String(length=200), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("age_min IS NULL OR age_min >= 0", name=op.f("ck_admission_rule_age_min_not_negative")),
        sa.CheckConstraint("level_min IS NULL OR level_min BETWEEN 0 AND 4", name=op.f("ck_admission_rule_level_min")),
        sa.CheckConstraint("priority_class >= 1", name=op.f("ck_admission_rule_priority_class")),
        sa.CheckConstraint(
            "promote_after_days IS NULL OR promote_after_days >= 0",
            name=op.f("ck_admission_rule_promote_after_days_not_negative"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_admission_rule_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_admission_rule_division_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_admission_rule_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission_rule")),
    )
    op.create_index(op.f("ix_admission_rule_division_id"), "admission_rule", ["division_id"], unique=False)

    op.create_table(
        "indicator_target",
        sa.Column("id", Key, nullable=False),
        sa.Column("indicator_id", Key, nullable=False),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("comparator", sa.String(40), nullable=False),
        sa.Column("value", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("plan", sa.String(length=120), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_indicator_target_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_indicator_target_division_id")),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_indicator_target_indicator_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_indicator_target_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_target")),
    )
    op.create_index(op.f("ix_indicator_target_division_id"), "indicator_target", ["division_id"], unique=False)
    op.create_index(op.f("ix_indicator_target_indicator_id"), "indicator_target", ["indicator_id"], unique=False)
    op.create_index(
        "uq_indicator_target_open",
        "indicator_target",
        ["indicator_id", "division_id", "year"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "population_statistic",
        sa.Column("id", Key, nullable=False),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("base", sa.String(40), nullable=True),
        sa.Column("age_from", sa.Integer(), nullable=False),
        sa.Column("age_to", sa.Integer(), nullable=True),
        sa.Column("sex", sa.String(40), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "age_from IS NULL OR age_from >= 0", name=op.f("ck_population_statistic_age_from_not_negative")
        ),
        sa.CheckConstraint(
            "age_to IS NULL OR age_from < age_to", name=op.f("ck_population_statistic_age_from_before_age_to")
        ),
        sa.CheckConstraint("people IS NULL OR people >= 0", name=op.f("ck_population_statistic_people_not_negative")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_population_statistic_division_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_population_statistic_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population_statistic")),
    )
    op.create_index(
        "ix_population_statistic_division",
        "population_statistic",
        ["division_id", "counted_on", "age_from"],
        unique=False,
    )

    op.create_table(
        "reported_figure",
        sa.Column("id", Key, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("label_zh", sa.String(length=200), nullable=False),
        sa.Column("division_id", Key, nullable=True),
        sa.Column("indicator_id", Key, nullable=True),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("value", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("value_text", sa.String(length=120), nullable=True),
        sa.Column("value_as_reported", sa.String(length=120), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("qualifier", sa.String(40), nullable=False),
        sa.Column("quote", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("period_to IS NULL OR period_from <= period_to", name=op.f("ck_reported_figure_period")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_reported_figure_division_id")),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_reported_figure_indicator_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_reported_figure_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_figure")),
        sa.UniqueConstraint("code", name=op.f("uq_reported_figure_code")),
    )
    op.create_index(op.f("ix_reported_figure_division_id"), "reported_figure", ["division_id"], unique=False)
    op.create_index(op.f("ix_reported_figure_indicator_id"), "reported_figure", ["indicator_id"], unique=False)


def downgrade() -> None:
    """Undo it."""
    op.drop_table("reported_figure")
    op.drop_table("population_statistic")
    op.drop_table("indicator_target")
    op.drop_table("admission_rule")
    op.drop_table("indicator")
