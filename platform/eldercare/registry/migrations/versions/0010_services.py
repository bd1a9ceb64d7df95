"""Platforms, providers with their agreements, the hotline, service orders, service areas and childcare places."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0010"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "platform",
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("operator_id", Key, nullable=True),
        sa.Column("hotline", sa.String(length=20), nullable=True),
        sa.Column("pilot", sa.Boolean(), nullable=False),
        sa.Column("established_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "closed_on IS NULL OR established_on < closed_on", name=op.f("ck_platform_established_on_before_closed_on")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_platform_division_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["organisation.id"], name=op.f("fk_platform_operator_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_platform_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform")),
    )
    op.create_index("ix_platform_division", "platform", ["division_id", "level", "established_on"], unique=False)
    op.create_index(op.f("ix_platform_operator_id"), "platform", ["operator_id"], unique=False)

    op.create_table(
        "childcare_period",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("inclusive_places", sa.Integer(), nullable=True),
        sa.Column("enrolled", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("enrolled <= places", name=op.f("ck_childcare_period_enrolled_within_places")),
        sa.CheckConstraint("enrolled IS NULL OR enrolled >= 0", name=op.f("ck_childcare_period_enrolled_not_negative")),
        sa.CheckConstraint(
            "inclusive_places IS NULL OR inclusive_places <= places",
            name=op.f("ck_childcare_period_inclusive_within_places"),
        ),
        sa.CheckConstraint(
            "inclusive_places IS NULL OR inclusive_places >= 0",
            name=op.f("ck_childcare_period_inclusive_places_not_negative"),
        ),
        sa.CheckConstraint("places IS NULL OR places >= 0", name=op.f("ck_childcare_period_places_not_negative")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_childcare_period_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_childcare_period_facility_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_childcare_period_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_childcare_period")),
    )
    op.create_index("ix_childcare_period_facility", "childcare_period", ["facility_id", "valid_from"], unique=False)
    op.create_index(
        "uq_childcare_period_open",
        "childcare_period",
        ["facility_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "device",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("serial", sa.String(length=60), nullable=False),
        sa.Column("hotline", sa.String(length=20), nullable=True),
        sa.Column("platform_id", Key, nullable=True),
        sa.Column("installed_on", sa.Date(), nullable=False),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "removed_on IS NULL OR installed_on < removed_on", name=op.f("ck_device_installed_on_before_removed_on")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_device_person_id")),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name=op.f("fk_device_platform_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_device_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_index("ix_device_person", "device", ["person_id", "installed_on"], unique=False)
    op.create_index(op.f("ix_device_platform_id"), "device", ["platform_id"], unique=False)
    op.create_index(
        "uq_device_open",
        "device",
        ["serial"],
        unique=True,
        sqlite_where=sa.text("removed_on IS NULL"),
        postgresql_where=sa.text("removed_on IS NULL"),
    )

    op.create_table(
        "facility_area",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
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
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_facility_area_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_facility_area_division_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_facility_area_facility_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_facility_area_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_area")),
    )
    op.create_index("ix_facility_area_division", "facility_area", ["division_id", "valid_from"], unique=False)
    op.create_index("ix_facility_area_facility", "facility_area", ["facility_id", "valid_from"], unique=False)
    op.create_index(
        "uq_facility_area_open",
        "facility_area",
        ["facility_id", "division_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "platform_phase",
        sa.Column("id", Key, nullable=False),
        sa.Column("platform_id", Key, nullable=False),
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
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_platform_phase_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name=op.f("fk_platform_phase_platform_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_platform_phase_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_phase")),
    )
    op.create_index("ix_platform_phase_platform", "platform_phase", ["platform_id", "valid_from"], unique=False)
    op.create_index(
        "uq_platform_phase_open",
        "platform_phase",
        ["platform_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "service_provider",
        sa.Column("id", Key, nullable=False),
        sa.Column("organisation_id", Key, nullable=False),
        sa.Column("affiliation", sa.String(40), nullable=False),
        sa.Column("facility_id", Key, nullable=True),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("order_limit", sa.Integer(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ended_on IS NULL OR registered_on < ended_on",
            name=op.f("ck_service_provider_registered_on_before_ended_on"),
        ),
        sa.CheckConstraint(
            "order_limit IS NULL OR order_limit >= 0", name=op.f("ck_service_provider_order_limit_not_negative")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_service_provider_division_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_service_provider_facility_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_service_provider_organisation_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_service_provider_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_provider")),
    )
    op.create_index(op.f("ix_service_provider_division_id"), "service_provider", ["division_id"], unique=False)
    op.create_index(op.f("ix_service_provider_facility_id"), "service_provider", ["facility_id"], unique=False)
    op.create_index(
        "ix_service_provider_organisation", "service_provider", ["organisation_id", "registered_on"], unique=False
    )
    op.create_index(
        "uq_service_provider_open",
        "service_provider",
        ["organisation_id"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )

    op.create_table(
        "hotline_call",
        sa.Column("id", Key, nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("hotline", sa.String(length=20), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("platform_id", Key, nullable=True),
        sa.Column("division_id", Key, nullable=True),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("device_id", Key, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds_to_answer", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (seconds_to_answer IS NULL)", name=op.f("ck_hotline_call_seconds_of_an_answer")
        ),
        sa.CheckConstraint(
            "answered_at IS NULL OR called_at <= answered_at", name=op.f("ck_hotline_call_called_before_answered")
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR answered_at IS NULL OR answered_at <= ended_at",
            name=op.f("ck_hotline_call_answer_in_call"),
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR called_at <= ended_at", name=op.f("ck_hotline_call_called_before_ended")
        ),
        sa.CheckConstraint(
            "seconds_to_answer IS NULL OR seconds_to_answer >= 0",
            name=op.f("ck_hotline_call_seconds_to_answer_not_negative"),
        ),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_hotline_call_device_id")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_hotline_call_division_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hotline_call_person_id")),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name=op.f("fk_hotline_call_platform_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_hotline_call_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotline_call")),
    )
    op.create_index(op.f("ix_hotline_call_device_id"), "hotline_call", ["device_id"], unique=False)
    op.create_index("ix_hotline_call_division", "hotline_call", ["division_id", "called_on"], unique=False)
    op.create_index(op.f("ix_hotline_call_person_id"), "hotline_call", ["person_id"], unique=False)
    op.create_index(op.f("ix_hotline_call_platform_id"), "hotline_call", ["platform_id"], unique=False)

    op.create_table(
        "provider_phase",
        sa.Column("id", Key, nullable=False),
        sa.Column("provider_id", Key, nullable=False),
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
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_provider_phase_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["service_provider.id"], name=op.f("fk_provider_phase_provider_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_provider_phase_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_phase")),
    )
    op.create_index("ix_provider_phase_provider", "provider_phase", ["provider_id", "valid_from"], unique=False)
    op.create_index(
        "uq_provider_phase_open",
        "provider_phase",
        ["provider_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "service_agreement",
        sa.Column("id", Key, nullable=False),
        sa.Column("provider_id", Key, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("platform_id", Key, nullable=True),
        sa.Column("purchaser_id", Key, nullable=True),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=300), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_service_agreement_valid_from_before_valid_to")
        ),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name=op.f("fk_service_agreement_platform_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["service_provider.id"], name=op.f("fk_service_agreement_provider_id")
        ),
        sa.ForeignKeyConstraint(["purchaser_id"], ["organisation.id"], name=op.f("fk_service_agreement_purchaser_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_service_agreement_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_agreement")),
    )
    op.create_index(op.f("ix_service_agreement_platform_id"), "service_agreement", ["platform_id"], unique=False)
    op.create_index("ix_service_agreement_provider", "service_agreement", ["provider_id", "valid_from"], unique=False)
    op.create_index(op.f("ix_service_agreement_purchaser_id"), "service_agreement", ["purchaser_id"], unique=False)

    op.create_table(
        "agreement_area",
        sa.Column("id", Key, nullable=False),
        sa.Column("agreement_id", Key, nullable=False),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["service_agreement.id"], name=op.f("fk_agreement_area_agreement_id")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_agreement_area_division_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_agreement_area_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_area")),
        sa.UniqueConstraint("agreement_id", "division_id", name=op.f("uq_agreement_area_agreement_id_division_id")),
    )
    op.create_index(op.f("ix_agreement_area_division_id"), "agreement_area", ["division_id"], unique=False)

    op.create_table(
        "agreement_service",
        sa.Column("id", Key, nullable=False),
        sa.Column("agreement_id", Key, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("item", sa.String(40), nullable=True),
        sa.Column("unit_price", sa.BigInteger(), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "unit_price IS NULL OR unit_price >= 0", name=op.f("ck_agreement_service_unit_price_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["service_agreement.id"], name=op.f("fk_agreement_service_agreement_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_agreement_service_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_service")),
    )
    op.create_index(
        "uq_agreement_service_item",
        "agreement_service",
        ["agreement_id", "item"],
        unique=True,
        sqlite_where=sa.text("item IS NOT NULL"),
        postgresql_where=sa.text("item IS NOT NULL"),
    )
    op.create_index(
        "uq_agreement_service_kind",
        "agreement_service",
        ["agreement_id", "kind"],
        unique=True,
        sqlite_where=sa.text("item IS NULL"),
        postgresql_where=sa.text("item IS NULL"),
    )

    op.create_table(
        "service_request",
        sa.Column("id", Key, nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("hotline", sa.String(length=20), nullable=True),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("caller", sa.String(40), nullable=False),
        sa.Column("caller_phone", sa.LargeBinary(), nullable=True),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("item", sa.String(40), nullable=True),
        sa.Column("device_id", Key, nullable=True),
        sa.Column("call_id", Key, nullable=True),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome <> 'ORDERED' OR person_id IS NOT NULL",
            name=op.f("ck_service_request_ordered_for_somebody"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["hotline_call.id"], name=op.f("fk_service_request_call_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_service_request_device_id")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_service_request_division_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_service_request_person_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_service_request_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_request")),
    )
    op.create_index(op.f("ix_service_request_call_id"), "service_request", ["call_id"], unique=False)
    op.create_index(op.f("ix_service_request_device_id"), "service_request", ["device_id"], unique=False)
    op.create_index("ix_service_request_division", "service_request", ["division_id", "requested_on"], unique=False)
    op.create_index(op.f("ix_service_request_person_id"), "service_request", ["person_id"], unique=False)

    op.create_table(
        "service_order",
        sa.Column("id", Key, nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("request_id", Key, nullable=True),
        sa.Column("channel", sa.String(40), nullable=True),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("division_id", Key, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("item", sa.String(40), nullable=True),
        sa.Column("purchased_kind", sa.String(40), nullable=True),
        sa.Column("target_seconds", sa.Integer(), nullable=True),
        sa.Column("provider_id", Key, nullable=True),
        sa.Column("agreement_id", Key, nullable=True),
        sa.Column("scheduled_on", sa.Date(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("evaluated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_as", sa.String(40), nullable=True),
        sa.Column("end_reason", sa.String(length=300), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("funding", sa.String(40), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rating_note", sa.String(length=500), nullable=True),
        sa.Column("source_record", sa.String(length=120), nullable=True),
        sa.Column("quality", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ended_as IS NULL OR ended_as <> 'NO_SHOW' OR received_at IS NOT NULL",
            name=op.f("ck_service_order_no_show_taken"),
        ),
        sa.CheckConstraint(
            "ended_as IS NULL OR ended_as <> 'REJECTED' OR received_at IS NULL",
            name=op.f("ck_service_order_rejected_untaken"),
        ),
        sa.CheckConstraint(
            "funding <> 'ACCOUNT' OR purchased_kind IS NOT NULL",
            name=op.f("ck_service_order_account_pays_purchased_kinds"),
        ),
        sa.CheckConstraint(
            "received_at IS NULL OR dispatched_at IS NOT NULL OR kind = 'EMERGENCY_AID'",
            name=op.f("ck_service_order_received_when_dispatched"),
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name=op.f("ck_service_order_end_has_its_kind")),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_service_order_amount_not_negative")),
        sa.CheckConstraint(
            "completed_at IS NULL OR agreement_id IS NOT NULL",
            name=op.f("ck_service_order_completed_at_needs_agreement_id"),
        ),
        sa.CheckConstraint(
            "completed_at IS NULL OR completed_on IS NOT NULL",
            name=op.f("ck_service_order_completed_at_needs_completed_on"),
        ),
        sa.CheckConstraint(
            "completed_at IS NULL OR started_at IS NOT NULL",
            name=op.f("ck_service_order_completed_at_needs_started_at"),
        ),
        sa.CheckConstraint(
            "completed_at IS NULL OR started_at IS NULL OR started_at <= completed_at",
            name=op.f("ck_service_order_started_at_before_completed_at"),
        ),
        sa.CheckConstraint(
            "dispatched_at IS NULL OR ordered_at IS NULL OR ordered_at <= dispatched_at",
            name=op.f("ck_service_order_ordered_at_before_dispatched_at"),
        ),
        sa.CheckConstraint(
            "dispatched_at IS NULL OR provider_id IS NOT NULL",
            name=op.f("ck_service_order_dispatched_at_needs_provider_id"),
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR completed_at IS NULL", name=op.f("ck_service_order_ended_or_completed")
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR dispatched_at IS NULL OR dispatched_at <= ended_at",
            name=op.f("ck_service_order_dispatched_at_before_ended_at"),
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR ordered_at IS NULL OR ordered_at <= ended_at",
            name=op.f("ck_service_order_ordered_at_before_ended_at"),
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR received_at IS NULL OR received_at <= ended_at",
            name=op.f("ck_service_order_received_at_before_ended_at"),
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR started_at IS NULL OR started_at <= ended_at",
            name=op.f("ck_service_order_started_at_before_ended_at"),
        ),
        sa.CheckConstraint(
            "evaluated_at IS NULL OR completed_at IS NOT NULL",
            name=op.f("ck_service_order_evaluated_at_needs_completed_at"),
        ),
        sa.CheckConstraint(
            "evaluated_at IS NULL OR completed_at IS NULL OR completed_at <= evaluated_at",
            name=op.f("ck_service_order_completed_at_before_evaluated_at"),
        ),
        sa.CheckConstraint(
            "evaluated_at IS NULL OR rating IS NOT NULL", name=op.f("ck_service_order_evaluated_at_needs_rating")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_service_order_quantity")),
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name=op.f("ck_service_order_rating")),
        sa.CheckConstraint(
            "received_at IS NULL OR dispatched_at IS NULL OR dispatched_at <= received_at",
            name=op.f("ck_service_order_dispatched_at_before_received_at"),
        ),
        sa.CheckConstraint(
            "received_at IS NULL OR ordered_at IS NULL OR ordered_at <= received_at",
            name=op.f("ck_service_order_ordered_at_before_received_at"),
        ),
        sa.CheckConstraint(
            "received_at IS NULL OR provider_id IS NOT NULL",
            name=op.f("ck_service_order_received_at_needs_provider_id"),
        ),
        sa.CheckConstraint(
            "settled_at IS NULL OR amount IS NOT NULL", name=op.f("ck_service_order_settled_at_needs_amount")
        ),
        sa.CheckConstraint(
            "settled_at IS NULL OR completed_at IS NOT NULL",
            name=op.f("ck_service_order_settled_at_needs_completed_at"),
        ),
        sa.CheckConstraint(
            "settled_at IS NULL OR completed_at IS NULL OR completed_at <= settled_at",
            name=op.f("ck_service_order_completed_at_before_settled_at"),
        ),
        sa.CheckConstraint(
            "settled_at IS NULL OR evaluated_at IS NULL OR evaluated_at <= settled_at",
            name=op.f("ck_service_order_evaluated_at_before_settled_at"),
        ),
        sa.CheckConstraint(
            "started_at IS NULL OR received_at IS NOT NULL", name=op.f("ck_service_order_started_at_needs_received_at")
        ),
        sa.CheckConstraint(
            "started_at IS NULL OR received_at IS NULL OR received_at <= started_at",
            name=op.f("ck_service_order_received_at_before_started_at"),
        ),
        sa.CheckConstraint(
            "target_seconds IS NULL OR target_seconds >= 0", name=op.f("ck_service_order_target_seconds_not_negative")
        ),
        sa.CheckConstraint(
            "unit_price IS NULL OR unit_price >= 0", name=op.f("ck_service_order_unit_price_not_negative")
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["service_agreement.id"], name=op.f("fk_service_order_agreement_id")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_service_order_division_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_service_order_person_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["service_provider.id"], name=op.f("fk_service_order_provider_id")),
        sa.ForeignKeyConstraint(["request_id"], ["service_request.id"], name=op.f("fk_service_order_request_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_service_order_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_order")),
    )
    op.create_index(op.f("ix_service_order_agreement_id"), "service_order", ["agreement_id"], unique=False)
    op.create_index("ix_service_order_division", "service_order", ["division_id", "ordered_on"], unique=False)
    op.create_index("ix_service_order_person", "service_order", ["person_id", "ordered_on"], unique=False)
    op.create_index("ix_service_order_provider", "service_order", ["provider_id", "completed_on"], unique=False)
    op.create_index(op.f("ix_service_order_request_id"), "service_order", ["request_id"], unique=False)
    op.create_index(
        "uq_service_order_number",
        "service_order",
        ["number"],
        unique=True,
        sqlite_where=sa.text("number IS NOT NULL"),
        postgresql_where=sa.text("number IS NOT NULL"),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_index(
        "uq_service_order_number",
        table_name="service_order",
        sqlite_where=sa.text("number IS NOT NULL"),
        postgresql_where=sa.text("number IS NOT NULL"),
    )
    op.drop_index(op.f("ix_service_order_request_id"), table_name="service_order")
    op.drop_index("ix_service_order_provider", table_name="service_order")
    op.drop_index("ix_service_order_person", table_name="service_order")
    op.drop_index("ix_service_order_division", table_name="service_order")
    op.drop_index(op.f("ix_service_order_agreement_id"), table_name="service_order")

    op.drop_table("service_order")
    op.drop_index(op.f("ix_service_request_person_id"), table_name="service_request")
    op.drop_index("ix_service_request_division", table_name="service_request")
    op.drop_index(op.f("ix_service_request_device_id"), table_name="service_request")
    op.drop_index(op.f("ix_service_request_call_id"), table_name="service_request")

    op.drop_table("service_request")
    op.drop_index(
        "uq_agreement_service_kind",
        table_name="agreement_service",
        sqlite_where=sa.text("item IS NULL"),
        postgresql_where=sa.text("item IS NULL"),
    )
    op.drop_index(
        "uq_agreement_service_item",
        table_name="agreement_service",
        sqlite_where=sa.text("item IS NOT NULL"),
        postgresql_where=sa.text("item IS NOT NULL"),
    )

    op.drop_table("agreement_service")
    op.drop_index(op.f("ix_agreement_area_division_id"), table_name="agreement_area")

    op.drop_table("agreement_area")
    op.drop_index(op.f("ix_service_agreement_purchaser_id"), table_name="service_agreement")
    op.drop_index("ix_service_agreement_provider", table_name="service_agreement")
    op.drop_index(op.f("ix_service_agreement_platform_id"), table_name="service_agreement")

    op.drop_table("service_agreement")
    op.drop_index(
        "uq_provider_phase_open",
        table_name="provider_phase",
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.drop_index("ix_provider_phase_provider", table_name="provider_phase")

    op.drop_table("provider_phase")
    op.drop_index(op.f("ix_hotline_call_platform_id"), table_name="hotline_call")
    op.drop_index(op.f("ix_hotline_call_person_id"), table_name="hotline_call")
    op.drop_index("ix_hotline_call_division", table_name="hotline_call")
    op.drop_index(op.f("ix_hotline_call_device_id"), table_name="hotline_call")

    op.drop_table("hotline_call")
    op.drop_index(
        "uq_service_provider_open",
        table_name="service_provider",
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.drop_index("ix_service_provider_organisation", table_name="service_provider")
    op.drop_index(op.f("ix_service_provider_facility_id"), table_name="service_provider")
    op.drop_index(op.f("ix_service_provider_division_id"), table_name="service_provider")

    op.drop_table("service_provider")
    op.drop_index(
        "uq_platform_phase_open",
        table_name="platform_phase",
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.drop_index("ix_platform_phase_platform", table_name="platform_phase")

    op.drop_table("platform_phase")
    op.drop_index(
        "uq_facility_area_open",
        table_name="facility_area",
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.drop_index("ix_facility_area_facility", table_name="facility_area")
    op.drop_index("ix_facility_area_division", table_name="facility_area")

    op.drop_table("facility_area")
    op.drop_index(
        "uq_device_open",
        table_name="device",
        sqlite_where=sa.text("removed_on IS NULL"),
        postgresql_where=sa.text("removed_on IS NULL"),
    )
    op.drop_index(op.f("ix_device_platform_id"), table_name="device")
    op.drop_index("ix_device_person", table_name="device")

    op.drop_table("device")
    op.drop_index(
        "uq_childcare_period_open",
        table_name="childcare_period",
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.drop_index("ix_childcare_period_facility", table_name="childcare_period")

    op.drop_table("childcare_period")
    op.drop_index(op.f("ix_platform_operator_id"), table_name="platform")
    op.drop_index("ix_platform_division", table_name="platform")

    op.drop_table("platform")
