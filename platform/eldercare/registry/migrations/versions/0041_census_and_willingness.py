"""Census campaigns, visits, whether people want a place, and visits of officials."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0041"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    _census()
    _visit()
    _willingness()
    _field_visit()


def downgrade() -> None:
    """Undo it."""
    for name in ("field_visit_stop", "field_visit", "willingness", "visit", "census"):
        op.drop_table(name)


def _common(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f(f"fk_{table}_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _census() -> None:
    op.create_table(
        "census",
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("category", sa.String(40), nullable=True),
        sa.Column("age_from", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("organiser", sa.String(length=120), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.CheckConstraint("begins_on <= ends_on", name=op.f("ck_census_begins_before_it_ends")),
        sa.CheckConstraint("age_from IS NULL OR age_from >= 0", name=op.f("ck_census_age_from_not_negative")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_census_division_id")),
        *_common("census"),
    )
    op.create_index(op.f("ix_census_division_id"), "census", ["division_id"], unique=False)


def _visit() -> None:
    op.create_table(
        "visit",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("manner", sa.String(40), nullable=False),
        sa.Column("topic", sa.String(40), nullable=False),
        sa.Column("result", sa.String(40), nullable=False),
        sa.Column("visitor", sa.String(length=80), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("census_id", Key, nullable=True),
        sa.Column("report_id", Key, nullable=True),
        sa.CheckConstraint("purpose <> 'CARE' OR manner <> 'DATA_MATCH'", name=op.f("ck_visit_care_meets_somebody")),
        sa.ForeignKeyConstraint(["census_id"], ["census.id"], name=op.f("fk_visit_census_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_visit_person_id")),
        sa.ForeignKeyConstraint(["report_id"], ["change_report.id"], name=op.f("fk_visit_report_id")),
        *_common("visit"),
    )
    op.create_index(op.f("ix_visit_census_id"), "visit", ["census_id"], unique=False)
    op.create_index("ix_visit_person", "visit", ["person_id", "visited_on"], unique=False)
    op.create_index("ix_visit_day", "visit", ["visited_on", "purpose", "person_id"], unique=False)


def _willingness() -> None:
    op.create_table(
        "willingness",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("willing", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.Column("refused_bed_type", sa.String(40), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("witness", sa.String(length=80), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_willingness_valid_from_before_valid_to")
        ),
        sa.CheckConstraint("willing OR reason IS NOT NULL", name=op.f("ck_willingness_a_refusal_has_a_reason")),
        sa.CheckConstraint(
            "willing OR planned_on IS NULL", name=op.f("ck_willingness_nothing_planned_after_a_refusal")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_willingness_person_id")),
        *_common("willingness"),
    )
    op.create_index("ix_willingness_person", "willingness", ["person_id", "valid_from"], unique=False)
    op.create_index(
        "uq_willingness_open",
        "willingness",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )


def _field_visit() -> None:
    op.create_table(
        "field_visit",
        sa.Column("id", Key, nullable=False),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("led_by", sa.String(length=120), nullable=False),
        sa.Column("accompanied_by", sa.String(length=300), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("month_day", sa.String(length=5), nullable=True),
        sa.Column("theme", sa.String(length=300), nullable=True),
        sa.Column("demands", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "visited_on IS NOT NULL OR month_day IS NOT NULL", name=op.f("ck_field_visit_a_day_is_known")
        ),
        sa.CheckConstraint("visited_on IS NULL OR month_day IS NULL", name=op.f("ck_field_visit_one_form_of_the_day")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_field_visit_division_id")),
        *_common("field_visit"),
    )
    op.create_index(op.f("ix_field_visit_division_id"), "field_visit", ["division_id"], unique=False)
    op.create_table(
        "field_visit_stop",
        sa.Column("id", Key, nullable=False),
        sa.Column("field_visit_id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("seen", sa.String(length=500), nullable=True),
        sa.CheckConstraint("place >= 1", name=op.f("ck_field_visit_stop_place")),
        sa.UniqueConstraint("field_visit_id", "place", name=op.f("uq_field_visit_stop_field_visit_id_place")),
        sa.ForeignKeyConstraint(
            ["field_visit_id"], ["field_visit.id"], name=op.f("fk_field_visit_stop_field_visit_id")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_field_visit_stop_facility_id")),
        *_common("field_visit_stop"),
    )
    op.create_index(op.f("ix_field_visit_stop_facility_id"), "field_visit_stop", ["facility_id"], unique=False)
