"""The annual returns of homes for the aged, in two tables, and the annual statistics of civil affairs by kind."""

from typing import Any

from sqlalchemy import BigInteger, Integer, Select, String, and_, cast, func, literal, select
from sqlalchemy.orm import aliased

from eldercare.registry import rules
from eldercare.registry.division import within
from eldercare.registry.facility import Facility, FacilityKind, Sector
from eldercare.registry.group import effective, latest_level
from eldercare.registry.membership import GroupCategory, GroupMembership, SupportMode
from eldercare.registry.person import Person, Sex
from eldercare.registry.query import visible
from eldercare.registry.statement import FacilityStatement, Heating
from eldercare.registry.stay import Stay
from eldercare.registry.summary import beds
from eldercare.reporting.form import CellKind, Check, Column, Frame, Period, Return, Table
from eldercare.reporting.lines import CODE, DIVISION, at_home, flag, in_words, known_sum, line_of, lines, names_of
from eldercare.reporting.returns_facility import PARTLY, TOTALLY, stars

HOMES = (FacilityKind.TOWN_HOME, FacilityKind.RURAL_SUPPORT_CENTER, FacilityKind.RURAL_REGIONAL_CENTER)
"""What counts as a home for the aged 敬老院."""
HUNDREDTH, MU = (1, 100), (3, 200_000)
"""From hundredths of a unit to the unit, and from hundredths of a square metre to mu, of which 3 are 2,000 square metres."""
INSTITUTIONAL = rules.BED_CLASSES["INSTITUTIONAL"]
RATE, WAN, DECIMAL = CellKind.RATE, CellKind.WAN_YUAN, CellKind.DECIMAL

ONE = (
    DIVISION,
    CODE,
    Column("homes", "Homes, total", "敬老院总数"),
    Column("level_1", "Level 1", "一级"),
    Column("level_2", "Level 2", "二级"),
    Column("level_3", "Level 3", "三级"),
    Column("level_other", "Other", "其他"),
    Column("land", "Land, mu", "占地面积(亩)", DECIMAL, scale=MU, unit="亩"),
    Column("building", "Building area", "建筑面积(平方米)", DECIMAL, scale=HUNDREDTH, unit="㎡"),
    Column("outdoor", "Outdoor activity area", "室外活动场地(平方米)", DECIMAL, scale=HUNDREDTH, unit="㎡"),
    Column("indoor", "Indoor activity area", "室内活动场地(平方米)", DECIMAL, scale=HUNDREDTH, unit="㎡"),
    Column("heating_central", "Heating: central", "集中供暖"),
    Column("heating_coal", "Heating: coal", "燃煤取暖"),
    Column("heating_gas", "Heating: gas", "燃气取暖"),
    Column("heating_air_conditioner", "Heating: air conditioner", "空调取暖"),
    Column("beds", "Beds, total", "床位总数"),
    Column("occupied", "Beds occupied", "已入住床位"),
    Column("poor", "Extremely poor people", "特困人员人数"),
    Column("central", "Of these in centralised support", "其中集中供养人数"),
    Column("central_rate", "Rate of centralised support", "集中供养率", RATE, over="central", under="poor"),
)
TWO = (
    DIVISION,
    CODE,
    Column("homes", "Homes, total", "敬老院总数"),
    Column("fixed_assets", "Fixed assets", "固定资产", WAN),
    Column("management_funds", "Management funds", "管理经费", WAN),
    Column("sideline_income", "Income from side lines", "院办经济收入", WAN),
    Column("standards", "", "", hidden=True),
    Column("supported", "People supported there", "集中供养人数"),
    Column(
        "support_standard",
        "Average support standard, yuan a year",
        "平均供养标准(元/年)",
        RATE,
        over="standards",
        under="supported",
        times=1,
        by=100,
        unit="元/年",
    ),
    Column("garden", "Vegetable garden, mu", "菜地面积(亩)", DECIMAL, scale=HUNDREDTH, unit="亩"),
    Column("vegetable_output", "Vegetables, kg", "蔬菜产量(公斤)"),
)
LEVELS = Check(
    "LEVELS",
    "The levels add up to the homes.",
    "各等级之和等于敬老院总数",
    ("level_1", "level_2", "level_3", "level_other"),
    "homes",
)


def hundredths(value: Any) -> Any:
    """An area in whole hundredths; unknown where it is not stated."""
    return cast(value * 100, BigInteger)


