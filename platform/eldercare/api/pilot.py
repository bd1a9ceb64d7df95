"""Policy documents, pilots and their experiences as the API shows them, with the commands about them."""

from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased

from eldercare import registry
from eldercare.api.kind import KEY, TEXT, WHOLE, choice
from eldercare.api.named import Command
from eldercare.api.noun import (
    Argument,
    Dimension,
    Many,
    Noun,
    Report,
    Summary,
    computed,
    grouped_by,
    shown_label,
    shown_reference,
)
from eldercare.api.territory import BY_TERRITORY
from eldercare.kit.term import Term
from eldercare.registry import recommending
from eldercare.registry.division import Division
from eldercare.registry.experience import CaseReview, CaseStatus, ExperienceCall, ExperienceCase
from eldercare.registry.pilot import PilotRegion
from eldercare.registry.query import View, visible


class Completeness(Term):
    """Whether a province has handed in as many experiences as are asked for."""

    INCOMPLETE = "篇数不足", "fewer than asked for"
    COMPLETE = "符合要求", "as many as asked for"


def title(row: Any, view: View) -> ColumnElement[str]:
    """What an experience is called in its letter: the call's title with the province's name."""
    call, division = aliased(ExperienceCall), aliased(Division)
    form = select(call.title).where(call.id == row.call_id).correlate(row).scalar_subquery()
    name = select(division.name).where(division.id == row.division_id).correlate(row).scalar_subquery()
    return func.replace(form, "{province}", name)


def score(row: Any, view: View) -> ColumnElement[Any]:
    """The mean of the marks that reviewers gave a case, in hundredths of a point."""
    review = aliased(CaseReview)
    marks = review.facts + review.demonstrative + review.replicable + review.innovative
    found = select(func.round(func.avg(marks) * 25)).where(review.case_id == row.id, *visible(review, view.over_all()))
    return found.correlate(row).scalar_subquery()


def known_regions(row: Any, view: View) -> ColumnElement[int]:
    """How many regions of a batch are known by name."""
    region = aliased(PilotRegion)
    found = select(func.count(region.id)).where(region.batch_id == row.id)
    return found.correlate(row).scalar_subquery()


def submissions(given: dict[str, Any], view: View) -> Any:
    """A row for each province with a case for a call: how many it handed in, how many were selected, whether enough."""
    case_, call = aliased(ExperienceCase), aliased(ExperienceCall)
    chosen = (CaseStatus.SELECTED, CaseStatus.PROMOTED)
    sent = func.count(case_.id).filter(case_.status != CaseStatus.DRAFT)
    found = select(
        case_.division_id.label("province"),
        func.count(case_.id).filter(case_.status == CaseStatus.DRAFT).label("drafts"),
        sent.label("submitted"),
        func.count(case_.id).filter(case_.status.in_(chosen)).label("selected"),
        func.min(call.least).label("least"),
        func.min(call.most).label("most"),
        case((sent >= func.min(call.least), Completeness.COMPLETE.value), else_=Completeness.INCOMPLETE.value).label(
            "completeness"
        ),
    ).join(call, call.id == case_.call_id)
    return found.where(call.id == given["call"], *visible(case_, view)).group_by(case_.division_id)


STATUS = choice(CaseStatus)

