"""Staff, checklists and inspections, hazards, projects, group operation and evaluation."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0030"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "checklist_template",
        sa.Column("id", Key, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("name_zh", sa.String(length=160), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_checklist_template_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_checklist_template_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_template")),
        sa.UniqueConstraint("code", "edition", name=op.f("uq_checklist_template_code_edition")),
    )
    op.create_table(
        "evaluation_plan",
        sa.Column("id", Key, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("name_zh", sa.String(length=160), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("excellent_from", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("good_from", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("qualified_from", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "0 <= qualified_from AND qualified_from <= good_from", name=op.f("ck_evaluation_plan_good_from")
        ),
        sa.CheckConstraint(
            "good_from <= excellent_from AND excellent_from <= 100", name=op.f("ck_evaluation_plan_excellent_from")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_evaluation_plan_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_evaluation_plan_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_evaluation_plan_code")),
    )
    op.create_table(
        "caregiver",
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("division_id", Key, nullable=True),
        sa.Column("skill_level", sa.String(40), nullable=True),
        sa.Column("certificate_number", sa.String(length=40), nullable=True),
        sa.Column("certified_on", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_caregiver_division_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_caregiver_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caregiver")),
    )
    op.create_index(op.f("ix_caregiver_division_id"), "caregiver", ["division_id"], unique=False)
    op.create_index(
        "uq_caregiver_certificate",
        "caregiver",
        ["certificate_number"],
        unique=True,
        sqlite_where=sa.text("certificate_number IS NOT NULL"),
        postgresql_where=sa.text("certificate_number IS NOT NULL"),
    )

    op.create_table(
        "checklist_item",
        sa.Column("id", Key, nullable=False),
        sa.Column("template_id", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=True),
        sa.Column("legal_basis", sa.String(length=300), nullable=True),
        sa.Column("deduct", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("stop_operation", sa.Boolean(), nullable=False),
        sa.Column("may_not_apply", sa.Boolean(), nullable=False),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("deduct IS NULL OR deduct >= 0", name=op.f("ck_checklist_item_deduct_not_negative")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_checklist_item_number")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_checklist_item_source_id")),
        sa.ForeignKeyConstraint(["template_id"], ["checklist_template.id"], name=op.f("fk_checklist_item_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_item")),
        sa.UniqueConstraint("template_id", "number", name=op.f("uq_checklist_item_template_id_number")),
    )
    op.create_table(
        "evaluation_criterion",
        sa.Column("id", Key, nullable=False),
        sa.Column("plan_id", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("name_zh", sa.String(length=160), nullable=False),
        sa.Column("weight", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("indicator_id", Key, nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_evaluation_criterion_number")),
        sa.CheckConstraint("weight > 0 AND weight <= 100", name=op.f("ck_evaluation_criterion_weight")),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_evaluation_criterion_indicator_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["evaluation_plan.id"], name=op.f("fk_evaluation_criterion_plan_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_evaluation_criterion_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_criterion")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_evaluation_criterion_plan_id_number")),
    )
    op.create_index(
        op.f("ix_evaluation_criterion_indicator_id"), "evaluation_criterion", ["indicator_id"], unique=False
    )

    op.create_table(
        "brand",
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("group_id", Key, nullable=False),
        sa.Column("division_id", Key, nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_brand_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_brand_division_id")),
        sa.ForeignKeyConstraint(["group_id"], ["organisation.id"], name=op.f("fk_brand_group_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_brand_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand")),
    )
    op.create_index(op.f("ix_brand_division_id"), "brand", ["division_id"], unique=False)
    op.create_index(op.f("ix_brand_group_id"), "brand", ["group_id"], unique=False)

    op.create_table(
        "employment",
        sa.Column("id", Key, nullable=False),
        sa.Column("caregiver_id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_employment_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["caregiver_id"], ["caregiver.id"], name=op.f("fk_employment_caregiver_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_employment_facility_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_employment_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment")),
    )
    op.create_index(op.f("ix_employment_caregiver_id"), "employment", ["caregiver_id"], unique=False)
    op.create_index("ix_employment_facility", "employment", ["facility_id", "valid_from"], unique=False)

    op.create_table(
        "facility_brand",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("brand_id", Key, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_facility_brand_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_facility_brand_brand_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_facility_brand_facility_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_facility_brand_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_brand")),
    )
    op.create_index(op.f("ix_facility_brand_brand_id"), "facility_brand", ["brand_id"], unique=False)
    op.create_index("ix_facility_brand_facility", "facility_brand", ["facility_id", "valid_from"], unique=False)
    op.create_index(
        "uq_facility_brand_open",
        "facility_brand",
        ["facility_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "fire_safety",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_fire_safety_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_fire_safety_facility_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_fire_safety_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fire_safety")),
    )
    op.create_index("ix_fire_safety_facility", "fire_safety", ["facility_id", "valid_from"], unique=False)
    op.create_index(
        "uq_fire_safety_open",
        "fire_safety",
        ["facility_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "inspection",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("template_id", Key, nullable=True),
        sa.Column("authority_id", Key, nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(completed_on IS NULL) = (outcome IS NULL)", name=op.f("ck_inspection_outcome_when_completed")
        ),
        sa.CheckConstraint(
            "completed_on IS NULL OR started_on <= completed_on", name=op.f("ck_inspection_started_before_completed")
        ),
        sa.CheckConstraint(
            "completed_on IS NULL OR started_on IS NOT NULL", name=op.f("ck_inspection_completed_once_started")
        ),
        sa.CheckConstraint(
            "planned_on IS NOT NULL OR started_on IS NOT NULL", name=op.f("ck_inspection_planned_or_started")
        ),
        sa.ForeignKeyConstraint(["authority_id"], ["organisation.id"], name=op.f("fk_inspection_authority_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_inspection_facility_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_inspection_source_id")),
        sa.ForeignKeyConstraint(["template_id"], ["checklist_template.id"], name=op.f("fk_inspection_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
    )
    op.create_index(op.f("ix_inspection_authority_id"), "inspection", ["authority_id"], unique=False)
    op.create_index("ix_inspection_facility", "inspection", ["facility_id", "kind", "started_on"], unique=False)
    op.create_index(op.f("ix_inspection_template_id"), "inspection", ["template_id"], unique=False)

    op.create_table(
        "performance_evaluation",
        sa.Column("id", Key, nullable=False),
        sa.Column("plan_id", Key, nullable=False),
        sa.Column("division_id", Key, nullable=True),
        sa.Column("facility_id", Key, nullable=True),
        sa.Column("evaluator_id", Key, nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(division_id IS NULL) <> (facility_id IS NULL)", name=op.f("ck_performance_evaluation_one_subject")
        ),
        sa.CheckConstraint("year IS NULL OR year >= 0", name=op.f("ck_performance_evaluation_year_not_negative")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_performance_evaluation_division_id")),
        sa.ForeignKeyConstraint(
            ["evaluator_id"], ["organisation.id"], name=op.f("fk_performance_evaluation_evaluator_id")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_performance_evaluation_facility_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["evaluation_plan.id"], name=op.f("fk_performance_evaluation_plan_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_performance_evaluation_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_performance_evaluation")),
        sa.UniqueConstraint("plan_id", "division_id", "year", name="uq_performance_evaluation_division"),
        sa.UniqueConstraint("plan_id", "facility_id", "year", name="uq_performance_evaluation_facility"),
    )
    op.create_index(
        op.f("ix_performance_evaluation_division_id"), "performance_evaluation", ["division_id"], unique=False
    )
    op.create_index(
        op.f("ix_performance_evaluation_evaluator_id"), "performance_evaluation", ["evaluator_id"], unique=False
    )
    op.create_index(
        op.f("ix_performance_evaluation_facility_id"), "performance_evaluation", ["facility_id"], unique=False
    )
    op.create_index(op.f("ix_performance_evaluation_plan_id"), "performance_evaluation", ["plan_id"], unique=False)

    op.create_table(
        "project",
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=True),
        sa.Column("owner_id", Key, nullable=True),
        sa.Column("planned_beds", sa.Integer(), nullable=True),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("budget IS NULL OR budget >= 0", name=op.f("ck_project_budget_not_negative")),
        sa.CheckConstraint("completed_on IS NULL OR cancelled_on IS NULL", name=op.f("ck_project_one_end")),
        sa.CheckConstraint(
            "completed_on IS NULL OR started_on IS NULL OR started_on <= completed_on",
            name=op.f("ck_project_completed"),
        ),
        sa.CheckConstraint(
            "planned_beds IS NULL OR planned_beds >= 0", name=op.f("ck_project_planned_beds_not_negative")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_project_division_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_project_facility_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_project_owner_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_project_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
    )
    op.create_index(op.f("ix_project_division_id"), "project", ["division_id"], unique=False)
    op.create_index("ix_project_due", "project", ["kind", "due_on"], unique=False)
    op.create_index(op.f("ix_project_facility_id"), "project", ["facility_id"], unique=False)
    op.create_index(op.f("ix_project_owner_id"), "project", ["owner_id"], unique=False)

    op.create_table(
        "staff_post",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("certified", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "certified IS NULL OR certified <= headcount", name=op.f("ck_staff_post_certified_within_headcount")
        ),
        sa.CheckConstraint("certified IS NULL OR certified >= 0", name=op.f("ck_staff_post_certified_not_negative")),
        sa.CheckConstraint("headcount IS NULL OR headcount >= 0", name=op.f("ck_staff_post_headcount_not_negative")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_staff_post_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_staff_post_facility_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_staff_post_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_post")),
    )
    op.create_index("ix_staff_post_facility", "staff_post", ["facility_id", "role", "valid_from"], unique=False)
    op.create_index(
        "uq_staff_post_open",
        "staff_post",
        ["facility_id", "role"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "star_upgrade_project",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("target_level", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "completed_on IS NULL OR cancelled_on IS NULL", name=op.f("ck_star_upgrade_project_one_end")
        ),
        sa.CheckConstraint(
            "completed_on IS NULL OR started_on <= completed_on", name=op.f("ck_star_upgrade_project_completed")
        ),
        sa.CheckConstraint("started_on <= due_on", name=op.f("ck_star_upgrade_project_due")),
        sa.CheckConstraint("target_level >= 1", name=op.f("ck_star_upgrade_project_target_level")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_star_upgrade_project_facility_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_star_upgrade_project_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_star_upgrade_project")),
    )
    op.create_index(op.f("ix_star_upgrade_project_facility_id"), "star_upgrade_project", ["facility_id"], unique=False)
    op.create_index(
        "uq_star_upgrade_project_open",
        "star_upgrade_project",
        ["facility_id", "scheme"],
        unique=True,
        sqlite_where=sa.text("completed_on IS NULL AND cancelled_on IS NULL"),
        postgresql_where=sa.text("completed_on IS NULL AND cancelled_on IS NULL"),
    )

    op.create_table(
        "training_record",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("audience", sa.String(40), nullable=False),
        sa.Column("caregiver_id", Key, nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=120), nullable=False),
        sa.Column("hours", sa.Numeric(precision=6, scale=1), nullable=True),
        sa.Column("organiser_id", Key, nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("caregiver_id IS NULL OR people = 1", name=op.f("ck_training_record_one_caregiver")),
        sa.CheckConstraint("hours IS NULL OR hours >= 0", name=op.f("ck_training_record_hours_not_negative")),
        sa.CheckConstraint(
            "passed IS NULL OR (passed >= 0 AND passed <= people)", name=op.f("ck_training_record_passed_within_people")
        ),
        sa.CheckConstraint("people >= 1", name=op.f("ck_training_record_people")),
        sa.ForeignKeyConstraint(["caregiver_id"], ["caregiver.id"], name=op.f("fk_training_record_caregiver_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_training_record_facility_id")),
        sa.ForeignKeyConstraint(["organiser_id"], ["organisation.id"], name=op.f("fk_training_record_organiser_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_training_record_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_record")),
    )
    op.create_index(op.f("ix_training_record_caregiver_id"), "training_record", ["caregiver_id"], unique=False)
    op.create_index(
        "ix_training_record_facility", "training_record", ["facility_id", "audience", "held_on"], unique=False
    )
    op.create_index(op.f("ix_training_record_organiser_id"), "training_record", ["organiser_id"], unique=False)

    op.create_table(
        "unification_item",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("item", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_unification_item_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_unification_item_facility_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_unification_item_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unification_item")),
    )
    op.create_index(
        "ix_unification_item_facility", "unification_item", ["facility_id", "item", "valid_from"], unique=False
    )
    op.create_index(
        "uq_unification_item_open",
        "unification_item",
        ["facility_id", "item"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "evaluation_score",
        sa.Column("id", Key, nullable=False),
        sa.Column("evaluation_id", Key, nullable=False),
        sa.Column("criterion_id", Key, nullable=False),
        sa.Column("achieved", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("achieved BETWEEN 0 AND 100", name=op.f("ck_evaluation_score_achieved")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["evaluation_criterion.id"], name=op.f("fk_evaluation_score_criterion_id")
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["performance_evaluation.id"], name=op.f("fk_evaluation_score_evaluation_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_evaluation_score_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_score")),
        sa.UniqueConstraint(
            "evaluation_id", "criterion_id", name=op.f("uq_evaluation_score_evaluation_id_criterion_id")
        ),
    )
    op.create_index(op.f("ix_evaluation_score_criterion_id"), "evaluation_score", ["criterion_id"], unique=False)

    op.create_table(
        "finding",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("inspection_id", Key, nullable=True),
        sa.Column("item_id", Key, nullable=True),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=True),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "resolved_on IS NULL OR found_on < resolved_on", name=op.f("ck_finding_found_on_before_resolved_on")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_finding_facility_id")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_finding_inspection_id")),
        sa.ForeignKeyConstraint(["item_id"], ["checklist_item.id"], name=op.f("fk_finding_item_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_finding_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index("ix_finding_facility", "finding", ["facility_id", "category", "found_on"], unique=False)
    op.create_index(op.f("ix_finding_inspection_id"), "finding", ["inspection_id"], unique=False)
    op.create_index(op.f("ix_finding_item_id"), "finding", ["item_id"], unique=False)

    op.create_table(
        "hazard",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("inspection_id", Key, nullable=True),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("major", sa.Boolean(), nullable=False),
        sa.Column("heading", sa.String(40), nullable=True),
        sa.Column("legal_basis", sa.String(length=300), nullable=True),
        sa.Column("description", sa.String(length=500), nullable=True),
        sa.Column("responsible", sa.String(length=120), nullable=True),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("archived_on", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("archived_on IS NULL OR closed_on <= archived_on", name=op.f("ck_hazard_archived")),
        sa.CheckConstraint("archived_on IS NULL OR closed_on IS NOT NULL", name=op.f("ck_hazard_archived_once_closed")),
        sa.CheckConstraint("closed_on IS NULL OR found_on <= closed_on", name=op.f("ck_hazard_closed")),
        sa.CheckConstraint("found_on <= due_on", name=op.f("ck_hazard_due")),
        sa.CheckConstraint("major = (heading IS NOT NULL)", name=op.f("ck_hazard_major_has_a_heading")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_hazard_facility_id")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_hazard_inspection_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_hazard_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hazard")),
    )
    op.create_index("ix_hazard_facility", "hazard", ["facility_id", "found_on"], unique=False)
    op.create_index(op.f("ix_hazard_inspection_id"), "hazard", ["inspection_id"], unique=False)
    op.create_index(
        "ix_hazard_open",
        "hazard",
        ["due_on"],
        unique=False,
        sqlite_where=sa.text("closed_on IS NULL"),
        postgresql_where=sa.text("closed_on IS NULL"),
    )

    op.create_table(
        "inspection_result",
        sa.Column("id", Key, nullable=False),
        sa.Column("inspection_id", Key, nullable=False),
        sa.Column("item_id", Key, nullable=False),
        sa.Column("verdict", sa.String(40), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_result_inspection_id")),
        sa.ForeignKeyConstraint(["item_id"], ["checklist_item.id"], name=op.f("fk_inspection_result_item_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_inspection_result_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_result")),
        sa.UniqueConstraint("inspection_id", "item_id", name=op.f("uq_inspection_result_inspection_id_item_id")),
    )
    op.create_index(op.f("ix_inspection_result_item_id"), "inspection_result", ["item_id"], unique=False)
    op.create_index("ix_inspection_result_verdict", "inspection_result", ["inspection_id", "verdict"], unique=False)

    op.create_table(
        "inspector",
        sa.Column("id", Key, nullable=False),
        sa.Column("inspection_id", Key, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=True),
        sa.Column("certificate", sa.String(length=40), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_inspector_inspection_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_inspector_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspector")),
        sa.UniqueConstraint("inspection_id", "name", name=op.f("uq_inspector_inspection_id_name")),
    )
    op.create_table(
        "upgrade_gap",
        sa.Column("id", Key, nullable=False),
        sa.Column("project_id", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_upgrade_gap_number")),
        sa.ForeignKeyConstraint(["project_id"], ["star_upgrade_project.id"], name=op.f("fk_upgrade_gap_project_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_upgrade_gap_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upgrade_gap")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_upgrade_gap_project_id_number")),
    )
    op.create_table(
        "gap_option",
        sa.Column("id", Key, nullable=False),
        sa.Column("gap_id", Key, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("capability", sa.String(40), nullable=True),
        sa.Column("least", sa.Numeric(precision=6, scale=5), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'CAPABILITY') = (capability IS NOT NULL)", name=op.f("ck_gap_option_capability")),
        sa.CheckConstraint(
            "(kind IN ('NURSING_SHARE', 'CERTIFIED_SHARE')) = (least IS NOT NULL)", name=op.f("ck_gap_option_share")
        ),
        sa.CheckConstraint("least IS NULL OR least BETWEEN 0 AND 1", name=op.f("ck_gap_option_least")),
        sa.ForeignKeyConstraint(["gap_id"], ["upgrade_gap.id"], name=op.f("fk_gap_option_gap_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_gap_option_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_option")),
    )
    op.create_index(op.f("ix_gap_option_gap_id"), "gap_option", ["gap_id"], unique=False)

    op.create_table(
        "rectification",
        sa.Column("id", Key, nullable=False),
        sa.Column("hazard_id", Key, nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("measure", sa.String(length=500), nullable=True),
        sa.Column("responsible", sa.String(length=120), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cost IS NULL OR cost >= 0", name=op.f("ck_rectification_cost_not_negative")),
        sa.CheckConstraint("finished_on IS NULL OR started_on <= finished_on", name=op.f("ck_rectification_finished")),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name=op.f("fk_rectification_hazard_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_rectification_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification")),
    )
    op.create_index("ix_rectification_hazard", "rectification", ["hazard_id", "started_on"], unique=False)
    op.create_index(
        "uq_rectification_open",
        "rectification",
        ["hazard_id"],
        unique=True,
        sqlite_where=sa.text("finished_on IS NULL"),
        postgresql_where=sa.text("finished_on IS NULL"),
    )

    op.create_table(
        "hazard_review",
        sa.Column("id", Key, nullable=False),
        sa.Column("rectification_id", Key, nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("reviewer", sa.String(length=120), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["rectification_id"], ["rectification.id"], name=op.f("fk_hazard_review_rectification_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_hazard_review_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hazard_review")),
    )
    op.create_index("uq_hazard_review_rectification", "hazard_review", ["rectification_id"], unique=True)


def downgrade() -> None:
    """Undo it."""
    op.drop_table("hazard_review")
    op.drop_table("rectification")
    op.drop_table("gap_option")
    op.drop_table("upgrade_gap")
    op.drop_table("inspector")
    op.drop_table("inspection_result")
    op.drop_table("hazard")
    op.drop_table("finding")
    op.drop_table("evaluation_score")
    op.drop_table("unification_item")
    op.drop_table("training_record")
    op.drop_table("star_upgrade_project")
    op.drop_table("staff_post")
    op.drop_table("project")
    op.drop_table("performance_evaluation")
    op.drop_table("inspection")
    op.drop_table("fire_safety")
    op.drop_table("facility_brand")
    op.drop_table("employment")
    op.drop_table("brand")
    op.drop_table("evaluation_criterion")
    op.drop_table("checklist_item")
    op.drop_table("caregiver")
    op.drop_table("evaluation_plan")
    op.drop_table("checklist_template")
