"""People, where they live and with whom, as the API shows them."""

from typing import Any

from sqlalchemy import ColumnElement, Text, case, cast, exists, func, select
from sqlalchemy.orm import aliased

from eldercare import registry
from eldercare.api.kind import DAY, FLAG, TEXT, WHOLE, choice
from eldercare.api.noun import Dimension, Inside, Many, Noun, One, Summary, computed, grouped_by
from eldercare.api.territory import BY_TERRITORY
from eldercare.registry.freshness import last_verified
from eldercare.registry.group import age, alive, latest_assessment, latest_level
from eldercare.registry.inclusion import GapReason, person_gap
from eldercare.registry.person import LivingArrangement, Residence, ResidenceBase
from eldercare.registry.query import View, visible
from eldercare.registry.stay import Stay
from eldercare.security.privacy import Privacy

YOUNGEST_BAND, OLDEST_BAND, BAND = 60, 100, 5
"""Age bands are five full years wide from 60 on, as in the statistical yearbooks; those under 60 and from 100 on are one each."""


def home(person: Any, view: View) -> ColumnElement[int]:
    """The division in which a person lives at the view's date, else the one where the person is registered."""
    return func.coalesce(
        _residence(person, view, ResidenceBase.RESIDENT), _residence(person, view, ResidenceBase.HUKOU)
    )


def lives_or_is_registered(person_id: ColumnElement[int], view: View, inside: Inside) -> ColumnElement[bool]:
    """Whether the person of a key lives or is registered in a territory."""
    residence = aliased(Residence)
    where = [residence.person_id == person_id, *visible(residence, view.at_date()), inside(residence.division_id)]
    return exists(select(residence.id).where(*where))


def age_band(person: Any, view: View) -> ColumnElement[str]:
    """The five-year band of a person's age."""
    years = age(person, view)
    low = years // BAND * BAND
    return case(
        (years < YOUNGEST_BAND, f"0-{YOUNGEST_BAND - 1}"),
        (years >= OLDEST_BAND, f"{OLDEST_BAND}+"),
        else_=cast(low, Text) + "-" + cast(low + (BAND - 1), Text),
    )


def present_stay(person: Any, view: View) -> ColumnElement[int]:
    """The stay in which a person is at the view's date."""
    stay = aliased(Stay)
    found = select(stay.id).where(stay.person_id == person.id, *visible(stay, view.at_date()))
    return found.order_by(stay.id).limit(1).correlate(person).scalar_subquery()


def _living(person: Any, view: View) -> ColumnElement[Any]:
    living = aliased(LivingArrangement)
    found = select(living.kind).where(living.person_id == person.id, *visible(living, view.at_date()))
    return found.order_by(living.id).limit(1).correlate(person).scalar_subquery()


def _residence(person: Any, view: View, base: ResidenceBase) -> ColumnElement[int]:
    residence = aliased(Residence)
    where = [residence.person_id == person.id, residence.base == base, *visible(residence, view.at_date())]
    found = select(residence.division_id).where(*where).order_by(residence.id).limit(1)
    return found.correlate(person).scalar_subquery()


def _assessment(person: Any, view: View) -> ColumnElement[int]:
    return latest_assessment(person.id, view).correlate(person).scalar_subquery()


LIVING = grouped_by(LivingArrangement, "kind")

NOUNS = (
    Noun(
        registry.Person,
        "people",
        fields=(
            computed(
                "age",
                WHOLE,
                age,
                en="Age in full years on the date looked at.",
                zh="年龄",
                required=True,
                privacy=Privacy.AGE,
            ),
            computed(
                "age_band",
                TEXT,
                age_band,
                en="Band of five years of age.",
                zh="年龄段",
                required=True,
                privacy=Privacy.AGE_BAND,
            ),
            computed(
                "alive",
                FLAG,
                alive,
                en="Whether the person is alive on that date.",
                zh="是否健在",
                required=True,
                privacy=Privacy.PERSONAL,
            ),
            computed(
                "ability_level",
                WHOLE,
                latest_level,
                en="Ability level 0 to 4 by the newest valid assessment.",
                zh="能力等级",
                privacy=Privacy.ABILITY,
            ),
            computed(
                "inclusion_gap",
                choice(GapReason),
                person_gap,
                en="Why somebody entitled to a public place and willing has none; empty for everybody else.",
                zh="应养未养原因",
                privacy=Privacy.POVERTY,
            ),
            computed(
                "last_verified_on",
                DAY,
                last_verified,
                en="The last day until that date on which somebody confirmed what is recorded; empty when nobody did.",
                zh="最近核实日期",
                privacy=Privacy.PERSONAL,
            ),
            computed(
                "living",
                LIVING.kind,
                _living,
                en="With whom the person lives.",
                zh="居住方式",
                privacy=Privacy.PERSONAL,
            ),
            One(
                "division",
                "Division",
                home,
                "Where the person lives, else is registered, on that date.",
                "所在区划",
                Privacy.PERSONAL,
            ),
            One(
                "assessment",
                "AbilityAssessment",
                _assessment,
                "The newest assessment that is valid.",
                "最新能力评估",
                Privacy.ABILITY,
            ),
            One("present_stay", "Stay", present_stay, "The stay in which the person is.", "当前入住", Privacy.PERSONAL),
            Many("residences", "Residence", "person_id", "Where the person lives and is registered.", "居住与户籍"),
            Many("living_arrangements", "LivingArrangement", "person_id", "With whom the person lives.", "居住情况"),
            Many("memberships", "GroupMembership", "person_id", "The groups determined for the person.", "群体认定"),
            Many("assessments", "AbilityAssessment", "person_id", "Assessments of ability.", "能力评估"),
            Many("risk_events", "CareRiskEvent", "person_id", "Falls and other events.", "照护风险事件"),
            Many("applications", "Application", "person_id", "Applications for care.", "入住申请"),
            Many("stays", "Stay", "person_id", "Stays in facilities.", "入住"),
            Many("visits", "Visit", "person_id", "Visits and verifications.", "核实与探访"),
            Many("change_reports", "ChangeReport", "person_id", "Reports of changes.", "变更报告"),
            Many("willingness", "Willingness", "person_id", "Whether the person wants a place.", "入住意愿"),
            Many(
                "source_links", "SourceLink", "person_id", "Which records of other systems the person is.", "来源关联"
            ),
            Many("import_rows", "ImportRow", "person_id", "What came of rows that were brought in.", "导入明细"),
        ),
        order=("name",),
        hidden=frozenset({"id_prefix"}),
        place=home,
        located=lives_or_is_registered,
        summary=Summary(
            (
                grouped_by(registry.Person, "sex"),
                Dimension("age_band", TEXT, age_band, "Band of five years of age.", "年龄段", privacy=Privacy.AGE_BAND),
                Dimension(
                    "ability_level", WHOLE, latest_level, "Ability level 0 to 4.", "能力等级", privacy=Privacy.ABILITY
                ),
                Dimension("living", LIVING.kind, _living, "With whom they live.", "居住方式", privacy=Privacy.PERSONAL),
                *BY_TERRITORY,
            ),
            counted=lambda row, view: [alive(row, view)],
        ),
    ),
    Noun(registry.Residence, "residences", order=("valid_from",), place=lambda row, view: row.division_id),
    Noun(registry.LivingArrangement, "livingArrangements", order=("valid_from",), place_of="person"),
)
