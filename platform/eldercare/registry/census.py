"""Census campaigns and visits: who is to be verified in a territory, and who confirmed what of whom on which day."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Index, Integer, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Entity, Validity, column, not_negative, reference, term
from eldercare.registry.membership import GroupCategory
from eldercare.security.privacy import Privacy, Reach


class Census(Entity):
    """A campaign in which everybody of a territory, or of one of its groups, is to be verified."""

    __tablename__ = "census"
    __zh__ = "摸底排查"
    __reach__ = Reach(division="division_id")

    name: Mapped[str] = column(String(120), en="What it is called.", zh="名称")
    division_id: Mapped[int] = reference("division", en="The territory.", zh="排查范围")
    category: Mapped[GroupCategory | None] = column(
        term(GroupCategory), en="The group to be verified; everybody when empty.", zh="排查对象类别"
    )
    age_from: Mapped[int] = column(Integer, en="Least age in full years on its first day.", zh="起始年龄", default=60)
    begins_on: Mapped[date] = column(Date, en="Its first day.", zh="开始日期", planned=True)
    ends_on: Mapped[date] = column(Date, en="Its last day.", zh="截止日期", planned=True)
    organiser: Mapped[str | None] = column(String(120), en="Who organises it.", zh="组织单位")
    note: Mapped[str | None] = column(String(500), en="What else is said about it.", zh="说明")

    __table_args__ = (
        CheckConstraint("begins_on <= ends_on", name="begins_before_it_ends"),
        *not_negative("age_from"),
    )


class VisitPurpose(Term):
    """What a visit is for."""

    VERIFICATION = "信息核实", "verifying what is recorded"
    CARE = "探访关爱", "visiting somebody in special difficulty"


class VisitManner(Term):
    """How somebody was visited."""

    HOME = "入户", "at home"
    FACILITY = "在机构", "in the facility"
    PHONE = "电话", "by telephone"
    DATA_MATCH = "数据比对", "by matching another register"


class VisitTopic(Term):
    """What was verified."""

    ALL = "全部信息", "everything recorded"
    RESIDENCE = "居住地址", "where the person lives"
    LIVING = "居住情况", "with whom the person lives"
    ABILITY = "身体能力", "ability"
    GROUP = "群体类别", "the groups"
    CONTACT = "联系方式", "telephone and contacts"


class VisitResult(Term):
    """What came of a visit."""

    CONFIRMED = "信息无误", "all is as recorded"
    CHANGED = "信息有变化", "something changed, a report follows"
    ABSENT = "未见到本人", "the person was not met"
    REFUSED = "拒绝", "the person refused"


class Visit(Entity):
    """That somebody was visited or verified: by whom, how, what was looked at, and what came of it."""

    __tablename__ = "visit"
    __zh__ = "核实与探访"
    __validity__ = Validity("visited_on", "")
    __reach__ = Reach(person="person_id")

    person_id: Mapped[int] = reference("person", en="Who was visited.", zh="老年人", index=False)
    visited_on: Mapped[date] = column(Date, en="The day.", zh="走访日期", privacy=Privacy.PERSONAL)
    purpose: Mapped[VisitPurpose] = column(
        term(VisitPurpose),
        en="What for.",
        zh="走访目的",
        default=VisitPurpose.VERIFICATION,
        privacy=Privacy.PERSONAL,
    )
    manner: Mapped[VisitManner] = column(
        term(VisitManner), en="How.", zh="走访方式", default=VisitManner.HOME, privacy=Privacy.PERSONAL
    )
    topic: Mapped[VisitTopic] = column(
        term(VisitTopic), en="What was verified.", zh="核实内容", default=VisitTopic.ALL, privacy=Privacy.PERSONAL
    )
    result: Mapped[VisitResult] = column(
        term(VisitResult), en="What came of it.", zh="走访结果", privacy=Privacy.PERSONAL
    )
    visitor: Mapped[str | None] = column(String(80), en="Who visited.", zh="走访人", privacy=Privacy.PERSONAL)
    note: Mapped[str | None] = column(String(500), en="What was seen.", zh="情况说明", privacy=Privacy.NOTE)
    census_id: Mapped[int | None] = reference("census", en="The campaign it belongs to.", zh="所属排查")
    report_id: Mapped[int | None] = reference(
        "change_report", en="The report of what had changed.", zh="变更报告", index=False
    )

    __table_args__ = (
        CheckConstraint("purpose <> 'CARE' OR manner <> 'DATA_MATCH'", name="care_meets_somebody"),
        Index("ix_visit_person", "person_id", "visited_on"),
        Index("ix_visit_day", "visited_on", "purpose", "person_id"),
    )
