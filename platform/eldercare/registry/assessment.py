"""Ability assessments and care risk events; how GB/T 42195 is scored stands in `scoring`."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, Index, Integer, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Entity, Validity, column, not_negative, ordered, reference, term
from eldercare.security.privacy import Privacy, Reach


class Instrument(Term):
    """The scale an assessment was made with; scales are never converted into one another."""

    GBT_42195_2022 = "GB/T 42195-2022 老年人能力评估规范", "GB/T 42195-2022 ability assessment"
    MZT_039_2013 = "MZ/T 039-2013 老年人能力评估", "MZ/T 039-2013 ability assessment"
    TEKUN_6_ITEM = "特困人员生活自理能力六项", "six-item self-care of the extremely poor"
    LTCI_2021 = "长期护理失能等级评估标准(试行)", "long-term care insurance scale 2021"


class AssessmentReason(Term):
    """Why a person was assessed."""

    FIRST = "首次评估", "first"
    ROUTINE = "常规评估", "routine"
    IMMEDIATE = "即时评估", "after a change of condition"
    REASSESSMENT = "因对结果有疑问进行的复评", "after a doubt about the result"
    OTHER = "其他", "other"


class AssessmentStatus(Term):
    """Whether an assessment may be relied on."""

    FINAL = "有效", "final"
    DISPUTED = "有异议", "disputed"
    REVOKED = "已撤销", "revoked"


class AbilityLevel(Term):
    """The five levels of GB/T 42195-2022; `level` of an assessment is the number in the note."""

    INTACT = "能力完好", "intact", "0"
    MILD = "轻度失能", "mild disability", "1"
    MODERATE = "中度失能", "moderate disability", "2"
    SEVERE = "重度失能", "severe disability", "3"
    COMPLETE = "完全失能", "complete disability", "4"


class AbilityAssessment(Entity):
    """What an assessment of a person's ability found, and until when it may be relied on."""

    __tablename__ = "ability_assessment"
    __zh__ = "能力评估"
    __validity__ = Validity("assessed_on", "valid_to")
    __reach__ = Reach(person="person_id", tells=Privacy.ABILITY)

    person_id: Mapped[int] = reference("person", en="The person.", zh="老年人", index=False)
    instrument: Mapped[Instrument] = column(
        term(Instrument), en="The scale.", zh="评估工具", default=Instrument.GBT_42195_2022, privacy=Privacy.PERSONAL
    )
    assessed_on: Mapped[date] = column(Date, en="Day of the assessment.", zh="评估日期", privacy=Privacy.PERSONAL)
    valid_to: Mapped[date | None] = column(
        Date, en="First day it may no longer be relied on.", zh="失效日期", planned=True, privacy=Privacy.PERSONAL
    )
    reason: Mapped[AssessmentReason] = column(
        term(AssessmentReason),
        en="Why it was made.",
        zh="评估原因",
        default=AssessmentReason.FIRST,
        privacy=Privacy.PERSONAL,
    )
    status: Mapped[AssessmentStatus] = column(
        term(AssessmentStatus),
        en="Whether it may be relied on.",
        zh="状态",
        default=AssessmentStatus.FINAL,
        privacy=Privacy.PERSONAL,
    )
    agency_id: Mapped[int | None] = reference("organisation", en="Who assessed.", zh="评估机构", index=False)
    assessors: Mapped[str | None] = column(String(200), en="Names of the assessors.", zh="评估员", privacy=Privacy.NOTE)
    informant: Mapped[str | None] = column(
        String(80), en="Who gave the information.", zh="信息提供者", privacy=Privacy.NOTE
    )
    item_scores: Mapped[Any | None] = column(
        JSON(none_as_null=True), en="Score of each item, by its code.", zh="各项得分", privacy=Privacy.HEALTH
    )
    self_care_score: Mapped[int | None] = column(
        Integer, en="Section self-care, 0 to 32.", zh="自理能力得分", privacy=Privacy.HEALTH
    )
    mobility_score: Mapped[int | None] = column(
        Integer, en="Section basic mobility, 0 to 15.", zh="基础运动能力得分", privacy=Privacy.HEALTH
    )
    mental_score: Mapped[int | None] = column(
        Integer, en="Section mental state, 0 to 28.", zh="精神状态得分", privacy=Privacy.HEALTH
    )
    participation_score: Mapped[int | None] = column(
        Integer, en="Section perception and participation, 0 to 15.", zh="感知觉与社会参与得分", privacy=Privacy.HEALTH
    )
    total: Mapped[int | None] = column(
        Integer, en="Sum of the four sections, 0 to 90.", zh="总分", privacy=Privacy.HEALTH
    )
    coma: Mapped[bool] = column(
        Boolean, en="Whether the person is in a coma.", zh="昏迷", default=False, privacy=Privacy.HEALTH
    )
    mental_diagnosis: Mapped[bool] = column(
        Boolean,
        en="Whether dementia (F00-F03) or another mental disorder is diagnosed.",
        zh="失智或其他精神疾病诊断",
        default=False,
        privacy=Privacy.HEALTH,
    )
    risk_events: Mapped[int] = column(
        Integer,
        en="Number of care risk events in the 30 days before.",
        zh="近30天照护风险事件次数",
        default=0,
        privacy=Privacy.HEALTH,
    )
    preliminary_level: Mapped[int | None] = column(
        Integer,
        en="Level by the total alone, 0 intact to 4 complete disability.",
        zh="初步等级",
        privacy=Privacy.ABILITY,
    )
    level: Mapped[int | None] = column(
        Integer,
        en="Final level, 0 intact to 4 complete disability; of GB/T 42195 only.",
        zh="最终等级",
        privacy=Privacy.ABILITY,
    )
    stated_result: Mapped[str | None] = column(
        String(80),
        en="The result in the words of another instrument.",
        zh="其他工具的评估结果",
        privacy=Privacy.ABILITY,
    )

    __table_args__ = (
        ordered("assessed_on", "valid_to"),
        CheckConstraint("level IS NULL OR level BETWEEN 0 AND 4", name="level"),
        CheckConstraint("total IS NULL OR total BETWEEN 0 AND 90 OR instrument <> 'GBT_42195_2022'", name="total"),
        CheckConstraint("instrument <> 'GBT_42195_2022' OR level IS NOT NULL", name="level_of_gbt_42195"),
        *not_negative("risk_events"),
        Index("ix_ability_assessment_person", "person_id", "instrument", "assessed_on"),
        Index("ix_ability_assessment_level", "instrument", "level", "person_id"),
    )


class CareRiskKind(Term):
    """Kinds of care risk events."""

    FALL = "跌倒", "fall"
    WANDER = "走失", "wandering off"
    CHOKE = "噎食", "choking"
    SUICIDE_SELF_HARM = "自杀、自伤", "suicide or self-harm"
    OTHER = "其他", "other"


class CareRiskEvent(Entity):
    """An event that shows a person at risk in care."""

    __tablename__ = "care_risk_event"
    __zh__ = "照护风险事件"
    __reach__ = Reach(person="person_id", facility="facility_id", tells=Privacy.HEALTH)

    person_id: Mapped[int] = reference("person", en="The person.", zh="老年人")
    facility_id: Mapped[int | None] = reference("facility", en="Where it happened, if in a facility.", zh="发生机构")
    happened_on: Mapped[date] = column(Date, en="When it happened.", zh="发生日期", privacy=Privacy.PERSONAL)
    kind: Mapped[CareRiskKind] = column(term(CareRiskKind), en="What happened.", zh="事件类型", privacy=Privacy.HEALTH)
    note: Mapped[str | None] = column(String(500), en="What else is known.", zh="说明", privacy=Privacy.NOTE)
