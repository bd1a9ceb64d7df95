"""Assessments and stays."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "application",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("setting", sa.String(40), nullable=False),
        sa.Column("bed_type", sa.String(40), nullable=True),
        sa.Column("division_id", Key, nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("channel", sa.String(40), nullable=True),
        sa.Column("priority_class", sa.Integer(), nullable=True),
        sa.Column("priority_score", sa.Numeric(precision=9, scale=3), nullable=True),
        sa.Column("declined_offers", sa.Integer(), nullable=False),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "declined_offers IS NULL OR declined_offers >= 0", name=op.f("ck_application_declined_offers_not_negative")
        ),
        sa.CheckConstraint(
            "priority_class IS NULL OR priority_class >= 0", name=op.f("ck_application_priority_class_not_negative")
        ),
        sa.CheckConstraint(
            "settled_on IS NULL OR applied_on <= settled_on", name=op.f("ck_application_applied_before_settled")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_application_division_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_application_person_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_application_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
    )
    op.create_index(op.f("ix_application_division_id"), "application", ["division_id"], unique=False)
    op.create_index("ix_application_person", "application", ["person_id", "applied_on"], unique=False)
    op.create_index("ix_application_waiting", "application", ["bed_type", "priority_class", "applied_on"], unique=False)
    op.create_index(
        "uq_application_open",
        "application",
        ["person_id", "setting"],
        unique=True,
        sqlite_where=sa.text("settled_on IS NULL"),
        postgresql_where=sa.text("settled_on IS NULL"),
    )

    op.create_table(
        "ability_assessment",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("instrument", sa.String(40), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("agency_id", Key, nullable=True),
        sa.Column("assessors", sa.String(length=200), nullable=True),
        sa.Column("informant", sa.String(length=80), nullable=True),
        sa.Column("item_scores", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("self_care_score", sa.Integer(), nullable=True),
        sa.Column("mobility_score", sa.Integer(), nullable=True),
        sa.Column("mental_score", sa.Integer(), nullable=True),
        sa.Column("participation_score", sa.Integer(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("coma", sa.Boolean(), nullable=False),
        sa.Column("mental_diagnosis", sa.Boolean(), nullable=False),
        sa.Column("risk_events", sa.Integer(), nullable=False),
        sa.Column("preliminary_level", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("stated_result", sa.String(length=80), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "instrument <> 'GBT_42195_2022' OR level IS NOT NULL", name=op.f("ck_ability_assessment_level_of_gbt_42195")
        ),
        sa.CheckConstraint(
            "total IS NULL OR total BETWEEN 0 AND 90 OR instrument <> 'GBT_42195_2022'",
            name=op.f("ck_ability_assessment_total"),
        ),
        sa.CheckConstraint("level IS NULL OR level BETWEEN 0 AND 4", name=op.f("ck_ability_assessment_level")),
        sa.CheckConstraint(
            "risk_events IS NULL OR risk_events >= 0", name=op.f("ck_ability_assessment_risk_events_not_negative")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR assessed_on < valid_to", name=op.f("ck_ability_assessment_assessed_on_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["organisation.id"], name=op.f("fk_ability_assessment_agency_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ability_assessment_person_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_ability_assessment_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ability_assessment")),
    )
    op.create_index(
        "ix_ability_assessment_level", "ability_assessment", ["instrument", "level", "person_id"], unique=False
    )
    op.create_index(
        "ix_ability_assessment_person", "ability_assessment", ["person_id", "instrument", "assessed_on"], unique=False
    )

    op.create_table(
        "application_phase",
        sa.Column("id", Key, nullable=False),
        sa.Column("application_id", Key, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("facility_id", Key, nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_application_phase_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_phase_application_id")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_application_phase_facility_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_application_phase_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_phase")),
    )
    op.create_index(
        "ix_application_phase_application", "application_phase", ["application_id", "valid_from"], unique=False
    )
    op.create_index(op.f("ix_application_phase_facility_id"), "application_phase", ["facility_id"], unique=False)
    op.create_index(
        "uq_application_phase_open",
        "application_phase",
        ["application_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "application_preference",
        sa.Column("id", Key, nullable=False),
        sa.Column("application_id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_application_preference_rank")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_preference_application_id")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_application_preference_facility_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_application_preference_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_preference")),
        sa.UniqueConstraint(
            "application_id", "facility_id", name=op.f("uq_application_preference_application_id_facility_id")
        ),
        sa.UniqueConstraint("application_id", "rank", name=op.f("uq_application_preference_application_id_rank")),
    )
    op.create_index(
        op.f("ix_application_preference_facility_id"), "application_preference", ["facility_id"], unique=False
    )

    op.create_table(
        "care_risk_event",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_care_risk_event_facility_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_care_risk_event_person_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_care_risk_event_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_risk_event")),
    )
    op.create_index(op.f("ix_care_risk_event_facility_id"), "care_risk_event", ["facility_id"], unique=False)
    op.create_index(op.f("ix_care_risk_event_person_id"), "care_risk_event", ["person_id"], unique=False)

    op.create_table(
        "stay",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("bed_type", sa.String(40), nullable=False),
        sa.Column("bed_number", sa.String(length=40), nullable=True),
        sa.Column("admitted_on", sa.Date(), nullable=False),
        sa.Column("discharged_on", sa.Date(), nullable=True),
        sa.Column("payer", sa.String(40), nullable=False),
        sa.Column("care_level", sa.String(length=40), nullable=True),
        sa.Column("agreement_number", sa.String(length=60), nullable=True),
        sa.Column("assessment_id", Key, nullable=True),
        sa.Column("application_id", Key, nullable=True),
        sa.Column("trial_until", sa.Date(), nullable=True),
        sa.Column("discharge_reason", sa.String(40), nullable=True),
        sa.Column("transfer_to_id", Key, nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(discharged_on IS NULL) = (discharge_reason IS NULL)", name=op.f("ck_stay_discharge_has_a_reason")
        ),
        sa.CheckConstraint(
            "discharged_on IS NULL OR admitted_on <= discharged_on", name=op.f("ck_stay_admitted_before_discharged")
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_stay_application_id")),
        sa.ForeignKeyConstraint(["assessment_id"], ["ability_assessment.id"], name=op.f("fk_stay_assessment_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_stay_facility_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stay_person_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_stay_source_id")),
        sa.ForeignKeyConstraint(["transfer_to_id"], ["stay.id"], name=op.f("fk_stay_transfer_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay")),
    )
    op.create_index(op.f("ix_stay_application_id"), "stay", ["application_id"], unique=False)
    op.create_index(
        "ix_stay_facility", "stay", ["facility_id", "bed_type", "admitted_on", "discharged_on"], unique=False
    )
    op.create_index(
        "ix_stay_facility_open",
        "stay",
        ["facility_id", "bed_type"],
        unique=False,
        sqlite_where=sa.text("discharged_on IS NULL"),
        postgresql_where=sa.text("discharged_on IS NULL"),
    )
    op.create_index("ix_stay_person", "stay", ["person_id", "admitted_on"], unique=False)
    op.create_index(op.f("ix_stay_transfer_to_id"), "stay", ["transfer_to_id"], unique=False)
    op.create_index(
        "uq_stay_open",
        "stay",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("discharged_on IS NULL"),
        postgresql_where=sa.text("discharged_on IS NULL"),
    )

    op.create_table(
        "stay_leave",
        sa.Column("id", Key, nullable=False),
        sa.Column("stay_id", Key, nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "returned_on IS NULL OR left_on <= returned_on", name=op.f("ck_stay_leave_left_before_returned")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_stay_leave_source_id")),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_stay_leave_stay_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_leave")),
    )
    op.create_index("ix_stay_leave_stay", "stay_leave", ["stay_id", "left_on"], unique=False)
    op.create_index(
        "uq_stay_leave_open",
        "stay_leave",
        ["stay_id"],
        unique=True,
        sqlite_where=sa.text("returned_on IS NULL"),
        postgresql_where=sa.text("returned_on IS NULL"),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("stay_leave")
    op.drop_table("stay")
    op.drop_table("care_risk_event")
    op.drop_table("application_preference")
    op.drop_table("application_phase")
    op.drop_table("ability_assessment")
    op.drop_table("application")
