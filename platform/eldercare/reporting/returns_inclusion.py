"""Monthly returns about people the bottom line is for: who is not placed yet and why, and who was visited."""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, not_, select
from sqlalchemy.orm import aliased

from eldercare.registry.division import Division, within
from eldercare.registry.freshness import special, visited_this_month
from eldercare.registry.group import alive, people_determined
from eldercare.registry.inclusion import (
    ENTITLED,
    GapReason,
    applied_on,
    counts,
    entitled,
    gap_reason,
    in_public_home,
    in_the_gap,
    planned_on,
)
from eldercare.registry.person import Person
from eldercare.registry.publicity import masked
from eldercare.registry.query import visible
from eldercare.registry.rules import DERIVED_CATEGORIES
from eldercare.reporting.form import CellKind, Check, Column, Frame, Period, Return, Table
from eldercare.reporting.lines import CODE, DIVISION, at_home, flag, in_words, lines, names_of
from eldercare.reporting.returns_services import terms
from eldercare.reporting.work import home

TEXT, DAY, RATE = CellKind.TEXT, CellKind.DAY, CellKind.RATE

INCLUSION = (
    DIVISION,
    CODE,
    Column("eligible", "Entitled to a public place", "应保障人数"),
    Column("unwilling", "Of these without a place and not wanting one", "其中不愿入住"),
    Column("willing", "Placed, or wanting to be", "应养人数"),
    Column("placed", "Living in a public home", "已入住公办机构"),
    Column("gap", "Not placed yet", "未入住人数"),
    Column("rate", "Share placed", "应养尽养率", RATE, over="placed", under="willing"),
)
WILLING = Check(
    "WILLING", "Those who are willing and those who are not add up.", "愿意与不愿意之和等于应保障人数",
    ("willing", "unwilling"), "eligible",
)  # fmt: skip
GAP = Check("GAP", "Those placed and those not placed add up.", "已入住与未入住之和等于应养人数", ("placed", "gap"), "willing")  # fmt: skip
REASONS = (Column("reason", "Reason", "未入住原因", TEXT), Column("people", "People", "人数"))
LIST = (
    Column("name", "Name", "姓名", TEXT),
    Column("division", "Division", "区划", TEXT),
    Column("reason", "Reason", "未入住原因", TEXT),
    Column("since", "Application made", "申请日期", DAY),
    Column("planned_on", "Planned to move in", "计划入住日期", DAY),
)
VISITS = (
    DIVISION,
    CODE,
    Column("due", "To be visited in the month", "应探访人数"),
    Column("done", "Met", "已探访人数"),
    Column("missed", "Not met", "未探访人数"),
    Column("rate", "Share met", "月探访率", RATE, over="done", under="due"),
)
VISITED = Check(
    "VISITED", "Those met and those not met add up.", "已探访与未探访之和等于应探访", ("done", "missed"), "due"
)


def of_a_group(person: Any, frame: Frame) -> ColumnElement[bool]:
    """Whether a person is entitled: found by the determinations where the groups are determined, which is much faster."""
    view = frame.view.over_all()
    if set(ENTITLED) & set(DERIVED_CATEGORIES):
        return entitled(ENTITLED, person, view)
    found: ColumnElement[bool] = person.id.in_(people_determined(list(ENTITLED), view))
    return found


def inclusion(frame: Frame) -> Select[Any]:
    """The people of the territory who are entitled, each once, and how they stand."""
    person: Any = aliased(Person)
    view = frame.view.over_all()
    there, counted = in_public_home(person, view), counts(person, view)
    columns = {
        "eligible": literal(1),
        "unwilling": flag(not_(counted)),
        "willing": flag(counted),
        "placed": flag(there),
        "gap": flag(in_the_gap(ENTITLED, person, view)),
    }
    labelled = [column.label(name) for name, column in columns.items()]
    rows = at_home(frame, frame.view, *labelled, person=person).where(of_a_group(person, frame)).subquery()
    return select(rows.c.line, *(rows.c[name] for name in columns))