def homes(frame: Frame) -> Select[Any]:
    """The homes of the territory, each once, with its statement of the year."""
    facility: Any = aliased(Facility)
    statement: Any = aliased(FacilityStatement)
    view, star = frame.view, func.coalesce(stars(facility, frame.view), 0)
    supported = residents(facility, frame, poor=True)
    columns: list[Any] = [
        line_of(facility.division_id, frame).label("line"),
        literal(1).label("homes"),
        *(flag(star == level).label(f"level_{level}") for level in (1, 2, 3)),
        flag(star.not_in((1, 2, 3))).label("level_other"),
        hundredths(facility.land_area).label("land"),
        hundredths(facility.building_area).label("building"),
        hundredths(statement.outdoor_area).label("outdoor"),
        hundredths(statement.indoor_area).label("indoor"),
        *(flag(statement.heating == each).label(f"heating_{each.value.lower()}") for each in Heating),
        func.coalesce(beds(facility, view, bed_types=INSTITUTIONAL), 0).label("beds"),
        residents(facility, frame).label("occupied"),
        *(
            cast(getattr(statement, name), BigInteger).label(name)
            for name in ("fixed_assets", "management_funds", "sideline_income")
        ),
        supported.label("supported"),
        cast(statement.support_standard * supported, BigInteger).label("standards"),
        hundredths(statement.vegetable_area).label("garden"),
        statement.vegetable_output,
    ]
    found: Select[Any] = select(*columns).outerjoin(
        statement, and_(statement.facility_id == facility.id, statement.year == frame.start.year)
    )
    return found.where(facility.kind.in_(HOMES), *visible(facility, view), within(facility.division_id, frame.division))


def residents(facility: Any, frame: Frame, *, poor: bool = False) -> Any:
    """The people who live in a facility's institutional beds, or of these the extremely poor in centralised support."""
    stay: Any = aliased(Stay)
    member: Any = aliased(GroupMembership)
    where = [stay.facility_id == facility.id, stay.bed_type.in_(INSTITUTIONAL), *visible(stay, frame.view)]
    found = select(func.count(stay.id)).where(*where)
    if poor:
        found = found.join(member, member.person_id == stay.person_id).where(
            member.category == GroupCategory.EXTREMELY_POOR,
            member.support_mode == SupportMode.CENTRALISED,
            *effective(member, frame.view),
        )
    return found.correlate(facility).scalar_subquery()


def poor(frame: Frame) -> Select[Any]:
    """The extremely poor of the territory, and which of them are in centralised support."""
    member: Any = aliased(GroupMembership)
    person: Any = aliased(Person)
    told = [literal(1).label("poor"), flag(member.support_mode == SupportMode.CENTRALISED).label("central")]
    found = at_home(frame, frame.view, *told, person=person).join(member, member.person_id == person.id)
    found = found.where(member.category == GroupCategory.EXTREMELY_POOR, *effective(member, frame.view))
    rows = found.subquery()
    return select(rows.c.line, rows.c.poor, rows.c.central)


def table_one(frame: Frame) -> Select[Any]:
    """The rows of table 1."""
    return lines(frame, homes(frame), poor(frame), names=names_of(ONE))


def table_two(frame: Frame) -> Select[Any]:
    """The rows of table 2."""
    return lines(frame, homes(frame), names=names_of(TWO))


HOMES_ANNUAL = Return(
    "HOMES_ANNUAL",
    "Annual return of homes for the aged",
    "敬老院基本情况统计表",
    Period.YEAR,
    "county to city",
    "县级上报市级",
    "Two tables of a provincial civil-affairs system, read in public code, without its two defects",
    (
        Table("ONE", "Homes for the aged, table 1", "敬老院基本情况统计表(一)", ONE, table_one, (LEVELS,)),
        Table("TWO", "Homes for the aged, table 2", "敬老院基本情况统计表(二)", TWO, table_two),
    ),
)

