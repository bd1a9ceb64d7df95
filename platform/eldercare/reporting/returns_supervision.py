"""Returns on supervision: the ledger of inspections and hazards, progress of stars and group operation, evaluations."""

from typing import Any

from sqlalchemy import BigInteger, Select, String, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from eldercare.registry.checklist import Inspection, InspectionKind, InspectionOutcome, InspectionResult, Verdict
from eldercare.registry.division import Division, within
from eldercare.registry.evaluation import EvaluationCriterion, EvaluationScore, PerformanceEvaluation
from eldercare.registry.facility import Facility
from eldercare.registry.grouping import Unification, UnificationItem, UnificationState
from eldercare.registry.hazard import Hazard, HazardLevel
from eldercare.registry.query import visible
from eldercare.registry.upgrade import StarUpgradeProject, UpgradeGap
from eldercare.reporting.form import CellKind, Check, Column, Frame, Period, Return, Table
from eldercare.reporting.lines import flag, in_words
from eldercare.reporting.returns_facility import stars

TEXT, RATE, DAY = CellKind.TEXT, CellKind.RATE, CellKind.DAY

INSPECTIONS = (
    Column("name", "Facility", "机构名称", TEXT),
    Column("kind", "Kind of inspection", "检查类型", TEXT),
    Column("completed_on", "Completed on", "完成日期", DAY),
    Column("applicable", "Items applicable", "适用项"),
    Column("passed", "Items passed", "合格项"),
    Column("failed", "Items failed", "不合格项"),
    Column("pass_rate", "Pass rate", "合格率", RATE, over="passed", under="applicable", decimals=1),
    Column("outcome", "Outcome", "检查结论", TEXT),
)
ITEMS = Check(
    "ITEMS", "Passed and failed items add up.", "合格项与不合格项之和等于适用项", ("passed", "failed"), "applicable"
)
HAZARDS = (
    Column("level", "Level", "隐患等级", TEXT),
    Column("opening", "Open at the beginning", "期初未销号"),
    Column("found", "Found in the month", "本月新发现"),
    Column("closed", "Closed in the month", "本月销号"),
    Column("open", "Open at the end", "期末未销号"),
    Column("overdue", "Of these overdue", "其中逾期"),
    Column("major", "Of these major", "其中重大隐患"),
    Column("due", "Due by the end", "应整改"),
    Column("due_closed", "Of those closed", "已整改"),
    Column("rate", "Rectified", "整改率", RATE, over="due_closed", under="due", decimals=1),
)
FLOW = Check(
    "FLOW",
    "Open before, and found, less closed, are open at the end.",
    "期初+新发现-销号=期末",
    ("opening", "found"),
    "open",
    ("closed",),
)


def inspections(frame: Frame) -> Select[Any]:
    """The inspections completed in the period."""
    one: Any = aliased(Inspection)
    facility: Any = aliased(Facility)
    result: Any = aliased(InspectionResult)

    def counted(*verdicts: Verdict) -> Any:
        found = select(func.count(result.id)).where(result.inspection_id == one.id, result.verdict.in_(verdicts))
        return found.correlate(one).scalar_subquery()

    columns: list[Any] = [
        literal("Inspection_", String).concat(cast(one.id, String)).label("row_key"),
        facility.name.label("name"),
        in_words(one.kind, InspectionKind).label("kind"),
        one.completed_on,
        counted(Verdict.PASS, Verdict.FAIL).label("applicable"),
        counted(Verdict.PASS).label("passed"),
        counted(Verdict.FAIL).label("failed"),
        in_words(one.outcome, InspectionOutcome).label("outcome"),
    ]
    found: Select[Any] = select(*columns).join(facility, facility.id == one.facility_id)
    found = found.where(one.completed_on >= frame.start, one.completed_on < frame.end)
    return found.where(within(facility.division_id, frame.division)).order_by(one.completed_on, one.id)


def hazards(frame: Frame) -> Select[Any]:
    """The hazards of the territory by level: open before, found, closed, open after, overdue."""
    hazard: Any = aliased(Hazard)
    facility: Any = aliased(Facility)
    before = and_(hazard.found_on < frame.start, or_(hazard.closed_on.is_(None), hazard.closed_on >= frame.start))
    after = or_(hazard.closed_on.is_(None), hazard.closed_on >= frame.end)
    due = hazard.due_on < frame.end
    counts: dict[str, Any] = {
        "opening": before,
        "found": hazard.found_on >= frame.start,
        "closed": and_(hazard.closed_on >= frame.start, hazard.closed_on < frame.end),
        "open": after,
        "overdue": and_(after, due),
        "major": and_(after, hazard.major),
        "due": due,
        "due_closed": and_(due, ~after),
    }
    order = case(*((hazard.level == each, n) for n, each in enumerate(HazardLevel)))
    columns: list[Any] = [
        cast(hazard.level, String).label("row_key"),
        in_words(hazard.level, HazardLevel).label("level"),
        *(cast(func.sum(flag(each)), BigInteger).label(name) for name, each in counts.items()),
    ]
    found: Select[Any] = select(*columns).join(facility, facility.id == hazard.facility_id)
    found = found.where(hazard.found_on < frame.end, within(facility.division_id, frame.division))
    return found.group_by(hazard.level).order_by(func.min(order))


STARS = (
    Column("name", "Facility", "机构名称", TEXT),
    Column("stars", "Stars now", "现有星级", summed=False),
    Column("target", "Stars aimed at", "目标星级", summed=False),
    Column("due_on", "Due on", "完成期限", DAY),
    Column("completed_on", "Completed on", "完成日期", DAY),
    Column("gaps", "Gaps", "差距数"),
    Column("closed", "Gaps closed", "已补齐"),
    Column("share", "Share closed", "补齐率", RATE, over="closed", under="gaps", decimals=1),
    Column("overdue", "Overdue", "是否逾期", CellKind.FLAG),
)
UNITY = (
    Column("name", "Facility", "机构名称", TEXT),
    *(Column(each.value.lower(), each.en.capitalize(), each.zh, TEXT) for each in Unification),
    Column("done", "Items done", "已完成项"),
    Column("items", "Items", "应统一项"),
    Column("share", "Share done", "完成率", RATE, over="done", under="items", decimals=1),
)