def without_a_place(frame: Frame, *columns: Any, person: Any) -> Select[Any]:
    """The people of the territory who are entitled and willing and have no place."""
    found: Select[Any] = select(*columns).where(alive(person, frame.view), *visible(person, frame.view))
    inside = within(home(person.id, frame.view), frame.division)
    return found.where(of_a_group(person, frame), inside, in_the_gap(ENTITLED, person, frame.view.over_all()))


def reasons(frame: Frame) -> Select[Any]:
    """How many there are for each reason."""
    person: Any = aliased(Person)
    reason = cast(gap_reason(person, frame.view.over_all()), String)
    waiting = without_a_place(frame, person.id.label("id"), reason.label("reason"), person=person).subquery()
    listed = terms(GapReason)
    columns = [listed.c.code.label("row_key"), listed.c.zh.label("reason"), func.count(waiting.c.id).label("people")]
    found: Select[Any] = select(*columns).select_from(listed).outerjoin(waiting, waiting.c.reason == listed.c.code)
    return found.group_by(listed.c.n, listed.c.code, listed.c.zh).order_by(listed.c.n)


def gap_list(frame: Frame) -> Select[Any]:
    """The people of the gap, as the publicity lists show them: names masked, no day of birth, no number."""
    person: Any = aliased(Person)
    place: Any = aliased(Division)
    view = frame.view.over_all()
    columns: list[Any] = [
        literal("Person_", String).concat(cast(person.id, String)).label("row_key"),
        masked(person.name).label("name"),
        home(person.id, frame.view).label("place"),
        in_words(gap_reason(person, view), GapReason).label("reason"),
        applied_on(person, view).label("since"),
        planned_on(person, view).label("planned_on"),
        person.id.label("number"),
    ]
    rows = without_a_place(frame, *columns, person=person).subquery()
    shown = [rows.c[name] for name in ("row_key", "name", "reason", "since", "planned_on")]
    found: Select[Any] = select(*shown, place.name.label("division")).join(place, place.id == rows.c.place)
    return found.order_by(case((rows.c.planned_on.is_(None), 1), else_=0), rows.c.planned_on, place.code, rows.c.number)


def visits(frame: Frame) -> Select[Any]:
    """The people in special difficulty of the territory, each once, and whether they were met in the month."""
    person: Any = aliased(Person)
    met = visited_this_month(person, frame.view.over_all())
    columns = [literal(1).label("due"), flag(met).label("done"), flag(not_(met)).label("missed")]
    rows = at_home(frame, frame.view, *columns, person=person).where(special(person, frame.view)).subquery()
    return select(rows.c.line, rows.c.due, rows.c.done, rows.c.missed)


INCLUSION_GAP = Return(
    "INCLUSION_GAP",
    "Inclusion and the list of those not placed yet",
    "应养尽养情况与应养未养清单",
    Period.MONTH,
    "county",
    "县级",
    "Text of Zhangjiajie: fully included in public institutions",
    (
        Table(
            "INCLUSION",
            "Inclusion by division",
            "应养尽养情况",
            INCLUSION,
            lambda frame: lines(frame, inclusion(frame), names=names_of(INCLUSION)),
            (WILLING, GAP),
        ),
        Table("REASONS", "Those not placed yet, by reason", "未入住原因", REASONS, reasons),
        Table("LIST", "Those not placed yet", "应养未养清单", LIST, gap_list, total=False),
    ),
)
CARE_VISITS_MONTHLY = Return(
    "CARE_VISITS_MONTHLY",
    "Visits to older people in special difficulty",
    "特殊困难老年人探访关爱月报",
    Period.MONTH,
    "village",
    "村(社区)",
    "Plan of 2021 to 2025: everybody in special difficulty is visited every month",
    (
        Table(
            "VISITS",
            "Visits due, done and missed",
            "探访情况",
            VISITS,
            lambda frame: lines(frame, visits(frame), names=names_of(VISITS)),
            (VISITED,),
        ),
    ),
)