BY_KIND = (
    Column("kind", "Kind of institution", "机构类型", CellKind.TEXT),
    Column("units", "Units", "机构数"),
    Column("public", "Of these public", "其中公办"),
    Column("private", "Of these private", "其中民办"),
    Column("beds", "Beds at the end of the year", "年末床位数"),
    Column("residents", "Residents at the end of the year", "年末收住人数"),
    Column("occupancy", "Occupancy", "入住率", RATE, over="residents", under="beds"),
    Column("able", "Residents: able", "能力完好"),
    Column("partly", "Residents: partly disabled", "部分失能"),
    Column("totally", "Residents: totally disabled", "完全失能"),
    Column("unassessed", "Residents: without a valid assessment", "未评估"),
    Column("female", "Residents: women", "女性"),
    Column("staff", "Staff", "职工人数"),
    Column("certified", "Certified staff", "持证护理员人数"),
    Column("area", "Building area", "建筑面积(平方米)", DECIMAL, scale=HUNDREDTH, unit="㎡"),
    Column("expenditure", "Expenditure", "年度支出", WAN),
)
KIND_CHECKS = (
    Check(
        "OWNERSHIP",
        "Public and private add up to the units.",
        "公办与民办之和等于机构数",
        ("public", "private"),
        "units",
    ),
    Check(
        "ABILITY",
        "The classes of ability add up to the residents.",
        "各能力等级人数之和等于收住人数",
        ("able", "partly", "totally", "unassessed"),
        "residents",
    ),
)


def by_kind(frame: Frame) -> Select[Any]:
    """A row for each kind of facility that there is in the territory."""
    facility: Any = aliased(Facility)
    statement: Any = aliased(FacilityStatement)
    of_year = and_(statement.facility_id == facility.id, statement.year == frame.start.year)
    public = facility.ownership.in_(rules.PUBLIC_OWNERSHIPS)
    columns: list[Any] = [
        facility.id.label("facility"),
        facility.kind.label("kind"),
        flag(public).label("public"),
        flag(~public).label("private"),
        func.coalesce(beds(facility, frame.view, bed_types=INSTITUTIONAL), 0).label("beds"),
        statement.staff,
        statement.certified_staff.label("certified"),
        hundredths(facility.building_area).label("area"),
        cast(statement.expenditure, BigInteger).label("expenditure"),
    ]
    houses = select(*columns).outerjoin(statement, of_year).where(*visible(facility, frame.view))
    houses = houses.where(within(facility.division_id, frame.division), facility.sector == Sector.ELDERLY)
    there, people = houses.subquery(), _residents(frame).subquery()
    summed = ("public", "private", "beds", "staff", "certified", "area", "expenditure")
    inside = ("residents", "able", "partly", "totally", "unassessed", "female")
    found: list[Any] = [
        cast(there.c.kind, String).label("row_key"),
        in_words(there.c.kind, FacilityKind).label("kind"),
        cast(func.count(), Integer).label("units"),
        *(known_sum(there.c[name]).label(name) for name in summed),
        *(cast(func.coalesce(func.sum(people.c[name]), 0), BigInteger).label(name) for name in inside),
    ]
    chosen: Select[Any] = select(*found).select_from(there.outerjoin(people, people.c.facility == there.c.facility))
    return chosen.group_by(there.c.kind).order_by(there.c.kind)


def _residents(frame: Frame) -> Select[Any]:
    stay: Any = aliased(Stay)
    person: Any = aliased(Person)
    level = latest_level(person, frame.view)
    told: dict[str, Any] = {
        "residents": literal(1),
        "able": flag(level == 0),
        "partly": flag(level.in_(PARTLY)),
        "totally": flag(level.in_(TOTALLY)),
        "unassessed": flag(level.is_(None)),
        "female": flag(person.sex == Sex.FEMALE),
    }
    columns = [each.label(name) for name, each in told.items()]
    one: Select[Any] = select(stay.facility_id.label("facility"), *columns).join(person, person.id == stay.person_id)
    rows = one.where(stay.bed_type.in_(INSTITUTIONAL), *visible(stay, frame.view)).subquery()
    sums = [func.sum(rows.c[name]).label(name) for name in told]
    return select(rows.c.facility, *sums).group_by(rows.c.facility)


CIVIL_AFFAIRS_ANNUAL = Return(
    "CIVIL_AFFAIRS_ANNUAL",
    "Annual civil-affairs statistics of institutions",
    "民政事业统计年报(养老机构)",
    Period.YEAR,
    "county to city",
    "县级上报市级",
    "Scheme of civil-affairs statistics; names of three columns read, the breakdowns from memory",
    (Table("KINDS", "Institutions by kind", "养老机构分类情况", BY_KIND, by_kind, KIND_CHECKS),),
)
