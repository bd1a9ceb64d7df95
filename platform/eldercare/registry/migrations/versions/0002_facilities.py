"""Facilities."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "facility",
        sa.Column("id", Key, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("sector", sa.String(40), nullable=False),
        sa.Column("ownership", sa.String(40), nullable=False),
        sa.Column("operating_mode", sa.String(40), nullable=False),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("owner_id", Key, nullable=True),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("filing_number", sa.String(length=60), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("urban_rural", sa.String(40), nullable=True),
        sa.Column("site_right", sa.String(40), nullable=True),
        sa.Column("building_area", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("land_area", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("fire_status", sa.String(40), nullable=False),
        sa.Column("food_licence", sa.String(40), nullable=False),
        sa.Column("extremely_poor_support", sa.Boolean(), nullable=False),
        sa.Column("regional_centre", sa.Boolean(), nullable=False),
        sa.Column("ltc_designated", sa.Boolean(), nullable=False),
        sa.Column("accepts_non_local", sa.Boolean(), nullable=True),
        sa.Column("liability_insured", sa.Boolean(), nullable=True),
        sa.Column("accepts_level_from", sa.Integer(), nullable=False),
        sa.Column("accepts_level_to", sa.Integer(), nullable=False),
        sa.Column("bed_fee_low", sa.Integer(), nullable=True),
        sa.Column("bed_fee_high", sa.Integer(), nullable=True),
        sa.Column("care_fee_low", sa.Integer(), nullable=True),
        sa.Column("care_fee_high", sa.Integer(), nullable=True),
        sa.Column("contact_phone", sa.String(length=40), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "0 <= accepts_level_from AND accepts_level_from <= accepts_level_to",
            name=op.f("ck_facility_accepts_levels"),
        ),
        sa.CheckConstraint("accepts_level_to <= 4", name=op.f("ck_facility_accepts_level_to")),
        sa.CheckConstraint("bed_fee_high IS NULL OR bed_fee_low <= bed_fee_high", name=op.f("ck_facility_bed_fee")),
        sa.CheckConstraint(
            "bed_fee_low IS NULL OR bed_fee_low >= 0", name=op.f("ck_facility_bed_fee_low_not_negative")
        ),
        sa.CheckConstraint(
            "building_area IS NULL OR building_area >= 0", name=op.f("ck_facility_building_area_not_negative")
        ),
        sa.CheckConstraint("care_fee_high IS NULL OR care_fee_low <= care_fee_high", name=op.f("ck_facility_care_fee")),
        sa.CheckConstraint(
            "care_fee_low IS NULL OR care_fee_low >= 0", name=op.f("ck_facility_care_fee_low_not_negative")
        ),
        sa.CheckConstraint(
            "closed_on IS NULL OR established_on < closed_on", name=op.f("ck_facility_established_on_before_closed_on")
        ),
        sa.CheckConstraint("land_area IS NULL OR land_area >= 0", name=op.f("ck_facility_land_area_not_negative")),
        sa.CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name=op.f("ck_facility_latitude")),
        sa.CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name=op.f("ck_facility_longitude")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_facility_division_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_facility_owner_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_facility_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility")),
    )
    op.create_index(op.f("ix_facility_division_id"), "facility", ["division_id"], unique=False)
    op.create_index("ix_facility_kind", "facility", ["kind", "division_id"], unique=False)
    op.create_index(op.f("ix_facility_owner_id"), "facility", ["owner_id"], unique=False)
    op.create_index(
        "uq_facility_code",
        "facility",
        ["code"],
        unique=True,
        sqlite_where=sa.text("code IS NOT NULL"),
        postgresql_where=sa.text("code IS NOT NULL"),
    )

    op.create_table(
        "capacity_period",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("bed_type", sa.String(40), nullable=False),
        sa.Column("designed", sa.Integer(), nullable=True),
        sa.Column("filed", sa.Integer(), nullable=True),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("out_of_service", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("designed IS NULL OR designed >= 0", name=op.f("ck_capacity_period_designed_not_negative")),
        sa.CheckConstraint("filed IS NULL OR filed >= 0", name=op.f("ck_capacity_period_filed_not_negative")),
        sa.CheckConstraint("open IS NULL OR open >= 0", name=op.f("ck_capacity_period_open_not_negative")),
        sa.CheckConstraint(
            "out_of_service IS NULL OR out_of_service >= 0", name=op.f("ck_capacity_period_out_of_service_not_negative")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_capacity_period_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_capacity_period_facility_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_capacity_period_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_period")),
    )
    op.create_index(
        "ix_capacity_period_facility", "capacity_period", ["facility_id", "bed_type", "valid_from"], unique=False
    )
    op.create_index(
        "uq_capacity_period_open",
        "capacity_period",
        ["facility_id", "bed_type"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "facility_capability",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("capability", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_facility_capability_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_facility_capability_facility_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_facility_capability_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_capability")),
    )
    op.create_index(
        "ix_facility_capability_facility",
        "facility_capability",
        ["facility_id", "capability", "valid_from"],
        unique=False,
    )
    op.create_index(
        "uq_facility_capability_open",
        "facility_capability",
        ["facility_id", "capability"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "facility_phase",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
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
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_facility_phase_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_facility_phase_facility_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_facility_phase_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_phase")),
    )
    op.create_index("ix_facility_phase_facility", "facility_phase", ["facility_id", "valid_from"], unique=False)
    op.create_index(
        "uq_facility_phase_open",
        "facility_phase",
        ["facility_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "facility_succession",
        sa.Column("id", Key, nullable=False),
        sa.Column("predecessor_id", Key, nullable=False),
        sa.Column("successor_id", Key, nullable=False),
        sa.Column("took_over_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("predecessor_id <> successor_id", name=op.f("ck_facility_succession_not_itself")),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["facility.id"], name=op.f("fk_facility_succession_predecessor_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_facility_succession_source_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["facility.id"], name=op.f("fk_facility_succession_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_succession")),
    )
    op.create_index(
        op.f("ix_facility_succession_predecessor_id"), "facility_succession", ["predecessor_id"], unique=False
    )
    op.create_index(op.f("ix_facility_succession_successor_id"), "facility_succession", ["successor_id"], unique=False)

    op.create_table(
        "medical_integration",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.Column("partner_id", Key, nullable=True),
        sa.Column("licence_number", sa.String(length=60), nullable=True),
        sa.Column("insurance_point", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_medical_integration_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_medical_integration_facility_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organisation.id"], name=op.f("fk_medical_integration_partner_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_medical_integration_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medical_integration")),
    )
    op.create_index(
        "ix_medical_integration_facility", "medical_integration", ["facility_id", "mode", "valid_from"], unique=False
    )
    op.create_index(op.f("ix_medical_integration_partner_id"), "medical_integration", ["partner_id"], unique=False)

    op.create_table(
        "operating_contract",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("operator_id", Key, nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.Column("group_operation", sa.Boolean(), nullable=False),
        sa.Column("reserved_share_min", sa.Numeric(precision=6, scale=5), nullable=True),
        sa.Column("price_rule", sa.String(40), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reserved_share_min IS NULL OR reserved_share_min BETWEEN 0 AND 1",
            name=op.f("ck_operating_contract_reserved_share_min"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_operating_contract_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_operating_contract_facility_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["organisation.id"], name=op.f("fk_operating_contract_operator_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_operating_contract_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operating_contract")),
    )
    op.create_index("ix_operating_contract_facility", "operating_contract", ["facility_id", "valid_from"], unique=False)
    op.create_index(op.f("ix_operating_contract_operator_id"), "operating_contract", ["operator_id"], unique=False)
    op.create_index(
        "uq_operating_contract_open",
        "operating_contract",
        ["facility_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "rating",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("score", sa.Numeric(precision=7, scale=2), nullable=True),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("issuer_id", Key, nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level IS NULL OR level >= 0", name=op.f("ck_rating_level_not_negative")),
        sa.CheckConstraint("score IS NULL OR score >= 0", name=op.f("ck_rating_score_not_negative")),
        sa.CheckConstraint(
            "valid_to IS NULL OR issued_on < valid_to", name=op.f("ck_rating_issued_on_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_rating_facility_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["division.id"], name=op.f("fk_rating_issuer_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_rating_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
    )
    op.create_index("ix_rating_facility", "rating", ["facility_id", "scheme", "issued_on"], unique=False)
    op.create_index(op.f("ix_rating_issuer_id"), "rating", ["issuer_id"], unique=False)

    op.create_table(
        "capacity_reserve",
        sa.Column("id", Key, nullable=False),
        sa.Column("capacity_period_id", Key, nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("beds", sa.Integer(), nullable=False),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("beds > 0", name=op.f("ck_capacity_reserve_beds")),
        sa.ForeignKeyConstraint(
            ["capacity_period_id"], ["capacity_period.id"], name=op.f("fk_capacity_reserve_capacity_period_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_capacity_reserve_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_reserve")),
        sa.UniqueConstraint(
            "capacity_period_id", "category", name=op.f("uq_capacity_reserve_capacity_period_id_category")
        ),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("capacity_reserve")
    op.drop_table("rating")
    op.drop_table("operating_contract")
    op.drop_table("medical_integration")
    op.drop_table("facility_succession")
    op.drop_table("facility_phase")
    op.drop_table("facility_capability")
    op.drop_table("capacity_period")
    op.drop_table("facility")