NOUNS = (
    Noun(
        registry.PolicyDocument,
        "policyDocuments",
        fields=(
            Many("addressees", "PolicyAddressee", "document_id", "To whom it is addressed.", "主送单位"),
            Many("measures", "PlanMeasure", "document_id", "What it sets out to do.", "规划措施"),
        ),
        order=("code",),
        place=lambda row, view: row.division_id,
        summary=Summary(
            (grouped_by(registry.PolicyDocument, "kind"), grouped_by(registry.PolicyDocument, "level"), *BY_TERRITORY)
        ),
    ),
    Noun(registry.PolicyAddressee, "policyAddressees", order=("name",)),
    Noun(
        registry.PlanMeasure,
        "planMeasures",
        order=("aspect", "number"),
        summary=Summary((grouped_by(registry.PlanMeasure, "aspect"), grouped_by(registry.PlanMeasure, "aspect_name"))),
    ),
    Noun(
        registry.Pilot,
        "pilots",
        fields=(
            Many("batches", "PilotBatch", "pilot_id", "Its batches.", "批次"),
            Many("summaries", "PilotSummary", "pilot_id", "What provinces say of the work.", "工作总结"),
        ),
        order=("code",),
    ),
    Noun(
        registry.PilotBatch,
        "pilotBatches",
        fields=(
            Many("regions", "PilotRegion", "batch_id", "Its regions, as far as they are known.", "试点地区"),
            computed(
                "known_regions", WHOLE, known_regions, en="How many are known by name.", zh="已知地区数", required=True
            ),
        ),
        order=("number",),
    ),
    Noun(
        registry.PilotRegion,
        "pilotRegions",
        order=("name",),
        place=lambda row, view: row.division_id,
        summary=Summary(
            (
                Dimension("batch", KEY, lambda row, view: row.batch_id, "The batch.", "批次", "PilotBatch"),
                *BY_TERRITORY,
            )
        ),
    ),
    Noun(registry.PilotSummary, "pilotSummaries", order=("year",), place=lambda row, view: row.division_id),
    Noun(
        registry.ExperienceCall,
        "experienceCalls",
        fields=(Many("cases", "ExperienceCase", "call_id", "The experiences.", "典型经验"),),
        order=("deadline",),
    ),
    Noun(
        registry.ExperienceCase,
        "experienceCases",
        fields=(
            computed("title", TEXT, title, en="What it is called in the letter of its province.", zh="邮件标题"),
            computed(
                "score",
                WHOLE,
                score,
                en="Mean mark of its reviews, in hundredths of a point.",
                zh="评审得分(百分之一分)",
            ),
            Many("approvals", "CaseApproval", "case_id", "The stamps on it.", "审核盖章"),
            Many("reviews", "CaseReview", "case_id", "What reviewers think of it.", "评审"),
            Many("promotions", "CasePromotion", "case_id", "How it was made known.", "推广"),
        ),
        order=("headline",),
        place=lambda row, view: row.division_id,
        summary=Summary(
            (
                grouped_by(registry.ExperienceCase, "kind"),
                grouped_by(registry.ExperienceCase, "status"),
                grouped_by(registry.ExperienceCase, "first_in_province"),
                *BY_TERRITORY,
            )
        ),
    ),
    Noun(registry.CaseApproval, "caseApprovals", order=("side",)),
    Noun(registry.CaseReview, "caseReviews", order=("reviewed_on",)),
    Noun(registry.CasePromotion, "casePromotions", order=("promoted_on",)),
)

REPORTS = (
    Report(
        "experienceSubmissions",
        "ExperienceSubmission",
        submissions,
        fields=(
            shown_reference("province", "Division", en="The province.", zh="省份"),
            shown_label("drafts", WHOLE, en="How many are drafts.", zh="草稿篇数", required=True),
            shown_label("submitted", WHOLE, en="How many were handed in.", zh="报送篇数", required=True),
            shown_label("selected", WHOLE, en="How many of them were selected.", zh="入选篇数", required=True),
            shown_label("least", WHOLE, en="The fewest that are asked for.", zh="最少篇数", required=True),
            shown_label("most", WHOLE, en="The most that are taken.", zh="最多篇数", required=True),
            shown_label(
                "completeness", choice(Completeness), en="Whether they are enough.", zh="是否符合要求", required=True
            ),
        ),
        en="What provinces handed in for a call for experiences.",
        zh="典型经验报送情况",
        order=("province",),
        arguments=(Argument("call", KEY, "The call.", "经验征集", required=True, noun="ExperienceCall"),),
    ),
)

TEXTS = {
    "case_id": ("The case.", "典型经验"),
    "summary_id": ("The summary.", "工作总结"),
    "side": ("Which authority.", "审核部门"),
    "approver": ("Who approves it.", "审核人"),
    "at": ("The instant; now unless said.", "时间"),
    "on": ("The day; today unless said.", "日期"),
    "selected": ("Whether it is selected; else it is passed over.", "是否入选"),
    "way": ("How it is made known.", "推广方式"),
}
KEYS = {"case_id": "ExperienceCase", "summary_id": "PilotSummary"}


def _command(name: str, run: Any, en: str, zh: str, noun: Any = registry.ExperienceCase) -> Command:
    return Command(name, noun, run, en, zh, texts=TEXTS, nouns=KEYS)


COMMANDS = (
    _command("approveCase", recommending.approve_case, "Put the stamp of one authority on a case.", "审核盖章"),
    _command(
        "submitCase",
        recommending.submit_case,
        "Hand a case in: in time, complete, not too long, with both stamps, not more than the call takes.",
        "报送典型经验",
    ),
    _command("decideCase", recommending.decide_case, "Select a case, or pass it over.", "遴选典型经验"),
    _command("promoteCase", recommending.promote_case, "Make a selected case known.", "推广典型经验"),
    _command(
        "submitPilotSummary",
        recommending.submit_summary,
        "Hand a summary in; all four sections must be there.",
        "报送试点总结",
        registry.PilotSummary,
    ),
)
