"""Ratings are given to caregivers too, and the way to a rating has its days."""

from typing import Any

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

STEPS = ("applied_on", "self_assessed_on", "reviewed_on", "publicised_on")


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("rating", copy_from=_before(), naming_convention=NAMING) as batch:
        batch.alter_column("facility_id", existing_type=Key, nullable=True)
        batch.alter_column("issued_on", existing_type=sa.Date(), nullable=True)
        batch.add_column(sa.Column("caregiver_id", Key, nullable=True))
        for name in STEPS:
            batch.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch.add_column(sa.Column("revoke_reason", sa.String(length=300), nullable=True))
        batch.create_foreign_key(op.f("fk_rating_caregiver_id"), "caregiver", ["caregiver_id"], ["id"])
        batch.create_check_constraint(op.f("ck_rating_one_subject"), ONE_SUBJECT)
        batch.create_check_constraint(op.f("ck_rating_given"), GIVEN)
    op.create_index(op.f("ix_rating_caregiver_id"), "rating", ["caregiver_id"], unique=False)


def downgrade() -> None:
    """Undo it; what an older registry cannot hold is gone: ratings of caregivers and those not given yet."""
    op.execute("DELETE FROM rating WHERE facility_id IS NULL OR issued_on IS NULL")
    op.drop_index(op.f("ix_rating_caregiver_id"), table_name="rating")
    with op.batch_alter_table("rating", copy_from=_after(), naming_convention=NAMING) as batch:
        batch.drop_constraint(op.f("ck_rating_given"), type_="check")
        batch.drop_constraint(op.f("ck_rating_one_subject"), type_="check")
        batch.drop_constraint(op.f("fk_rating_caregiver_id"), type_="foreignkey")
        for name in ("caregiver_id", *STEPS, "revoke_reason"):
            batch.drop_column(name)
        batch.alter_column("issued_on", existing_type=sa.Date(), nullable=False)
        batch.alter_column("facility_id", existing_type=Key, nullable=False)


ONE_SUBJECT = "(facility_id IS NULL) <> (caregiver_id IS NULL)"
GIVEN = "status NOT IN ('VALID', 'REVOKED') OR issued_on IS NOT NULL"
NAMING = {"ck": "%(constraint_name)s"}


def _before() -> sa.Table:
    """The table as it was: SQLite makes it anew, and would forget constraints that nobody names."""
    return sa.Table("rating", sa.MetaData(), *_columns(given=False), *_constraints(), *_indexes())


def _after() -> sa.Table:
    """The table as it is now."""
    more: list[sa.Column[Any] | sa.Constraint] = [
        sa.Column("caregiver_id", Key, nullable=True),
        *(sa.Column(name, sa.Date(), nullable=True) for name in STEPS),
        sa.Column("revoke_reason", sa.String(length=300), nullable=True),
        sa.CheckConstraint(ONE_SUBJECT, name="ck_rating_one_subject"),
        sa.CheckConstraint(GIVEN, name="ck_rating_given"),
        sa.ForeignKeyConstraint(["caregiver_id"], ["caregiver.id"], name="fk_rating_caregiver_id"),
    ]
    return sa.Table("rating", sa.MetaData(), *_columns(given=True), *_constraints(), *more, *_indexes())


def _columns(*, given: bool) -> list[sa.Column[Any]]:
    return [
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=given),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("score", sa.Numeric(precision=7, scale=2), nullable=True),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("issuer_id", Key, nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=given),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _constraints() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint("level IS NULL OR level >= 0", name="ck_rating_level_not_negative"),
        sa.CheckConstraint("score IS NULL OR score >= 0", name="ck_rating_score_not_negative"),
        sa.CheckConstraint("valid_to IS NULL OR issued_on < valid_to", name="ck_rating_issued_on_before_valid_to"),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name="fk_rating_facility_id"),
        sa.ForeignKeyConstraint(["issuer_id"], ["division.id"], name="fk_rating_issuer_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_rating_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rating"),
    ]


def _indexes() -> list[sa.Index]:
    return [
        sa.Index("ix_rating_facility", "facility_id", "scheme", "issued_on"),
        sa.Index("ix_rating_issuer_id", "issuer_id"),
    ]
