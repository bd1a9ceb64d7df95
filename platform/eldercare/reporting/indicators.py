"""The list of all measures: how each indicator is computed, in one place each."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Integer, cast, func, select
from sqlalchemy.orm import aliased

from eldercare.registry import freshness, inclusion, rules
from eldercare.registry.capability import MedicalIntegration
from eldercare.registry.capacity import CapacityPeriod
from eldercare.registry.days import after, between
from eldercare.registry.division import Level
from eldercare.registry.facility import ConditionStatus, FacilityKind, FacilityStatus
from eldercare.registry.group import Birthday, at_least, latest_level
from eldercare.registry.membership import GroupCategory, SelfCareClass, SupportMode
from eldercare.registry.query import View, visible
from eldercare.registry.rating import Rating, RatingScheme, RatingStatus
from eldercare.registry.state import facility_status
from eldercare.registry.statistic import Basis
from eldercare.registry.stay import Stay
from eldercare.reporting import place as count
from eldercare.reporting.figures import reported
from eldercare.reporting.indicators_pilots import PILOTS
from eldercare.reporting.indicators_services import SERVICES
from eldercare.reporting.indicators_supervision import SUPERVISION
from eldercare.reporting.measure import Measure
from eldercare.reporting.place import INSTITUTIONAL, Part, Place
from eldercare.reporting.population import EVERYBODY, population

DISABLED = rules.rule("disabled_level_from")
VERIFIED_WITHIN = 90
STARS = rules.rule("rating_schemes")["INSTITUTION_STAR"]["levels"]
OLD, VERY_OLD, PENSION_65, WORKING = (60, None), (80, None), (65, None), (15, 65)


def bed_days(noun: Any) -> Part:
    """Days of stays, or of open institutional beds, in the year that ends with the day."""

    def part(place: Place) -> ColumnElement[int]:
        row, view = aliased(noun), place.view
        validity = noun.__validity__
        start, end = getattr(row, validity.start), getattr(row, validity.end)
        first, last = after(Birthday(view.as_of, 1), 1), after(view.as_of, 1)
        begun, ended = count.later(start, first), count.earlier(func.coalesce(end, last), last)
        amount = between(begun, ended) * (row.open if noun is CapacityPeriod else 1)
        where = [row.bed_type.in_(INSTITUTIONAL), start < last, func.coalesce(end, last) > first]
        whole = replace(view, history=True)
        found = select(cast(func.sum(amount), Integer)).where(*where, *visible(row, whole))
        return found.where(row.facility_id.in_(count.houses(place, history=True))).scalar_subquery()

    return part


def old(person: Any, view: View) -> ColumnElement[bool]:
    """Aged 60 and over."""
    return at_least(person, 60, view)


def very_old(person: Any, view: View) -> ColumnElement[bool]:
    """Aged 80 and over."""
    return at_least(person, 80, view)


def assessed(person: Any, view: View) -> ColumnElement[bool]:
    """With an assessment that may be relied on."""
    return latest_level(person, view).is_not(None)


def fresh(person: Any, view: View) -> ColumnElement[bool]:
    """Confirmed by somebody within the last 90 days."""
    return freshness.fresh(person, VERIFIED_WITHIN, view.over_all())


def entitled(person: Any, view: View) -> ColumnElement[bool]:
    """To be taken into a public home, and there or willing to come."""
    return inclusion.entitled(inclusion.ENTITLED, person, view) & inclusion.counts(person, view.over_all())


def taken_in(person: Any, view: View) -> ColumnElement[bool]:
    """In a public home."""
    return inclusion.in_public_home(person, view.over_all())


def visited(person: Any, view: View) -> ColumnElement[bool]:
    """Met on a visit of care in the month, until the day."""
    return freshness.visited_this_month(person, view.over_all())


def operating(facility: Any, view: View) -> ColumnElement[bool]:
    """In operation."""
    runs: ColumnElement[bool] = func.coalesce(facility_status(facility, view) == FacilityStatus.OPERATING, False)
    return runs


def filed(facility: Any, view: View) -> ColumnElement[bool]:
    """Filed with civil affairs by the day."""
    done: ColumnElement[bool] = func.coalesce(facility.filed_on <= view.as_of, False)
    return done


def fire_met(facility: Any, view: View) -> ColumnElement[bool]:
    """Known to meet fire safety."""
    met: ColumnElement[bool] = facility.fire_status == ConditionStatus.MET
    return met


def starred(level: int | None) -> count.Condition:
    """With a valid rating in stars, of one level or of any."""
    right = [lambda row: row.scheme == RatingScheme.INSTITUTION_STAR, lambda row: row.status == RatingStatus.VALID]
    return count.has_related(Rating, *right, *([] if level is None else [lambda row: row.level == level]))


POOR = GroupCategory.EXTREMELY_POOR
CENTRAL = {"support_mode": SupportMode.CENTRALISED}
UNABLE = {"self_care": SelfCareClass.NONE}
ANY = count.facilities(kinds=None)

BEDS = (
    Measure("BEDS", count.beds()),
    Measure("BEDS", reported("BEDS"), basis=Basis.REPORTED),
    Measure("NURSING_BEDS", count.some_beds("filed", rules.NURSING_BED_TYPES)),
    Measure("RESIDENTS", count.residents()),
    Measure("RESIDENTS", reported("RESIDENTS"), basis=Basis.REPORTED),
    Measure("OCC_END", count.residents(), count.beds()),
    Measure("OCC_END", count.residents(), count.beds("open"), variant="OPEN"),
    Measure("OCC_END", reported("RESIDENTS"), reported("BEDS"), basis=Basis.REPORTED),
    Measure("OCC_DAYS", bed_days(Stay), bed_days(CapacityPeriod)),
    Measure("BEDS_1000", count.beds(), count.people(old), times=1000),
    Measure("BEDS_1000", reported("BEDS"), population(OLD), basis=Basis.REPORTED, times=1000),
    Measure("NURSING_SHARE", count.some_beds("filed", rules.NURSING_BED_TYPES), count.beds()),
)
PEOPLE = (
    Measure("PEOPLE_60", count.people(old)),
    Measure("PEOPLE_60", population(OLD), basis=Basis.REPORTED),
    Measure("AGEING_60", population(OLD, beside=EVERYBODY), population(EVERYBODY, beside=OLD), basis=Basis.REPORTED),
    Measure(
        "AGEING_65",
        population(PENSION_65, beside=EVERYBODY),
        population(EVERYBODY, beside=PENSION_65),
        basis=Basis.REPORTED,
    ),
    Measure("OLD_AGE_80", count.people(very_old), count.people(old)),
    Measure("OLD_AGE_80", population(VERY_OLD, beside=OLD), population(OLD, beside=VERY_OLD), basis=Basis.REPORTED),
    Measure(
        "DEP_OLD",
        population(PENSION_65, beside=WORKING),
        population(WORKING, beside=PENSION_65),
        basis=Basis.REPORTED,
        variant="UN_65_15_64",
    ),
    Measure(
        "DEP_OLD",
        population(OLD, beside=(15, 60)),
        population((15, 60), beside=OLD),
        basis=Basis.REPORTED,
        variant="CN_60_15_59",
    ),
    Measure("DISABLED_SHARE", count.people(count.level_at_least(DISABLED)), count.people(assessed)),
    Measure("RESIDENT_DISABLED_SHARE", count.residents_who(count.level_at_least(DISABLED)), count.residents()),
    Measure("CENTRAL_RATE", count.determined(POOR, **CENTRAL), count.determined(POOR)),
    Measure("CENTRAL_RATE_DEP", count.determined(POOR, **CENTRAL, **UNABLE), count.determined(POOR, **UNABLE)),
    Measure("FRESH_90", count.people(fresh), count.people()),
    Measure("INCLUSION", count.people(entitled, taken_in), count.people(entitled)),
    Measure("VISIT_MONTHLY", count.people(freshness.special, visited), count.people(freshness.special)),
    *(Measure("GROUP_COUNT", count.group(each), variant=each.value) for each in GroupCategory),
)
FACILITIES = (
    Measure("FACILITIES", count.facilities()),
    Measure("FACILITIES", reported("FACILITIES"), basis=Basis.REPORTED),
    Measure("FILED_RATE", count.facilities(operating, filed), count.facilities(operating)),
    Measure("FIRE_RATE", count.facilities(fire_met, kinds=None), ANY),
    Measure("MED_RATE", count.facilities(count.has_related(MedicalIntegration), kinds=None), ANY),
    Measure("STAR_SHARE", count.facilities(starred(None)), count.facilities(), variant="RATED"),
    *(
        Measure("STAR_SHARE", count.facilities(starred(level)), count.facilities(), variant=str(level))
        for level in range(1, STARS + 1)
    ),
    *(
        Measure(
            "TOWN_COVERAGE",
            count.covered(Level.TOWN, kind),
            count.divisions(Level.TOWN),
            variant=kind.value,
        )
        for kind in FacilityKind
    ),
)
MEASURES: tuple[Measure, ...] = (*BEDS, *PEOPLE, *FACILITIES, *SERVICES, *SUPERVISION, *PILOTS)
"""All measures, those of one indicator beside each other."""
