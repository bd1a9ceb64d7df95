"""The list people work from as the API shows it: a page of what is to be done, counts of each kind, one statement."""

from typing import Any

from sqlalchemy import String, case, cast, func, literal, select

from eldercare.api.kind import DAY, FLAG, KEY, TEXT, WHOLE, choice
from eldercare.api.noun import Argument, Report, Rows, shown_label, shown_reference
from eldercare.kit.errors import InvalidInput
from eldercare.registry.query import View
from eldercare.reporting.work import Severity, counted, items
from eldercare.reporting.work_lists import DUTIES, WorkKind

DEFAULT_ITEMS, MOST_ITEMS = 50, 500
KIND, SEVERITY = choice(WorkKind), choice(Severity)


def chosen(given: dict[str, Any], view: View) -> Any:
    """Everything on the list, worked out once for its page, its counts and its total."""
    kinds = None if given["kinds"] is None else {each.value for each in given["kinds"]}
    grades = given["severities"]
    found = [d for d in DUTIES if (kinds is None or d.code in kinds) and (grades is None or d.severity in grades)]
    rows = items(found, view.rows(), given["division"])
    if not given["overdue_only"]:
        return rows
    return select(rows).where(rows.c.days_overdue > 0).cte()


def page(given: dict[str, Any], view: View) -> Any:
    """The things to do of the page that was asked for."""
    found = _cut(given).subquery()
    facts = {each.code: each for each in DUTIES}

    def told(of: Any) -> Any:
        return case(*((found.c.kind == code, literal(of(duty), String)) for code, duty in facts.items()), else_="")

    columns: list[Any] = [
        *found.c,
        found.c.noun.concat("_").concat(cast(found.c.subject_key, String)).label("subject"),
        told(lambda duty: duty.severity.value).label("severity"),
        told(lambda duty: duty.do_en).label("what_to_do"),
        told(lambda duty: duty.do_zh).label("what_to_do_zh"),
    ]
    return select(*columns).limit(_size(given))


def _cut(given: dict[str, Any]) -> Any:
    rows = given["shared"]
    found = select(rows).order_by(rows.c.cursor)
    return found if given["after"] is None else found.where(rows.c.cursor > given["after"])


def _size(given: dict[str, Any]) -> int:
    size = DEFAULT_ITEMS if given["first"] is None else given["first"]
    if not 0 <= size <= MOST_ITEMS:
        raise InvalidInput("PAGE_SIZE", f"A page has 0 to {MOST_ITEMS} rows, not {size}.", remedy="Take more pages.")
    return int(size)


def whole(given: dict[str, Any], view: View) -> Any:
    """How long the list is, and where its page ends."""
    rows, size = given["shared"], _size(given)
    ahead = _cut(given).limit(size + 1).subquery()
    part = _cut(given).limit(size).subquery()
    columns: list[Any] = [
        select(func.count()).select_from(rows).scalar_subquery().label("total_count"),
        (select(func.count()).select_from(ahead).scalar_subquery() > size).label("has_next_page"),
        select(func.max(part.c.cursor)).scalar_subquery().label("end_cursor"),
    ]
    return select(*columns)


def kinds(given: dict[str, Any], view: View) -> Any:
    """How many of each kind the whole list has."""
    return counted(given["shared"])


ITEM = (
    shown_label("kind", KIND, en="What kind of thing it is.", zh="事项类型", required=True),
    shown_label("severity", SEVERITY, en="How pressing it is.", zh="紧急程度", required=True),
    shown_label("subject", KEY, en="The id of the record it is about.", zh="事项对象", required=True),
    shown_reference("person", "Person", en="The person it is about.", zh="老年人"),
    shown_reference("facility", "Facility", en="The facility it is about.", zh="机构"),
    shown_reference("division", "Division", en="Where it belongs.", zh="区划"),
    shown_label("since", DAY, en="Since when it is so, where that is known.", zh="起始日期"),
    shown_label("due", DAY, en="Until when it should be done; empty where no term is set.", zh="应办日期"),
    shown_label("days_overdue", WHOLE, en="Days since it was due; negative while the term runs.", zh="逾期天数"),
    shown_label("what_to_do", TEXT, en="What to do, in English.", zh="处理办法(英文)", required=True),
    shown_label("what_to_do_zh", TEXT, en="What to do, in Chinese.", zh="处理办法", required=True),
    shown_label("cursor", TEXT, en="Where it stands in the list.", zh="游标", required=True),
)
COUNTS = (
    shown_label("kind", KIND, en="The kind.", zh="事项类型", required=True),
    shown_label("count", WHOLE, en="How many there are.", zh="数量", required=True),
    shown_label("overdue", WHOLE, en="How many of them are overdue.", zh="逾期数量", required=True),
)

REPORTS = (
    Report(
        "workList",
        "WorkList",
        whole,
        lists=True,
        fields=(
            shown_label("total_count", WHOLE, en="How many things the whole list has.", zh="总数", required=True),
            shown_label(
                "has_next_page", FLAG, en="Whether more follow behind this page.", zh="是否有下一页", required=True
            ),
            shown_label("end_cursor", TEXT, en="The cursor of the page's last thing.", zh="末条游标"),
            Rows("nodes", "WorkItem", page, ITEM, ("cursor",), "The page: the longest due first.", "待办事项"),
            Rows("counts", "WorkCount", kinds, COUNTS, ("kind",), "How many of each kind.", "分类计数"),
        ),
        en="What is overdue, expiring, inconsistent or missing, and what to do about it.",
        zh="待办清单",
        arguments=(
            Argument("division", KEY, "The territory: its id or its twelve-digit code.", "区划", noun="Division"),
            Argument("kinds", KIND, "Which kinds; all without.", "事项类型", many=True, structural=True),
            Argument("severities", SEVERITY, "How pressing; all without.", "紧急程度", many=True, structural=True),
            Argument("overdue_only", FLAG, "Only what is overdue.", "仅逾期", structural=True),
            Argument("first", WHOLE, "How many: 0 to 500, by default 50.", "条数", structural=True),
            Argument("after", TEXT, "Those behind this cursor.", "游标之后"),
        ),
        single=True,
        shared=chosen,
    ),
)
