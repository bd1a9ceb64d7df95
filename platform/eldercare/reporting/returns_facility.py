"""The monthly return of facilities: one row each, with beds, residents, conditions and fees."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, case, cast, func, literal, select
from sqlalchemy.orm import aliased

from eldercare.registry import rules
from eldercare.registry.capability import MedicalIntegration, MedicalMode
from eldercare.registry.division import Division, within
from eldercare.registry.facility import ConditionStatus, Facility, FacilityKind, OperatingMode, Ownership, Sector
from eldercare.registry.group import holds, latest_level
from eldercare.registry.membership import GroupCategory
from eldercare.registry.organisation import Organisation
from eldercare.registry.person import Person
from eldercare.registry.query import View, visible
from eldercare.registry.rating import Rating, RatingScheme, RatingStatus
from eldercare.registry.stay import Stay
from eldercare.registry.summary import beds
from eldercare.reporting.form import CellKind, Check, Column, Frame, Period, Return, Table
from eldercare.reporting.lines import flag, in_words

TEXT, FLAG, YUAN = CellKind.TEXT, CellKind.FLAG, CellKind.YUAN
PARTLY, TOTALLY = (1, 2), (3, 4)
"""Ability levels the form calls partly and totally disabled; it has three classes where the standard has five levels."""

COLUMNS = (
    Column("name", "Facility", "机构名称", TEXT),
    Column("uscc", "Unified social credit code", "统一社会信用代码", TEXT),
    Column("division", "Division", "所在区划", TEXT),
    Column("kind", "Kind", "机构类型", TEXT),
    Column("ownership", "Set up by", "兴办主体", TEXT),
    Column("mode", "Mode of operation", "运营方式", TEXT),
    Column("stars", "Stars", "星级", summed=False),
    Column("filed", "Filed", "是否备案", FLAG),
    Column("filed_on", "Filed on", "备案日期", CellKind.DAY),
    Column("full_day", "Full-day beds", "全托床位数"),
    Column("day_places", "Day beds", "日托床位数"),
    Column("total", "Beds, total", "床位总数"),
    Column("nursing", "Of the full-day beds: nursing beds", "其中护理型床位"),
    Column("residents", "Residents at the end of the month", "月末收住老年人数"),
    Column("occupancy", "Occupancy", "入住率", CellKind.RATE, over="residents", under="full_day"),
    Column("intact", "Residents: able", "能力完好"),
    Column("partly", "Residents: partly disabled", "部分失能"),
    Column("totally", "Residents: totally disabled", "完全失能"),
    Column("unassessed", "Residents: without a valid assessment", "未评估"),
    Column("poor", "Residents: extremely poor", "特困人员"),
    Column("certified", "Residents: with a certificate of disability", "残疾人"),
    Column("preferential", "Residents: with preferential status", "优抚对象"),
    Column("fire", "Fire safety", "消防达标", TEXT),
    Column("food", "Food licence", "食品经营许可", TEXT),
    Column("medical", "Medical care", "医养结合方式", TEXT),
    Column("insurance_point", "Medical insurance pays there", "医保定点", FLAG),
    Column("bed_fee_low", "Bed fee a month from", "床位费下限(元/月)", YUAN, summed=False),
    Column("bed_fee_high", "Bed fee a month to", "床位费上限(元/月)", YUAN, summed=False),
    Column("care_fee_low", "Care fee a month from", "护理费下限(元/月)", YUAN, summed=False),
    Column("care_fee_high", "Care fee a month to", "护理费上限(元/月)", YUAN, summed=False),
    Column("liability", "Liability insurance", "投保责任险", FLAG),
    Column("ltc", "Designated for long-term care insurance", "长护险定点", FLAG),
)
CHECKS = (
    Check(
        "BEDS", "Full-day and day beds add up.", "全托与日托床位之和等于床位总数", ("full_day", "day_places"), "total"
    ),
    Check(
        "ABILITY",
        "The classes of ability add up to the residents.",
        "各能力等级人数之和等于收住人数",
        ("intact", "partly", "totally", "unassessed"),
        "residents",
    ),
)


def living_there(frame: Frame) -> Select[Any]:
    """The residents in institutional beds, each once, with what the form tells of them."""
    stay, person, view = aliased(Stay), aliased(Person), frame.view
    level = latest_level(person, view)
    columns: list[Any] = [
        stay.facility_id.label("line"),
        literal(1).label("residents"),
        flag(level == 0).label("intact"),
        flag(level.in_(PARTLY)).label("partly"),
        flag(level.in_(TOTALLY)).label("totally"),
        flag(level.is_(None)).label("unassessed"),
        flag(holds(GroupCategory.EXTREMELY_POOR, person, view)).label("poor"),
        flag(holds(GroupCategory.SEVERE_DISABILITY_CERT, person, view)).label("certified"),
        flag(holds(GroupCategory.VETERAN_PREFERENTIAL, person, view)).label("preferential"),
    ]
    found = select(*columns).join(person, person.id == stay.person_id).where(*visible(stay, view))
    return found.where(stay.bed_type.in_(rules.BED_CLASSES["INSTITUTIONAL"]))


def rows(frame: Frame) -> Select[Any]:
    """A row for each facility for older people in force on the day."""
    facility: Any = aliased(Facility)
    division: Any = aliased(Division)
    view = frame.view
    units = living_there(frame).subquery()
    told = [c for c in units.c if c.name != "line"]
    sums = select(units.c.line, *(cast(func.sum(c), BigInteger).label(c.name) for c in told)).group_by(units.c.line)
    grouped = sums.subquery()
    full, by_day = _beds(facility, view, "INSTITUTIONAL"), _beds(facility, view, "DAY")
    columns: list[Any] = [
        literal("Facility_", String).concat(cast(facility.id, String)).label("row_key"),
        facility.name.label("name"),
        _owner_code(facility).label("uscc"),
        division.name.label("division"),
        in_words(facility.kind, FacilityKind).label("kind"),
        in_words(facility.ownership, Ownership).label("ownership"),
        in_words(facility.operating_mode, OperatingMode).label("mode"),
        stars(facility, view).label("stars"),
        func.coalesce(facility.filed_on <= view.as_of, False).label("filed"),
        case((facility.filed_on <= view.as_of, facility.filed_on)).label("filed_on"),
        full.label("full_day"),
        by_day.label("day_places"),
        (full + by_day).label("total"),
        func.coalesce(beds(facility, view, bed_types=rules.NURSING_BED_TYPES), 0).label("nursing"),
        *(func.coalesce(grouped.c[c.name], 0).label(c.name) for c in told),
        in_words(facility.fire_status, ConditionStatus).label("fire"),
        in_words(facility.food_licence, ConditionStatus).label("food"),
        _medical(facility, view, in_words(MedicalIntegration.mode, MedicalMode)).label("medical"),
        func.coalesce(_medical(facility, view, MedicalIntegration.insurance_point), False).label("insurance_point"),
        facility.bed_fee_low,
        facility.bed_fee_high,
        facility.care_fee_low,
        facility.care_fee_high,
        facility.liability_insured.label("liability"),
        facility.ltc_designated.label("ltc"),
    ]
    found: Select[Any] = select(*columns).join(division, division.id == facility.division_id)
    found = found.outerjoin(grouped, grouped.c.line == facility.id).where(*visible(facility, view))
    found = found.where(facility.sector == Sector.ELDERLY, within(facility.division_id, frame.division))
    return found.order_by(division.code, facility.name, facility.id)


def _beds(facility: Any, view: View, bed_class: str) -> ColumnElement[int]:
    return func.coalesce(beds(facility, view, bed_types=rules.BED_CLASSES[bed_class]), 0)


def stars(facility: Any, view: View) -> ColumnElement[int]:
    """The stars a facility may show on the day."""
    rating: Any = aliased(Rating)
    right = [rating.scheme == RatingScheme.INSTITUTION_STAR, rating.status == RatingStatus.VALID]
    found = select(func.max(rating.level)).where(rating.facility_id == facility.id, *right, *visible(rating, view))
    return found.correlate(facility).scalar_subquery()


def _owner_code(facility: Any) -> ColumnElement[str]:
    owner: Any = aliased(Organisation)
    return select(owner.uscc).where(owner.id == facility.owner_id).correlate(facility).scalar_subquery()


def _medical(facility: Any, view: View, value: Any) -> ColumnElement[Any]:
    where = [MedicalIntegration.facility_id == facility.id, *visible(MedicalIntegration, view)]
    found = select(value).where(*where).order_by(MedicalIntegration.valid_from.desc(), MedicalIntegration.id).limit(1)
    return found.correlate(facility).scalar_subquery()


FACILITY_MONTHLY = Return(
    "FACILITY_MONTHLY",
    "Monthly return of facilities",
    "养老机构月报",
    Period.MONTH,
    "facility to county",
    "机构上报县级",
    "Field list of the national facility form, read in public code",
    (Table("FACILITIES", "Facilities", "机构情况", COLUMNS, rows, CHECKS),),
)