def upgrades(frame: Frame) -> Select[Any]:
    """The star projects of the territory that were not given up."""
    project: Any = aliased(StarUpgradeProject)
    facility: Any = aliased(Facility)
    gap: Any = aliased(UpgradeGap)
    gaps = select(func.count(gap.id)).where(gap.project_id == project.id)
    closed = gaps.where(gap.closed_on < frame.end)
    done = func.coalesce(project.completed_on < frame.end, False)
    columns: list[Any] = [
        literal("StarUpgradeProject_", String).concat(cast(project.id, String)).label("row_key"),
        facility.name.label("name"),
        stars(facility, frame.view).label("stars"),
        project.target_level.label("target"),
        project.due_on,
        case((done, project.completed_on)).label("completed_on"),
        gaps.correlate(project).scalar_subquery().label("gaps"),
        closed.correlate(project).scalar_subquery().label("closed"),
        and_(~done, project.due_on < frame.end).label("overdue"),
    ]
    found: Select[Any] = select(*columns).join(facility, facility.id == project.facility_id)
    found = found.where(project.started_on < frame.end, project.cancelled_on.is_(None))
    return found.where(within(facility.division_id, frame.division)).order_by(facility.name, project.id)


def unity(frame: Frame) -> Select[Any]:
    """The five unifications of each facility of which something is recorded."""
    item: Any = aliased(UnificationItem)
    facility: Any = aliased(Facility)
    states = {each: func.max(case((item.item == each, in_words(item.state, UnificationState)))) for each in Unification}
    columns: list[Any] = [
        literal("Facility_", String).concat(cast(facility.id, String)).label("row_key"),
        facility.name.label("name"),
        *(
            func.coalesce(state, UnificationState.NOT_STARTED.zh).label(each.value.lower())
            for each, state in states.items()
        ),
        cast(func.sum(flag(item.state == UnificationState.DONE)), BigInteger).label("done"),
        literal(len(Unification)).label("items"),
    ]
    found: Select[Any] = select(*columns).join(item, item.facility_id == facility.id)
    found = found.where(*visible(item, frame.view), within(facility.division_id, frame.division))
    return found.group_by(facility.id, facility.name).order_by(facility.name, facility.id)


EVALUATION = (
    Column("subject", "Evaluated", "被评价对象", TEXT),
    Column("criteria", "Indicators", "指标数"),
    Column("points", "", "", hidden=True),
    Column("weights", "Weight", "权重合计", CellKind.DECIMAL, scale=(1, 100)),
    Column("score", "Score", "得分", RATE, over="points", under="weights", times=1, decimals=2, unit="分"),
)


def evaluations(frame: Frame) -> Select[Any]:
    """The evaluations of the year: each indicator's achievement by its weight."""
    one: Any = aliased(PerformanceEvaluation)
    score: Any = aliased(EvaluationScore)
    criterion: Any = aliased(EvaluationCriterion)
    division: Any = aliased(Division)
    facility: Any = aliased(Facility)
    weight, achieved = cast(criterion.weight * 100, BigInteger), cast(score.achieved * 100, BigInteger)
    columns: list[Any] = [
        literal("PerformanceEvaluation_", String).concat(cast(one.id, String)).label("row_key"),
        func.coalesce(func.min(facility.name), func.min(division.name)).label("subject"),
        func.count(score.id).label("criteria"),
        cast(func.sum(weight * achieved) / 100, BigInteger).label("points"),
        cast(func.sum(weight), BigInteger).label("weights"),
    ]
    place = func.coalesce(facility.division_id, one.division_id)
    found: Select[Any] = select(*columns).join(score, score.evaluation_id == one.id)
    found = found.join(criterion, criterion.id == score.criterion_id)
    found = found.outerjoin(facility, facility.id == one.facility_id).outerjoin(
        division, division.id == one.division_id
    )
    found = found.where(one.year == frame.start.year, within(place, frame.division))
    return found.group_by(one.id).order_by(one.id)


HAZARD_LEDGER = Return(
    "HAZARD_LEDGER",
    "Ledger of inspections and hazards",
    "监督检查与安全隐患台账",
    Period.MONTH,
    "county",
    "县级",
    "Four levels and due times of one regulator's system, read in public",
    (
        Table("INSPECTIONS", "Inspections", "监督检查", INSPECTIONS, inspections, (ITEMS,)),
        Table("HAZARDS", "Hazards by level", "安全隐患", HAZARDS, hazards, (FLOW,)),
    ),
)
STAR_PROGRESS = Return(
    "STAR_PROGRESS",
    "Progress of star upgrades and group operation",
    "等级提升与集团化运营进展季报",
    Period.QUARTER,
    "district",
    "区级",
    "Text of Xiaoshan: two stars, five unifications",
    (
        Table("STARS", "Star upgrades", "等级提升", STARS, upgrades),
        Table("UNITY", "Five unifications", "五统一", UNITY, unity),
    ),
)
PERFORMANCE = Return(
    "PERFORMANCE",
    "Performance evaluation",
    "绩效评价年报",
    Period.YEAR,
    "province, ministry",
    "省级、部级",
    "Evaluation by indicators and weights that add up to 100",
    (Table("EVALUATIONS", "Evaluations", "绩效评价", EVALUATION, evaluations, total=False),),
)
