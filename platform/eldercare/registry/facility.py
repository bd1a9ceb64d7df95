"""Facilities: who cares where, under which ownership and mode of operation, and in which state."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Boolean, CheckConstraint, Date, Float, Index, Integer, Numeric, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.division import UrbanRural
from eldercare.registry.entity import (
    Alone,
    Entity,
    Validity,
    column,
    not_negative,
    only_where,
    ordered,
    reference,
    term,
)
from eldercare.security.privacy import Reach


class FacilityKind(Term):
    """What a facility is; ownership and operating mode are separate axes."""

    NURSING_HOME = "养老院", "nursing home"
    SOCIAL_WELFARE_INSTITUTE = "社会福利院", "social welfare institute"
    RURAL_SUPPORT_CENTER = "农村五保供养服务中心", "rural support centre for the extremely poor"
    TOWN_HOME = "街道(乡镇)敬老院", "town home for the aged"
    RURAL_REGIONAL_CENTER = "农村区域性养老服务中心", "rural regional centre"
    GLORY_HOME = "光荣院", "home for honoured veterans"
    NURSING_HOSPITAL = "护理院", "nursing hospital"
    HOME_CARE_COMPREHENSIVE = "综合性居家养老服务中心", "comprehensive home-care centre of a street"
    HOME_CARE_CENTER = "社区居家养老服务中心", "community home-care centre"
    DAY_CARE_CENTER = "日间照料中心", "day-care centre"
    MUTUAL_AID = "农村幸福院", "rural mutual-aid home"
    MEAL_POINT = "老年助餐点", "meal point"
    CITY_CENTER = "市级养老服务中心", "city elderly-care centre"
    FAMILY_BED = "家庭养老床位", "family care beds (virtual)"
    CHILDCARE = "托育机构", "childcare centre"


class Sector(Term):
    """Whom a facility serves."""

    ELDERLY = "养老", "older people"
    CHILDCARE = "托育", "small children"


class Ownership(Term):
    """Who set a facility up."""

    GOVERNMENT = "政府", "government"
    COLLECTIVE = "集体", "collective"
    STATE_ENTERPRISE = "国企", "state-owned enterprise"
    PRIVATE_NONPROFIT = "民办非企业/社会服务机构", "private, not for profit"
    PRIVATE_FORPROFIT = "民办企业", "private, for profit"
    MIXED = "混合", "mixed"


class OperatingMode(Term):
    """How a facility is run."""

    PUBLIC_PUBLIC = "公办公营", "public, run by the public"
    PUBLIC_BUILT_PRIVATE_RUN = "公建民营", "built by the public, run privately"
    PUBLIC_BUILT_STATE_RUN = "公建国营", "built by the public, run by a state enterprise"
    PRIVATE_SUPPORTED = "民办公助", "private with public support"
    PRIVATE = "民办民营", "private"


class SiteRight(Term):
    """By which right a facility uses its site."""

    OWNED = "自有", "owned"
    LEASED = "租赁", "leased"
    OTHER = "其他", "other"


class ConditionStatus(Term):
    """Whether a condition, such as fire safety, is met."""

    MET = "达标", "met"
    NOT_MET = "未达标", "not met"
    UNKNOWN = "未知", "unknown"


class Facility(Entity):
    """A place where older people are cared for; kind, ownership and operating mode are three separate facts."""

    __tablename__ = "facility"
    __zh__ = "养老服务机构"
    __validity__ = Validity("established_on", "closed_on")
    __reach__ = Reach(facility="id", division="division_id", everybody=True)

    code: Mapped[str | None] = column(String(40), en="Its code in the registering system.", zh="机构编码")
    name: Mapped[str] = column(String(120), en="Name.", zh="名称")
    kind: Mapped[FacilityKind] = column(term(FacilityKind), en="What it is.", zh="机构类型")
    sector: Mapped[Sector] = column(term(Sector), en="Whom it serves.", zh="服务对象", default=Sector.ELDERLY)
    ownership: Mapped[Ownership] = column(term(Ownership), en="Who set it up.", zh="兴办主体")
    operating_mode: Mapped[OperatingMode] = column(term(OperatingMode), en="How it is run.", zh="运营方式")
    division_id: Mapped[int] = reference("division", en="Where it stands.", zh="所在区划")
    owner_id: Mapped[int | None] = reference("organisation", en="The organisation that owns it.", zh="产权单位")
    established_on: Mapped[date | None] = column(Date, en="When it was established.", zh="成立日期")
    closed_on: Mapped[date | None] = column(Date, en="First day it is closed.", zh="关闭日期")
    filed_on: Mapped[date | None] = column(Date, en="When it was filed with civil affairs.", zh="备案日期")
    filing_number: Mapped[str | None] = column(String(60), en="Number of the filing.", zh="备案编号")
    address: Mapped[str | None] = column(String(200), en="Address.", zh="地址")
    longitude: Mapped[float | None] = column(Float, en="Longitude in degrees (CGCS2000).", zh="经度")
    latitude: Mapped[float | None] = column(Float, en="Latitude in degrees (CGCS2000).", zh="纬度")
    urban_rural: Mapped[UrbanRural | None] = column(term(UrbanRural), en="Urban or rural.", zh="城乡")
    site_right: Mapped[SiteRight | None] = column(term(SiteRight), en="By which right it uses its site.", zh="场地权属")
    building_area: Mapped[Decimal | None] = column(Numeric(12, 2), en="Floor area, square metres.", zh="建筑面积")
    land_area: Mapped[Decimal | None] = column(Numeric(12, 2), en="Land area, square metres.", zh="占地面积")
    fire_status: Mapped[ConditionStatus] = column(
        term(ConditionStatus), en="Whether fire safety is met.", zh="消防达标", default=ConditionStatus.UNKNOWN
    )
    food_licence: Mapped[ConditionStatus] = column(
        term(ConditionStatus),
        en="Whether the food licence is held.",
        zh="食品经营许可",
        default=ConditionStatus.UNKNOWN,
    )
    extremely_poor_support: Mapped[bool] = column(
        Boolean, en="Whether it supports extremely poor people.", zh="是否特困救助供养机构", default=False
    )
    regional_centre: Mapped[bool] = column(
        Boolean, en="Whether it is a regional centre.", zh="是否区域性养老服务中心", default=False
    )
    ltc_designated: Mapped[bool] = column(
        Boolean, en="Whether long-term care insurance pays there.", zh="长护险定点", default=False
    )
    accepts_non_local: Mapped[bool | None] = column(
        Boolean, en="Whether it takes people registered elsewhere.", zh="是否接收外地老年人"
    )
    liability_insured: Mapped[bool | None] = column(Boolean, en="Whether it is insured.", zh="是否投保责任险")
    accepts_level_from: Mapped[int] = column(
        Integer, en="Lowest ability level it takes, 0 to 4.", zh="收住能力等级下限", default=0
    )
    accepts_level_to: Mapped[int] = column(
        Integer, en="Highest ability level it takes, 0 to 4.", zh="收住能力等级上限", default=4
    )
    bed_fee_low: Mapped[int | None] = column(Integer, en="Lowest bed fee a month, in fen.", zh="床位费下限(分/月)")
    bed_fee_high: Mapped[int | None] = column(Integer, en="Highest bed fee a month, in fen.", zh="床位费上限(分/月)")
    care_fee_low: Mapped[int | None] = column(Integer, en="Lowest care fee a month, in fen.", zh="护理费下限(分/月)")
    care_fee_high: Mapped[int | None] = column(Integer, en="Highest care fee a month, in fen.", zh="护理费上限(分/月)")
    contact_phone: Mapped[str | None] = column(String(40), en="Telephone of the facility.", zh="机构电话")

    __table_args__ = (
        Index("uq_facility_code", "code", unique=True, **only_where("code IS NOT NULL")),
        Index("ix_facility_kind", "kind", "division_id"),
        CheckConstraint("0 <= accepts_level_from AND accepts_level_from <= accepts_level_to", name="accepts_levels"),
        CheckConstraint("accepts_level_to <= 4", name="accepts_level_to"),
        CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude"),
        CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("bed_fee_high IS NULL OR bed_fee_low <= bed_fee_high", name="bed_fee"),
        CheckConstraint("care_fee_high IS NULL OR care_fee_low <= care_fee_high", name="care_fee"),
        *not_negative("building_area", "land_area", "bed_fee_low", "care_fee_low"),
        ordered("established_on", "closed_on"),
    )


class FacilityStatus(Term):
    """The states of a facility's life."""

    PLANNED = "规划", "planned"
    BUILDING = "在建", "being built"
    REGISTERED = "已登记", "registered"
    FILED = "已备案", "filed"
    OPERATING = "运营中", "operating"
    SUSPENDED = "暂停运营", "suspended"
    CLOSING = "关停中", "closing"
    CLOSED = "已关闭", "closed"


