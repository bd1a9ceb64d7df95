"""What a facility can do: its capabilities and how medical care is tied in."""

from datetime import date

from sqlalchemy import Boolean, Date, Index, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Alone, Entity, Validity, column, only_where, ordered, reference, term
from eldercare.security.privacy import Reach


class Capability(Term):
    """What a facility can offer."""

    REHAB_ROOM = "康复护理室", "rehabilitation nursing room"
    DEMENTIA_UNIT = "失智照护专区", "dementia unit"
    SHORT_STAY = "短期托养", "short stay"
    DAY_CARE = "日间照料", "day care"
    MEAL_POINT = "助餐", "meals"
    HOME_SERVICE = "上门服务", "service at home"
    FAMILY_BED_SUPPORT = "家庭养老床位支持", "support of family care beds"
    BATHING = "助浴", "bathing"


class FacilityCapability(Entity):
    """That a facility offered something, from when to when."""

    __tablename__ = "facility_capability"
    __zh__ = "机构服务能力"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("facility_id", "capability"))
    __reach__ = Reach(facility="facility_id", everybody=True)

    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构", index=False)
    capability: Mapped[Capability] = column(term(Capability), en="What it offers.", zh="服务能力")
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期")

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index("ix_facility_capability_facility", "facility_id", "capability", "valid_from"),
        Index(
            "uq_facility_capability_open", "facility_id", "capability", unique=True, **only_where("valid_to IS NULL")
        ),
    )


class MedicalMode(Term):
    """How medical care is tied in."""

    IN_HOUSE_CLINIC = "内设医务室", "clinic in the house"
    NURSING_STATION = "护理站", "nursing station"
    OWN_HOSPITAL = "内设医院", "hospital of its own"
    CONTRACTED_HOSPITAL = "签约医院", "contracted hospital"
    CONTRACTED_TOWN_HEALTH_CENTRE = "签约乡镇卫生院", "contracted town health centre"
    CONTRACTED_VILLAGE_STATION = "签约村卫生室", "contracted village station"


class MedicalIntegration(Entity):
    """How medical care was tied in at a facility, from when to when."""

    __tablename__ = "medical_integration"
    __zh__ = "医养结合"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("facility_id", "mode"))
    __reach__ = Reach(facility="facility_id", everybody=True)

    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构", index=False)
    mode: Mapped[MedicalMode] = column(term(MedicalMode), en="How.", zh="医养结合方式")
    partner_id: Mapped[int | None] = reference("organisation", en="The medical institution.", zh="医疗机构")
    licence_number: Mapped[str | None] = column(String(60), en="Number of the medical licence.", zh="执业许可证号")
    insurance_point: Mapped[bool] = column(
        Boolean, en="Whether medical insurance pays there.", zh="医保定点", default=False
    )
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期", planned=True)

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index("ix_medical_integration_facility", "facility_id", "mode", "valid_from"),
    )
