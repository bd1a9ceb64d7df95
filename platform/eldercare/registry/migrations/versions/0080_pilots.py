"""Policy documents, pilots and the experiences they gave."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "policy_document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("division_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("issuer", sa.String(length=120), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("supersedes_id IS NULL OR supersedes_id <> id", name=op.f("ck_policy_document_not_itself")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_policy_document_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_policy_document_division_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_policy_document_source_id")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["policy_document.id"], name=op.f("fk_policy_document_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_document")),
        sa.UniqueConstraint("code", name=op.f("uq_policy_document_code")),
    )
    op.create_index(op.f("ix_policy_document_division_id"), "policy_document", ["division_id"], unique=False)
    op.create_index(op.f("ix_policy_document_supersedes_id"), "policy_document", ["supersedes_id"], unique=False)
    op.create_table(
        "pilot",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("theme", sa.String(40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["policy_document.id"], name=op.f("fk_pilot_document_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_pilot_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot")),
        sa.UniqueConstraint("code", name=op.f("uq_pilot_code")),
    )
    op.create_index(op.f("ix_pilot_document_id"), "pilot", ["document_id"], unique=False)
    op.create_table(
        "plan_measure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("aspect", sa.Integer(), nullable=False),
        sa.Column("aspect_name", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=500), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("aspect >= 1", name=op.f("ck_plan_measure_aspect")),
        sa.ForeignKeyConstraint(["document_id"], ["policy_document.id"], name=op.f("fk_plan_measure_document_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_plan_measure_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_measure")),
    )
    op.create_index("uq_plan_measure", "plan_measure", ["document_id", "aspect", "number"], unique=True)
    op.create_table(
        "policy_addressee",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("division_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_policy_addressee_division_id")),
        sa.ForeignKeyConstraint(["document_id"], ["policy_document.id"], name=op.f("fk_policy_addressee_document_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_policy_addressee_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_addressee")),
        sa.UniqueConstraint("document_id", "name", name=op.f("uq_policy_addressee_document_id_name")),
    )
    op.create_index(op.f("ix_policy_addressee_division_id"), "policy_addressee", ["division_id"], unique=False)
    op.create_table(
        "experience_call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pilot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("longest", sa.Integer(), nullable=False),
        sa.Column("selects", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("0 <= least AND least <= most", name=op.f("ck_experience_call_least_to_most")),
        sa.CheckConstraint("longest > 0", name=op.f("ck_experience_call_longest")),
        sa.CheckConstraint("selects IS NULL OR selects >= 0", name=op.f("ck_experience_call_selects_not_negative")),
        sa.ForeignKeyConstraint(["document_id"], ["policy_document.id"], name=op.f("fk_experience_call_document_id")),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_experience_call_pilot_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_experience_call_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experience_call")),
    )
    op.create_index(op.f("ix_experience_call_document_id"), "experience_call", ["document_id"], unique=False)
    op.create_index(op.f("ix_experience_call_pilot_id"), "experience_call", ["pilot_id"], unique=False)
    op.create_table(
        "pilot_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pilot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("named_on", sa.Date(), nullable=True),
        sa.Column("regions_claimed", sa.Integer(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_pilot_batch_number")),
        sa.CheckConstraint(
            "regions_claimed IS NULL OR regions_claimed >= 0", name=op.f("ck_pilot_batch_regions_claimed_not_negative")
        ),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_pilot_batch_pilot_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_pilot_batch_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_batch")),
        sa.UniqueConstraint("pilot_id", "number", name=op.f("uq_pilot_batch_pilot_id_number")),
    )
    op.create_table(
        "pilot_summary",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pilot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("division_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("practices", sa.Text(), nullable=True),
        sa.Column("achievements", sa.Text(), nullable=True),
        sa.Column("difficulties", sa.Text(), nullable=True),
        sa.Column("next_steps", sa.Text(), nullable=True),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status <> 'SUBMITTED' OR submitted_at IS NOT NULL", name=op.f("ck_pilot_summary_submitted")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_pilot_summary_division_id")),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_pilot_summary_pilot_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_pilot_summary_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_summary")),
        sa.UniqueConstraint("pilot_id", "division_id", "year", name=op.f("uq_pilot_summary_pilot_id_division_id_year")),
    )
    op.create_index(op.f("ix_pilot_summary_division_id"), "pilot_summary", ["division_id"], unique=False)
    op.create_index(
        "ix_pilot_summary_submitted",
        "pilot_summary",
        ["pilot_id", "division_id"],
        unique=False,
        sqlite_where=sa.text("submitted_at IS NOT NULL"),
        postgresql_where=sa.text("submitted_at IS NOT NULL"),
    )
    op.create_table(
        "pilot_region",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("division_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["pilot_batch.id"], name=op.f("fk_pilot_region_batch_id")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_pilot_region_division_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_pilot_region_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_region")),
        sa.UniqueConstraint("batch_id", "name", name=op.f("uq_pilot_region_batch_id_name")),
    )
    op.create_index("ix_pilot_region_division", "pilot_region", ["division_id"], unique=False)
    op.create_table(
        "experience_case",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("division_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("region_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("headline", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("first_in_province", sa.Boolean(), nullable=False),
        sa.Column("basic_information", sa.Text(), nullable=True),
        sa.Column("main_methods", sa.Text(), nullable=True),
        sa.Column("results", sa.Text(), nullable=True),
        sa.Column("enlightenment", sa.Text(), nullable=True),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind <> 'TYPICAL_CASE' OR region_id IS NOT NULL", name=op.f("ck_experience_case_region")),
        sa.CheckConstraint("status = 'DRAFT' OR submitted_at IS NOT NULL", name=op.f("ck_experience_case_submitted")),
        sa.ForeignKeyConstraint(["author_id"], ["organisation.id"], name=op.f("fk_experience_case_author_id")),
        sa.ForeignKeyConstraint(["call_id"], ["experience_call.id"], name=op.f("fk_experience_case_call_id")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_experience_case_division_id")),
        sa.ForeignKeyConstraint(["region_id"], ["pilot_region.id"], name=op.f("fk_experience_case_region_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_experience_case_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experience_case")),
    )
    op.create_index(op.f("ix_experience_case_author_id"), "experience_case", ["author_id"], unique=False)
    op.create_index("ix_experience_case_call", "experience_case", ["call_id", "division_id", "status"], unique=False)
    op.create_index(op.f("ix_experience_case_region_id"), "experience_case", ["region_id"], unique=False)
    op.create_table(
        "case_approval",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("side", sa.String(40), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("approver", sa.String(length=120), nullable=False),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["experience_case.id"], name=op.f("fk_case_approval_case_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_case_approval_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_approval")),
        sa.UniqueConstraint("case_id", "side", name=op.f("uq_case_approval_case_id_side")),
    )
    op.create_table(
        "case_promotion",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("promoted_on", sa.Date(), nullable=False),
        sa.Column("way", sa.String(length=200), nullable=False),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["experience_case.id"], name=op.f("fk_case_promotion_case_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_case_promotion_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_promotion")),
    )
    op.create_index(op.f("ix_case_promotion_case_id"), "case_promotion", ["case_id"], unique=False)
    op.create_table(
        "case_review",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reviewer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("facts", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("demonstrative", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("replicable", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("innovative", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("remarks", sa.String(length=500), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("demonstrative >= 0 AND demonstrative <= 100", name=op.f("ck_case_review_demonstrative")),
        sa.CheckConstraint("facts >= 0 AND facts <= 100", name=op.f("ck_case_review_facts")),
        sa.CheckConstraint("innovative >= 0 AND innovative <= 100", name=op.f("ck_case_review_innovative")),
        sa.CheckConstraint("replicable >= 0 AND replicable <= 100", name=op.f("ck_case_review_replicable")),
        sa.ForeignKeyConstraint(["case_id"], ["experience_case.id"], name=op.f("fk_case_review_case_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["organisation.id"], name=op.f("fk_case_review_reviewer_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_case_review_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_review")),
        sa.UniqueConstraint("case_id", "reviewer_id", name=op.f("uq_case_review_case_id_reviewer_id")),
    )
    op.create_index(op.f("ix_case_review_reviewer_id"), "case_review", ["reviewer_id"], unique=False)


def downgrade() -> None:
    """Undo it."""
    op.drop_table("case_review")
    op.drop_table("case_promotion")
    op.drop_table("case_approval")
    op.drop_table("experience_case")
    op.drop_table("pilot_region")
    op.drop_table("pilot_summary")
    op.drop_table("pilot_batch")
    op.drop_table("experience_call")
    op.drop_table("policy_addressee")
    op.drop_table("plan_measure")
    op.drop_table("pilot")
    op.drop_table("policy_document")