class FacilityPhase(Entity):
    """In which state a facility was, from when to when."""

    __tablename__ = "facility_phase"
    __zh__ = "机构状态"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("facility_id",), gapless=True)
    __reach__ = Reach(facility="facility_id", everybody=True)

    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构", index=False)
    status: Mapped[FacilityStatus] = column(term(FacilityStatus), en="The state.", zh="状态")
    valid_from: Mapped[date] = column(Date, en="First day in this state.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer in it.", zh="终止日期")
    reason: Mapped[str | None] = column(String(300), en="Why the state changed.", zh="原因")

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index("ix_facility_phase_facility", "facility_id", "valid_from"),
        Index("uq_facility_phase_open", "facility_id", unique=True, **only_where("valid_to IS NULL")),
    )


class FacilitySuccession(Entity):
    """That one facility took over from another, wholly or in part."""

    __tablename__ = "facility_succession"
    __zh__ = "机构承继"
    __reach__ = Reach(facility="predecessor_id", everybody=True)

    predecessor_id: Mapped[int] = reference("facility", en="The facility before.", zh="原机构")
    successor_id: Mapped[int] = reference("facility", en="The facility after.", zh="承继机构")
    took_over_on: Mapped[date] = column(Date, en="The day of the take-over.", zh="承继日期")
    note: Mapped[str | None] = column(String(300), en="What was taken over.", zh="说明")

    __table_args__ = (CheckConstraint("predecessor_id <> successor_id", name="not_itself"),)
