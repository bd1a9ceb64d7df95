"""Sources and people."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "change",
        sa.Column("number", Key, nullable=False),
        sa.Column("transaction", sa.BigInteger(), nullable=False),
        sa.Column("noun", sa.String(length=60), nullable=False),
        sa.Column("key", Key, nullable=False),
        sa.Column("last_key", Key, nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("source_id", Key, nullable=True),
        sa.Column("request_id", sa.String(length=80), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_change")),
    )
    op.create_index("ix_change_position", "change", ["transaction", "number"], unique=False)
    op.create_index("ix_change_record", "change", ["noun", "key"], unique=False)

    op.create_table(
        "idempotency_key",
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("author", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "source",
        sa.Column("id", Key, nullable=False),
        sa.Column("system", sa.String(length=80), nullable=False),
        sa.Column("document", sa.String(length=300), nullable=True),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("licence", sa.String(length=120), nullable=True),
        sa.Column("collection_method", sa.String(40), nullable=False),
        sa.Column("reported_by", sa.String(length=12), nullable=True),
        sa.Column("import_batch", sa.String(length=80), nullable=True),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    op.create_index(op.f("ix_source_import_batch"), "source", ["import_batch"], unique=False)

    op.create_table(
        "division",
        sa.Column("id", Key, nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("gb2260", sa.String(length=6), nullable=True),
        sa.Column("urban_rural", sa.String(40), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("parent_id", Key, nullable=True),
        sa.Column(
            "path",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(code) = 12", name=op.f("ck_division_code_length")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_division_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["division.id"], name=op.f("fk_division_parent_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_division_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division")),
        sa.UniqueConstraint("level", "code", "valid_from", name=op.f("uq_division_level_code_valid_from")),
    )
    op.create_index(op.f("ix_division_parent_id"), "division", ["parent_id"], unique=False)
    op.create_index("ix_division_path", "division", ["path"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("sex", sa.String(40), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("birth_date_estimated", sa.Boolean(), nullable=False),
        sa.Column("id_type", sa.String(40), nullable=False),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("id_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("id_prefix", sa.String(length=6), nullable=True),
        sa.Column("ethnicity", sa.String(length=2), nullable=True),
        sa.Column("marital_status", sa.String(40), nullable=True),
        sa.Column("education", sa.String(40), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("emergency_contact", sa.LargeBinary(), nullable=True),
        sa.Column("deceased_on", sa.Date(), nullable=True),
        sa.Column("merged_into_id", Key, nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "deceased_on IS NULL OR birth_date <= deceased_on", name=op.f("ck_person_birth_before_death")
        ),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR merged_into_id <> id", name=op.f("ck_person_not_merged_into_itself")
        ),
        sa.ForeignKeyConstraint(["merged_into_id"], ["person.id"], name=op.f("fk_person_merged_into_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_person_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index(op.f("ix_person_birth_date"), "person", ["birth_date"], unique=False)
    op.create_index(op.f("ix_person_merged_into_id"), "person", ["merged_into_id"], unique=False)
    op.create_index(
        "uq_person_id_number",
        "person",
        ["id_type", "id_digest"],
        unique=True,
        sqlite_where=sa.text("merged_into_id IS NULL AND id_digest IS NOT NULL"),
        postgresql_where=sa.text("merged_into_id IS NULL AND id_digest IS NOT NULL"),
    )

    op.create_table(
        "division_successor",
        sa.Column("id", Key, nullable=False),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("successor_id", Key, nullable=False),
        sa.Column("share", sa.Numeric(precision=6, scale=5), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("share IS NULL OR (share > 0 AND share <= 1)", name=op.f("ck_division_successor_share")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_division_successor_division_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_division_successor_source_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["division.id"], name=op.f("fk_division_successor_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division_successor")),
        sa.UniqueConstraint("division_id", "successor_id", name=op.f("uq_division_successor_division_id_successor_id")),
    )
    op.create_index(op.f("ix_division_successor_division_id"), "division_successor", ["division_id"], unique=False)
    op.create_index(op.f("ix_division_successor_successor_id"), "division_successor", ["successor_id"], unique=False)

    op.create_table(
        "living_arrangement",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("children_count", sa.Integer(), nullable=True),
        sa.Column("children_nearby", sa.Boolean(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "children_count IS NULL OR children_count >= 0",
            name=op.f("ck_living_arrangement_children_count_not_negative"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_living_arrangement_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_living_arrangement_person_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_living_arrangement_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_living_arrangement")),
    )
    op.create_index("ix_living_arrangement_person", "living_arrangement", ["person_id", "valid_from"], unique=False)
    op.create_index(
        "uq_living_arrangement_open",
        "living_arrangement",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "organisation",
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("brand", sa.String(length=80), nullable=True),
        sa.Column("division_id", Key, nullable=True),
        sa.Column("parent_id", Key, nullable=True),
        sa.Column("legal_representative", sa.LargeBinary(), nullable=True),
        sa.Column("registration_authority", sa.String(length=120), nullable=True),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column("dissolved_on", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "dissolved_on IS NULL OR established_on < dissolved_on",
            name=op.f("ck_organisation_established_on_before_dissolved_on"),
        ),
        sa.CheckConstraint("uscc IS NULL OR length(uscc) = 18", name=op.f("ck_organisation_uscc_length")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_organisation_division_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["organisation.id"], name=op.f("fk_organisation_parent_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_organisation_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_index(op.f("ix_organisation_division_id"), "organisation", ["division_id"], unique=False)
    op.create_index(op.f("ix_organisation_parent_id"), "organisation", ["parent_id"], unique=False)
    op.create_index(
        "uq_organisation_uscc",
        "organisation",
        ["uscc"],
        unique=True,
        sqlite_where=sa.text("uscc IS NOT NULL"),
        postgresql_where=sa.text("uscc IS NOT NULL"),
    )

    op.create_table(
        "residence",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("base", sa.String(40), nullable=False),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_residence_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_residence_division_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_residence_person_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_residence_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residence")),
    )
    op.create_index(
        "ix_residence_division",
        "residence",
        ["division_id", "base", "valid_from", "valid_to", "person_id"],
        unique=False,
    )
    op.create_index("ix_residence_person", "residence", ["person_id", "base", "valid_from"], unique=False)
    op.create_index(
        "uq_residence_open",
        "residence",
        ["person_id", "base"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "group_membership",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("determination", sa.String(40), nullable=False),
        sa.Column("authority_id", Key, nullable=True),
        sa.Column("basis", sa.String(length=200), nullable=True),
        sa.Column("evidence", sa.String(length=500), nullable=True),
        sa.Column("subtype", sa.String(length=60), nullable=True),
        sa.Column("support_mode", sa.String(40), nullable=True),
        sa.Column("self_care", sa.String(40), nullable=True),
        sa.Column("next_review_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(40), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_group_membership_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["authority_id"], ["organisation.id"], name=op.f("fk_group_membership_authority_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_group_membership_person_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_group_membership_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_membership")),
    )
    op.create_index(
        "ix_group_membership_category",
        "group_membership",
        ["category", "valid_from", "valid_to", "person_id"],
        unique=False,
    )
    op.create_index(
        "ix_group_membership_person", "group_membership", ["person_id", "category", "valid_from"], unique=False
    )
    op.create_index(
        "uq_group_membership_open",
        "group_membership",
        ["person_id", "category"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL AND status <> 'REJECTED'"),
        postgresql_where=sa.text("valid_to IS NULL AND status <> 'REJECTED'"),
    )

    op.create_table(
        "organisation_membership",
        sa.Column("id", Key, nullable=False),
        sa.Column("group_id", Key, nullable=False),
        sa.Column("member_id", Key, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("group_id <> member_id", name=op.f("ck_organisation_membership_not_its_own_member")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to",
            name=op.f("ck_organisation_membership_valid_from_before_valid_to"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["organisation.id"], name=op.f("fk_organisation_membership_group_id")),
        sa.ForeignKeyConstraint(["member_id"], ["organisation.id"], name=op.f("fk_organisation_membership_member_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_organisation_membership_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_membership")),
    )
    op.create_index(op.f("ix_organisation_membership_group_id"), "organisation_membership", ["group_id"], unique=False)
    op.create_index(
        op.f("ix_organisation_membership_member_id"), "organisation_membership", ["member_id"], unique=False
    )
    op.create_index(
        "uq_organisation_membership_open",
        "organisation_membership",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("organisation_membership")
    op.drop_table("group_membership")
    op.drop_table("residence")
    op.drop_table("organisation")
    op.drop_table("living_arrangement")
    op.drop_table("division_successor")
    op.drop_table("person")
    op.drop_table("division")
    op.drop_table("source")
    op.drop_table("idempotency_key")
    op.drop_table("change")
