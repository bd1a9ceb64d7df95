"""Checklists as versioned data, inspections by them, the result of each item, and what was found."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Alone, Entity, Validity, column, not_negative, ordered, reference, term
from eldercare.security.privacy import Reach


class ChecklistTemplate(Entity):
    """An edition of a checklist: what is inspected, from when to when."""

    __tablename__ = "checklist_template"
    __zh__ = "检查表"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("code",))
    __reach__ = Reach(everybody=True)

    code: Mapped[str] = column(String(40), en="The checklist; all its editions share it.", zh="检查表代码")
    edition: Mapped[str] = column(String(20), en="The edition.", zh="版本号")
    name: Mapped[str] = column(String(160), en="English name.", zh="英文名称")
    name_zh: Mapped[str] = column(String(160), en="Chinese name.", zh="中文名称")
    basis: Mapped[str | None] = column(String(300), en="What it rests on.", zh="依据")
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期")

    __table_args__ = (ordered("valid_from", "valid_to"), UniqueConstraint("code", "edition"))


class ChecklistItem(Entity):
    """One numbered item of a checklist; its text may still have to be supplied by whoever inspects by it."""

    __tablename__ = "checklist_item"
    __zh__ = "检查项"
    __reach__ = Reach(via="template_id")

    template_id: Mapped[int] = reference("checklist_template", en="The checklist.", zh="检查表", index=False)
    number: Mapped[int] = column(Integer, en="Its number, from 1.", zh="序号")
    text: Mapped[str | None] = column(String(500), en="What is inspected; empty until it is supplied.", zh="检查内容")
    legal_basis: Mapped[str | None] = column(String(300), en="The rule it rests on.", zh="法律依据")
    deduct: Mapped[Decimal | None] = column(Numeric(6, 2), en="Points lost when it fails.", zh="扣分")
    stop_operation: Mapped[bool] = column(
        Boolean, en="Whether failing it stops operation.", zh="不合格是否停业", default=False
    )
    may_not_apply: Mapped[bool] = column(
        Boolean, en="Whether it may be found not applicable.", zh="可否不适用", default=False
    )

    __table_args__ = (
        UniqueConstraint("template_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        *not_negative("deduct"),
    )


class InspectionKind(Term):
    """Why a facility is inspected."""

    ROUTINE = "日常检查", "routine"
    DOUBLE_RANDOM = "双随机抽查", "double random: facility and inspectors drawn by lot"
    SPECIAL = "专项检查", "special"
    CONSTRUCTION_ACCEPTANCE = "建设验收", "acceptance of construction"
    OPERATION_ASSESSMENT = "运营服务评估", "assessment of operation"
    STAR = "等级评定检查", "for a rating"


class InspectionOutcome(Term):
    """What an inspection came to."""

    PASSED = "合格", "passed"
    FAILED = "不合格", "failed"


class InspectionState(Term):
    """Where an inspection stands at a date."""

    PLANNED = "待检查", "planned"
    UNDER_WAY = "检查中", "under way"
    COMPLETED = "已完成", "completed"


class Inspection(Entity):
    """A visit to a facility by inspectors, with a checklist or without."""

    __tablename__ = "inspection"
    __zh__ = "监督检查"
    __reach__ = Reach(facility="facility_id")

    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构", index=False)
    kind: Mapped[InspectionKind] = column(term(InspectionKind), en="Why it is held.", zh="检查类型")
    template_id: Mapped[int | None] = reference("checklist_template", en="The checklist used.", zh="检查表")
    authority_id: Mapped[int | None] = reference("organisation", en="Who inspects.", zh="检查单位")
    planned_on: Mapped[date | None] = column(Date, en="The day it is planned for.", zh="计划日期", planned=True)
    started_on: Mapped[date | None] = column(Date, en="First day of the visit.", zh="检查日期")
    completed_on: Mapped[date | None] = column(Date, en="The day it was completed.", zh="完成日期")
    outcome: Mapped[InspectionOutcome | None] = column(
        term(InspectionOutcome), en="What it came to; empty until completed.", zh="检查结论"
    )
    note: Mapped[str | None] = column(String(500), en="What else was noted.", zh="备注")

    __table_args__ = (
        CheckConstraint("completed_on IS NULL OR started_on <= completed_on", name="started_before_completed"),
        CheckConstraint("completed_on IS NULL OR started_on IS NOT NULL", name="completed_once_started"),
        CheckConstraint("(completed_on IS NULL) = (outcome IS NULL)", name="outcome_when_completed"),
        CheckConstraint("planned_on IS NOT NULL OR started_on IS NOT NULL", name="planned_or_started"),
        Index("ix_inspection_facility", "facility_id", "kind", "started_on"),
    )


class Inspector(Entity):
    """An officer who takes part in an inspection."""

    __tablename__ = "inspector"
    __zh__ = "检查人员"
    __reach__ = Reach(via="inspection_id")

    inspection_id: Mapped[int] = reference("inspection", en="The inspection.", zh="监督检查", index=False)
    name: Mapped[str] = column(String(80), en="Name.", zh="姓名")
    unit: Mapped[str | None] = column(String(120), en="The unit the officer comes from.", zh="单位")
    certificate: Mapped[str | None] = column(String(40), en="Number of the certificate.", zh="执法证号")

    __table_args__ = (UniqueConstraint("inspection_id", "name"),)


class Verdict(Term):
    """What was found about an item."""

    PASS = "合格", "passed"
    FAIL = "不合格", "failed"
    NOT_APPLICABLE = "不适用", "not applicable"


class InspectionResult(Entity):
    """What an inspection found about one item of its checklist."""

    __tablename__ = "inspection_result"
    __zh__ = "检查结果"
    __reach__ = Reach(via="inspection_id")

    inspection_id: Mapped[int] = reference("inspection", en="The inspection.", zh="监督检查", index=False)
    item_id: Mapped[int] = reference("checklist_item", en="The item.", zh="检查项")
    verdict: Mapped[Verdict] = column(term(Verdict), en="What was found.", zh="结果")
    note: Mapped[str | None] = column(String(300), en="What was seen.", zh="说明")

    __table_args__ = (
        UniqueConstraint("inspection_id", "item_id"),
        Index("ix_inspection_result_verdict", "inspection_id", "verdict"),
    )


class FindingCategory(Term):
    """What kind of defect was found."""

    BACKWARD_INFRASTRUCTURE = "基础设施落后", "backward infrastructure"
    EXTENSIVE_MANAGEMENT = "管理粗放", "extensive management"
    WEAK_SUPPORT_CAPACITY = "供养能力薄弱", "weak support capacity"
    WEAK_PROFESSIONAL_SERVICES = "专业服务薄弱", "weak professional services"
    FIRE_SAFETY = "消防安全", "fire safety"
    FOOD_SAFETY = "食品安全", "food safety"
    FUNDS = "资金管理", "funds"
    OTHER = "其他", "other"


class Finding(Entity):
    """A defect of a facility, found in an inspection or otherwise, until it is put right."""

    __tablename__ = "finding"
    __zh__ = "检查发现问题"
    __validity__ = Validity("found_on", "resolved_on")
    __reach__ = Reach(facility="facility_id")

    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构", index=False)
    inspection_id: Mapped[int | None] = reference("inspection", en="The inspection that found it.", zh="监督检查")
    item_id: Mapped[int | None] = reference("checklist_item", en="The item of the checklist.", zh="检查项")
    category: Mapped[FindingCategory] = column(term(FindingCategory), en="What kind of defect.", zh="问题类别")
    text: Mapped[str | None] = column(String(500), en="What was found.", zh="问题描述")
    found_on: Mapped[date] = column(Date, en="The day it was found.", zh="发现日期")
    resolved_on: Mapped[date | None] = column(Date, en="First day it no longer stands.", zh="解决日期")

    __table_args__ = (
        ordered("found_on", "resolved_on"),
        Index("ix_finding_facility", "facility_id", "category", "found_on"),
    )
