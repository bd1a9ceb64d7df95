"""Subsidies and funds."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0020"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "fund_audit",
        sa.Column("id", Key, nullable=False),
        sa.Column("division_id", Key, nullable=True),
        sa.Column("window_from", sa.Date(), nullable=False),
        sa.Column("window_to", sa.Date(), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("found_new", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_fund_audit_amount_not_negative")),
        sa.CheckConstraint("found IS NULL OR found >= 0", name=op.f("ck_fund_audit_found_not_negative")),
        sa.CheckConstraint("found_new IS NULL OR found_new >= 0", name=op.f("ck_fund_audit_found_new_not_negative")),
        sa.CheckConstraint("window_from < window_to", name=op.f("ck_fund_audit_window")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_fund_audit_division_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_fund_audit_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_audit")),
    )
    op.create_index(op.f("ix_fund_audit_division_id"), "fund_audit", ["division_id"], unique=False)
    op.create_table(
        "fund_source",
        sa.Column("id", Key, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("name_zh", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("division_id", Key, nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_fund_source_division_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_fund_source_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_source")),
        sa.UniqueConstraint("code", name=op.f("uq_fund_source_code")),
    )
    op.create_index(op.f("ix_fund_source_division_id"), "fund_source", ["division_id"], unique=False)
    op.create_table(
        "subsidy_scheme",
        sa.Column("id", Key, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("name_zh", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("legal_basis", sa.String(length=200), nullable=True),
        sa.Column("authority_id", Key, nullable=True),
        sa.Column("stacking", sa.String(40), nullable=False),
        sa.Column("exclusive_group", sa.String(length=40), nullable=True),
        sa.Column("amount_min", sa.BigInteger(), nullable=True),
        sa.Column("amount_max", sa.BigInteger(), nullable=True),
        sa.Column("base", sa.String(40), nullable=True),
        sa.Column("start_effect", sa.String(40), nullable=False),
        sa.Column("credit_months", sa.Integer(), nullable=True),
        sa.Column("publicised", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "stacking <> 'EXCLUSIVE_GROUP' OR exclusive_group IS NOT NULL",
            name=op.f("ck_subsidy_scheme_exclusive_group"),
        ),
        sa.CheckConstraint(
            "amount_max IS NULL OR amount_max >= 0", name=op.f("ck_subsidy_scheme_amount_max_not_negative")
        ),
        sa.CheckConstraint(
            "amount_min IS NULL OR amount_max IS NULL OR amount_min <= amount_max",
            name=op.f("ck_subsidy_scheme_amounts"),
        ),
        sa.CheckConstraint(
            "amount_min IS NULL OR amount_min >= 0", name=op.f("ck_subsidy_scheme_amount_min_not_negative")
        ),
        sa.CheckConstraint("credit_months IS NULL OR credit_months > 0", name=op.f("ck_subsidy_scheme_credit_months")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_subsidy_scheme_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["authority_id"], ["organisation.id"], name=op.f("fk_subsidy_scheme_authority_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_subsidy_scheme_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subsidy_scheme")),
        sa.UniqueConstraint("code", name=op.f("uq_subsidy_scheme_code")),
    )
    op.create_index(op.f("ix_subsidy_scheme_authority_id"), "subsidy_scheme", ["authority_id"], unique=False)
    op.create_table(
        "fund_allocation",
        sa.Column("id", Key, nullable=False),
        sa.Column("source_fund_id", Key, nullable=False),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("scheme_id", Key, nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("allocated_on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_fund_allocation_amount_not_negative")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_fund_allocation_division_id")),
        sa.ForeignKeyConstraint(["scheme_id"], ["subsidy_scheme.id"], name=op.f("fk_fund_allocation_scheme_id")),
        sa.ForeignKeyConstraint(["source_fund_id"], ["fund_source.id"], name=op.f("fk_fund_allocation_source_fund_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_fund_allocation_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_allocation")),
    )
    op.create_index(op.f("ix_fund_allocation_division_id"), "fund_allocation", ["division_id"], unique=False)
    op.create_index(op.f("ix_fund_allocation_scheme_id"), "fund_allocation", ["scheme_id"], unique=False)
    op.create_index(op.f("ix_fund_allocation_source_fund_id"), "fund_allocation", ["source_fund_id"], unique=False)
    op.create_index("ix_fund_allocation_year", "fund_allocation", ["year", "source_fund_id"], unique=False)
    op.create_table(
        "scheme_division",
        sa.Column("id", Key, nullable=False),
        sa.Column("scheme_id", Key, nullable=False),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_scheme_division_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_scheme_division_division_id")),
        sa.ForeignKeyConstraint(["scheme_id"], ["subsidy_scheme.id"], name=op.f("fk_scheme_division_scheme_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_scheme_division_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_division")),
    )
    op.create_index(op.f("ix_scheme_division_division_id"), "scheme_division", ["division_id"], unique=False)
    op.create_index(
        "ix_scheme_division_scheme", "scheme_division", ["scheme_id", "division_id", "valid_from"], unique=False
    )
    op.create_table(
        "service_account",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("scheme_id", Key, nullable=False),
        sa.Column("bank_account", sa.LargeBinary(), nullable=True),
        sa.Column("bank_tail", sa.String(length=4), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "closed_on IS NULL OR opened_on < closed_on", name=op.f("ck_service_account_opened_on_before_closed_on")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_service_account_person_id")),
        sa.ForeignKeyConstraint(["scheme_id"], ["subsidy_scheme.id"], name=op.f("fk_service_account_scheme_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_service_account_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_account")),
    )
    op.create_index("ix_service_account_person", "service_account", ["person_id", "scheme_id"], unique=False)
    op.create_index(op.f("ix_service_account_scheme_id"), "service_account", ["scheme_id"], unique=False)
    op.create_index(
        "uq_service_account_open",
        "service_account",
        ["person_id", "scheme_id"],
        unique=True,
        sqlite_where=sa.text("closed_on IS NULL"),
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_table(
        "stop_rule",
        sa.Column("id", Key, nullable=False),
        sa.Column("scheme_id", Key, nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("effect", sa.String(40), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_stop_rule_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["subsidy_scheme.id"], name=op.f("fk_stop_rule_scheme_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_stop_rule_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_rule")),
    )
    op.create_index("ix_stop_rule_scheme", "stop_rule", ["scheme_id", "event", "valid_from"], unique=False)
    op.create_index(
        "uq_stop_rule_open",
        "stop_rule",
        ["scheme_id", "event"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_table(
        "subsidy_tier",
        sa.Column("id", Key, nullable=False),
        sa.Column("scheme_id", Key, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("amount_min", sa.BigInteger(), nullable=False),
        sa.Column("amount_max", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_min <= amount AND amount <= amount_max", name=op.f("ck_subsidy_tier_amounts")),
        sa.CheckConstraint(
            "amount_min IS NULL OR amount_min >= 0", name=op.f("ck_subsidy_tier_amount_min_not_negative")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_subsidy_tier_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["subsidy_scheme.id"], name=op.f("fk_subsidy_tier_scheme_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_subsidy_tier_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subsidy_tier")),
    )
    op.create_index("ix_subsidy_tier_scheme", "subsidy_tier", ["scheme_id", "code", "valid_from"], unique=False)
    op.create_table(
        "disbursement_batch",
        sa.Column("id", Key, nullable=False),
        sa.Column("scheme_id", Key, nullable=False),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("month_to", sa.Date(), nullable=False),
        sa.Column("allocation_id", Key, nullable=True),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("calculated_on", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("month < month_to", name=op.f("ck_disbursement_batch_month")),
        sa.CheckConstraint("people IS NULL OR people >= 0", name=op.f("ck_disbursement_batch_people_not_negative")),
        sa.CheckConstraint("total IS NULL OR total >= 0", name=op.f("ck_disbursement_batch_total_not_negative")),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["fund_allocation.id"], name=op.f("fk_disbursement_batch_allocation_id")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_disbursement_batch_division_id")),
        sa.ForeignKeyConstraint(["scheme_id"], ["subsidy_scheme.id"], name=op.f("fk_disbursement_batch_scheme_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_disbursement_batch_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disbursement_batch")),
        sa.UniqueConstraint(
            "scheme_id", "division_id", "month", name=op.f("uq_disbursement_batch_scheme_id_division_id_month")
        ),
    )
    op.create_index(op.f("ix_disbursement_batch_allocation_id"), "disbursement_batch", ["allocation_id"], unique=False)
    op.create_index(op.f("ix_disbursement_batch_division_id"), "disbursement_batch", ["division_id"], unique=False)
    op.create_index("ix_disbursement_batch_paid", "disbursement_batch", ["paid_on"], unique=False)
    op.create_table(
        "eligibility_rule",
        sa.Column("id", Key, nullable=False),
        sa.Column("tier_id", Key, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("name_zh", sa.String(length=160), nullable=False),
        sa.Column("category", sa.String(40), nullable=True),
        sa.Column("subtype", sa.String(length=60), nullable=True),
        sa.Column("level_min", sa.Integer(), nullable=True),
        sa.Column("level_max", sa.Integer(), nullable=True),
        sa.Column("age_min", sa.Integer(), nullable=True),
        sa.Column("age_max", sa.Integer(), nullable=True),
        sa.Column("self_care", sa.String(40), nullable=True),
        sa.Column("support_mode", sa.String(40), nullable=True),
        sa.Column("basis", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("age_max IS NULL OR age_max >= 0", name=op.f("ck_eligibility_rule_age_max_not_negative")),
        sa.CheckConstraint("age_min IS NULL OR age_min >= 0", name=op.f("ck_eligibility_rule_age_min_not_negative")),
        sa.CheckConstraint(
            "level_max IS NULL OR level_max BETWEEN 0 AND 4", name=op.f("ck_eligibility_rule_level_max")
        ),
        sa.CheckConstraint(
            "level_min IS NULL OR level_min BETWEEN 0 AND 4", name=op.f("ck_eligibility_rule_level_min")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_eligibility_rule_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_eligibility_rule_source_id")),
        sa.ForeignKeyConstraint(["tier_id"], ["subsidy_tier.id"], name=op.f("fk_eligibility_rule_tier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_rule")),
    )
    op.create_index("ix_eligibility_rule_tier", "eligibility_rule", ["tier_id", "code", "valid_from"], unique=False)
    op.create_table(
        "grant_award",
        sa.Column("id", Key, nullable=False),
        sa.Column("scheme_id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=True),
        sa.Column("organisation_id", Key, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("allocation_id", Key, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(facility_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_grant_award_one_recipient")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_grant_award_amount")),
        sa.CheckConstraint("paid_on IS NULL OR decided_on <= paid_on", name=op.f("ck_grant_award_decided_before_paid")),
        sa.ForeignKeyConstraint(["allocation_id"], ["fund_allocation.id"], name=op.f("fk_grant_award_allocation_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_grant_award_facility_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_grant_award_organisation_id")),
        sa.ForeignKeyConstraint(["scheme_id"], ["subsidy_scheme.id"], name=op.f("fk_grant_award_scheme_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_grant_award_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_award")),
    )
    op.create_index(op.f("ix_grant_award_allocation_id"), "grant_award", ["allocation_id"], unique=False)
    op.create_index(op.f("ix_grant_award_facility_id"), "grant_award", ["facility_id"], unique=False)
    op.create_index(op.f("ix_grant_award_organisation_id"), "grant_award", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_grant_award_scheme_id"), "grant_award", ["scheme_id"], unique=False)
    op.create_table(
        "batch_approval",
        sa.Column("id", Key, nullable=False),
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("approver", sa.String(length=120), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["disbursement_batch.id"], name=op.f("fk_batch_approval_batch_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_batch_approval_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_approval")),
    )
    op.create_index("ix_batch_approval_batch", "batch_approval", ["batch_id", "step"], unique=False)
    op.create_table(
        "entitlement",
        sa.Column("id", Key, nullable=False),
        sa.Column("scheme_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("tier_id", Key, nullable=False),
        sa.Column("rule_id", Key, nullable=False),
        sa.Column("monthly_amount", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("end_event", sa.String(40), nullable=True),
        sa.Column("paid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("monthly_amount > 0", name=op.f("ck_entitlement_monthly_amount")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_entitlement_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_entitlement_person_id")),
        sa.ForeignKeyConstraint(["rule_id"], ["eligibility_rule.id"], name=op.f("fk_entitlement_rule_id")),
        sa.ForeignKeyConstraint(["scheme_id"], ["subsidy_scheme.id"], name=op.f("fk_entitlement_scheme_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_entitlement_source_id")),
        sa.ForeignKeyConstraint(["tier_id"], ["subsidy_tier.id"], name=op.f("fk_entitlement_tier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entitlement")),
    )
    op.create_index("ix_entitlement_person", "entitlement", ["person_id", "scheme_id", "valid_from"], unique=False)
    op.create_index(op.f("ix_entitlement_rule_id"), "entitlement", ["rule_id"], unique=False)
    op.create_index("ix_entitlement_scheme", "entitlement", ["scheme_id", "valid_from", "valid_to"], unique=False)
    op.create_index(op.f("ix_entitlement_tier_id"), "entitlement", ["tier_id"], unique=False)
    op.create_index(
        "uq_entitlement_open",
        "entitlement",
        ["person_id", "scheme_id", "tier_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_table(
        "reconciliation",
        sa.Column("id", Key, nullable=False),
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("actual", sa.BigInteger(), nullable=False),
        sa.Column("difference", sa.BigInteger(), nullable=False),
        sa.Column("compared_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("actual IS NULL OR actual >= 0", name=op.f("ck_reconciliation_actual_not_negative")),
        sa.CheckConstraint("difference = actual - expected", name=op.f("ck_reconciliation_difference")),
        sa.CheckConstraint("expected IS NULL OR expected >= 0", name=op.f("ck_reconciliation_expected_not_negative")),
        sa.ForeignKeyConstraint(["batch_id"], ["disbursement_batch.id"], name=op.f("fk_reconciliation_batch_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_reconciliation_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
        sa.UniqueConstraint("batch_id", name=op.f("uq_reconciliation_batch_id")),
    )
    op.create_table(
        "disbursement_line",
        sa.Column("id", Key, nullable=False),
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("entitlement_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("explanation_zh", sa.Text(), nullable=False),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_disbursement_line_amount_not_negative")),
        sa.CheckConstraint("days BETWEEN 0 AND 31", name=op.f("ck_disbursement_line_days")),
        sa.ForeignKeyConstraint(["batch_id"], ["disbursement_batch.id"], name=op.f("fk_disbursement_line_batch_id")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_disbursement_line_division_id")),
        sa.ForeignKeyConstraint(
            ["entitlement_id"], ["entitlement.id"], name=op.f("fk_disbursement_line_entitlement_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_disbursement_line_person_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_disbursement_line_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disbursement_line")),
        sa.UniqueConstraint("entitlement_id", "month", name=op.f("uq_disbursement_line_entitlement_id_month")),
    )
    op.create_index(op.f("ix_disbursement_line_batch_id"), "disbursement_line", ["batch_id"], unique=False)
    op.create_index(op.f("ix_disbursement_line_division_id"), "disbursement_line", ["division_id"], unique=False)
    op.create_index(op.f("ix_disbursement_line_person_id"), "disbursement_line", ["person_id"], unique=False)
    op.create_index("ix_disbursement_line_person_month", "disbursement_line", ["person_id", "month"], unique=False)
    op.create_table(
        "account_transaction",
        sa.Column("id", Key, nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("delta", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("line_id", Key, nullable=True),
        sa.Column("order_id", Key, nullable=True),
        sa.Column("reverses_id", Key, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'REVERSE') = (reverses_id IS NOT NULL)", name=op.f("ck_account_transaction_reverses")
        ),
        sa.CheckConstraint("kind = 'ADJUST' OR amount > 0", name=op.f("ck_account_transaction_amount")),
        sa.CheckConstraint(
            "order_id IS NULL OR kind IN ('CONSUME', 'REVERSE')", name=op.f("ck_account_transaction_order")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_account_transaction_order_id")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_account_transaction_not_zero")),
        sa.ForeignKeyConstraint(["account_id"], ["service_account.id"], name=op.f("fk_account_transaction_account_id")),
        sa.ForeignKeyConstraint(["line_id"], ["disbursement_line.id"], name=op.f("fk_account_transaction_line_id")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["account_transaction.id"], name=op.f("fk_account_transaction_reverses_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_account_transaction_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_transaction")),
        sa.UniqueConstraint("line_id", name=op.f("uq_account_transaction_line_id")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_account_transaction_reverses_id")),
    )
    op.create_index(
        "ix_account_transaction_account", "account_transaction", ["account_id", "happened_on"], unique=False
    )
    op.create_index("ix_account_transaction_day", "account_transaction", ["happened_on", "kind"], unique=False)
    op.create_index(op.f("ix_account_transaction_order_id"), "account_transaction", ["order_id"], unique=False)
    op.create_table(
        "reconciliation_difference",
        sa.Column("id", Key, nullable=False),
        sa.Column("reconciliation_id", Key, nullable=False),
        sa.Column("line_id", Key, nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("actual", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "actual IS NULL OR actual >= 0", name=op.f("ck_reconciliation_difference_actual_not_negative")
        ),
        sa.CheckConstraint("expected <> actual", name=op.f("ck_reconciliation_difference_differs")),
        sa.CheckConstraint(
            "expected IS NULL OR expected >= 0", name=op.f("ck_reconciliation_difference_expected_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["disbursement_line.id"], name=op.f("fk_reconciliation_difference_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["reconciliation_id"], ["reconciliation.id"], name=op.f("fk_reconciliation_difference_reconciliation_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_reconciliation_difference_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_difference")),
        sa.UniqueConstraint(
            "reconciliation_id", "line_id", name=op.f("uq_reconciliation_difference_reconciliation_id_line_id")
        ),
    )
    op.create_index(
        op.f("ix_reconciliation_difference_line_id"), "reconciliation_difference", ["line_id"], unique=False
    )
    op.create_index(
        op.f("ix_reconciliation_difference_reconciliation_id"),
        "reconciliation_difference",
        ["reconciliation_id"],
        unique=False,
    )
    op.create_table(
        "fund_issue",
        sa.Column("id", Key, nullable=False),
        sa.Column("audit_id", Key, nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("fingerprint", sa.String(length=80), nullable=False),
        sa.Column("scheme_id", Key, nullable=True),
        sa.Column("source_fund_id", Key, nullable=True),
        sa.Column("division_id", Key, nullable=True),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("line_id", Key, nullable=True),
        sa.Column("transaction_id", Key, nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("recovered", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("corrected_on", sa.Date(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("explanation_zh", sa.Text(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_fund_issue_amount_not_negative")),
        sa.CheckConstraint("recovered <= amount", name=op.f("ck_fund_issue_recovered")),
        sa.CheckConstraint("recovered IS NULL OR recovered >= 0", name=op.f("ck_fund_issue_recovered_not_negative")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_fund_issue_division_id")),
        sa.ForeignKeyConstraint(["audit_id"], ["fund_audit.id"], name=op.f("fk_fund_issue_audit_id")),
        sa.ForeignKeyConstraint(["line_id"], ["disbursement_line.id"], name=op.f("fk_fund_issue_line_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_fund_issue_person_id")),
        sa.ForeignKeyConstraint(["scheme_id"], ["subsidy_scheme.id"], name=op.f("fk_fund_issue_scheme_id")),
        sa.ForeignKeyConstraint(["source_fund_id"], ["fund_source.id"], name=op.f("fk_fund_issue_source_fund_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_fund_issue_source_id")),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["account_transaction.id"], name=op.f("fk_fund_issue_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_issue")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_fund_issue_fingerprint")),
    )
    op.create_index(op.f("ix_fund_issue_division_id"), "fund_issue", ["division_id"], unique=False)
    op.create_index(op.f("ix_fund_issue_audit_id"), "fund_issue", ["audit_id"], unique=False)
    op.create_index(op.f("ix_fund_issue_line_id"), "fund_issue", ["line_id"], unique=False)
    op.create_index(op.f("ix_fund_issue_person_id"), "fund_issue", ["person_id"], unique=False)
    op.create_index(op.f("ix_fund_issue_scheme_id"), "fund_issue", ["scheme_id"], unique=False)
    op.create_index(op.f("ix_fund_issue_source_fund_id"), "fund_issue", ["source_fund_id"], unique=False)
    op.create_index("ix_fund_issue_status", "fund_issue", ["status", "kind"], unique=False)
    op.create_index(op.f("ix_fund_issue_transaction_id"), "fund_issue", ["transaction_id"], unique=False)


def downgrade() -> None:
    """Undo it."""
    op.drop_table("fund_issue")
    op.drop_table("reconciliation_difference")
    op.drop_table("account_transaction")
    op.drop_table("disbursement_line")
    op.drop_table("reconciliation")
    op.drop_table("entitlement")
    op.drop_table("batch_approval")
    op.drop_table("grant_award")
    op.drop_table("eligibility_rule")
    op.drop_table("disbursement_batch")
    op.drop_table("subsidy_tier")
    op.drop_table("stop_rule")
    op.drop_table("service_account")
    op.drop_table("scheme_division")
    op.drop_table("fund_allocation")
    op.drop_table("subsidy_scheme")
    op.drop_table("fund_source")
    op.drop_table("fund_audit")
