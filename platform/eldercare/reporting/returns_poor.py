"""The quarterly return on the support of the extremely poor: four tables, by mode of support and urban or rural."""

from typing import Any

from sqlalchemy import Select, String, and_, cast, exists, func, literal, select
from sqlalchemy.orm import aliased

from eldercare.registry.assessment import AbilityAssessment
from eldercare.registry.division import Division, UrbanRural
from eldercare.registry.group import age, effective, holds, latest_assessment
from eldercare.registry.membership import GroupCategory, GroupMembership, SelfCareClass, SupportMode
from eldercare.registry.person import Person, Sex
from eldercare.registry.query import View
from eldercare.reporting.form import Check, Column, Frame, Period, Return, Table
from eldercare.reporting.lines import CODE, DIVISION, at_home, flag, lines, names_of
from eldercare.reporting.work import home

POOR = GroupCategory.EXTREMELY_POOR
YOUNG, OLD, VERY_OLD = 16, 60, 80
"""The bounds of the form's ages, each belonging to the band above it: [0,16) [16,60) [60,80) [80,...)."""

COLUMNS = (
    DIVISION,
    CODE,
    Column("people", "Extremely poor people at the end of the quarter", "季末特困人员人数"),
    Column("supported", "Of these in this mode of support", "其中本供养方式人数"),
    Column("full", "Self-care: able", "全自理"),
    Column("partial", "Self-care: partly able", "半护理"),
    Column("none", "Self-care: unable", "全护理"),
    Column("age_0", "Under 16", "未满16周岁"),
    Column("age_16", "16 to under 60", "16周岁至未满60周岁"),
    Column("age_60", "60 to under 80", "60周岁至未满80周岁"),
    Column("age_80", "80 and over", "80周岁及以上"),
    Column("female", "Women", "女性"),
    Column("disability", "With a severe disability", "重度残疾人"),
    Column("mental", "With a mental illness", "精神疾病患者"),
    Column("opening", "In this mode at the end of the quarter before", "上季末人数"),
    Column("entered", "Entered in the quarter", "本季新增人数"),
    Column("left", "Left in the quarter", "本季退出人数"),
)
CHECKS = (
    Check(
        "SELF_CARE",
        "The classes of self-care add up to the people in the mode.",
        "自理能力各栏之和等于本供养方式人数",
        ("full", "partial", "none"),
        "supported",
    ),
    Check(
        "AGES",
        "The ages add up to the people in the mode.",
        "年龄各栏之和等于本供养方式人数",
        ("age_0", "age_16", "age_60", "age_80"),
        "supported",
    ),
    Check(
        "FLOW",
        "People before, and entered, less left, are the people at the end.",
        "上季末人数+本季新增-本季退出=本季末人数",
        ("opening", "entered"),
        "supported",
        ("left",),
    ),
)


def rows(mode: SupportMode, place: UrbanRural) -> Any:
    """The rows of one of the four tables."""

    def of(frame: Frame) -> Select[Any]:
        end, before = _state(frame, frame.view, place).cte(), _state(frame, frame.opening, place).cte()
        now, then = end.c.mode == mode.value, before.c.mode == mode.value
        came = ~_same(before, end, mode)
        gone = ~_same(end, before, mode)
        columns = [flag(now).label("supported"), *(flag(and_(now, end.c[name] == 1)).label(name) for name in _TOLD)]
        closing: list[Any] = [end.c.line, literal(1).label("people"), *columns, flag(and_(now, came)).label("entered")]
        opening: list[Any] = [before.c.line, literal(1).label("opening"), flag(gone).label("left")]
        units = (select(*closing), select(*opening).where(then))
        return lines(frame, *units, names=names_of(COLUMNS))

    return of


_TOLD = ("full", "partial", "none", "age_0", "age_16", "age_60", "age_80", "female", "disability", "mental")


def _same(there: Any, here: Any, mode: SupportMode) -> Any:
    other = there.alias()
    same = [other.c.person_id == here.c.person_id, other.c.line == here.c.line, other.c.mode == mode.value]
    return exists(select(literal(1)).where(*same))


def _state(frame: Frame, view: View, place: UrbanRural) -> Select[Any]:
    """The extremely poor of urban or rural places on a day, each once, with what the form tells of them."""
    member: Any = aliased(GroupMembership)
    person: Any = aliased(Person)
    years = age(person, view)
    columns = [
        cast(member.support_mode, String).label("mode"),
        *(flag(member.self_care == each).label(each.value.lower()) for each in SelfCareClass),
        flag(years < YOUNG).label("age_0"),
        flag(and_(years >= YOUNG, years < OLD)).label("age_16"),
        flag(and_(years >= OLD, years < VERY_OLD)).label("age_60"),
        flag(years >= VERY_OLD).label("age_80"),
        flag(person.sex == Sex.FEMALE).label("female"),
        flag(holds(GroupCategory.SEVERE_DISABILITY_CERT, person, view)).label("disability"),
        flag(func.coalesce(_mental(person, view), False)).label("mental"),
    ]
    found = at_home(frame, view, *columns, person=person).join(member, member.person_id == person.id)
    return found.where(member.category == POOR, *effective(member, view), _kind(person, view) == place)


def _mental(person: Any, view: View) -> Any:
    assessment: Any = aliased(AbilityAssessment)
    newest = latest_assessment(person.id, view).correlate(person).scalar_subquery()
    return select(assessment.mental_diagnosis).where(assessment.id == newest).correlate(person).scalar_subquery()


def _kind(person: Any, view: View) -> Any:
    """Whether the place where a person lives is urban or rural; rural where that is not recorded."""
    division: Any = aliased(Division)
    found = select(division.urban_rural).where(division.id == home(person.id, view)).correlate(person).scalar_subquery()
    return func.coalesce(found, UrbanRural.RURAL)


def _table(mode: SupportMode, place: UrbanRural) -> Table:
    zh, en = f"{place.zh}特困人员{mode.zh}情况", f"{place.en.capitalize()}: {mode.en}"
    return Table(f"{place.value}_{mode.value}", en, zh, COLUMNS, rows(mode, place), CHECKS)


EXTREMELY_POOR = Return(
    "EXTREMELY_POOR_QUARTERLY",
    "Support of the extremely poor",
    "特困人员救助供养对象综合统计表",
    Period.QUARTER,
    "county to city",
    "县级上报市级",
    "Quarterly form of a prefecture-level city, read in public",
    tuple(_table(mode, place) for mode in SupportMode for place in UrbanRural),
)
