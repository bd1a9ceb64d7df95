"""Who of those entitled to a public place has one, does not want one, or is still without, and for what reason."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, not_, or_, select
from sqlalchemy.orm import aliased

from eldercare.kit.term import Term
from eldercare.registry import rules
from eldercare.registry.application import Application, ApplicationStatus, Setting
from eldercare.registry.capacity import CapacityPeriod
from eldercare.registry.division import Division, Level
from eldercare.registry.entity import term
from eldercare.registry.facility import Facility
from eldercare.registry.group import at_home_in, holds
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import ResidenceBase
from eldercare.registry.query import View, in_force, visible
from eldercare.registry.rollup import at_home, counted, how_many, one_if, share
from eldercare.registry.state import application_status
from eldercare.registry.stay import Stay
from eldercare.registry.willingness import Willingness

ENTITLED = tuple(GroupCategory[code] for code in rules.rule("inclusion_categories"))
"""The groups that are to be taken in wholly, unless others are asked about."""


class GapReason(Term):
    """Why somebody entitled and willing has no public place."""

    OFFERED = "已分配待入住", "a place is offered"
    OTHER_HOME = "入住其他机构", "lives in a home that is not public"
    REFUSED_BED = "拒绝所分配床位", "wants another bed than was offered"
    NO_BED = "无空余床位", "no bed of the type is free in the county"
    WAITING = "轮候中", "waits although a bed is free"
    IN_PROCESS = "申请办理中", "the application is being handled"
    NO_APPLICATION = "未申请", "nobody has applied"


def entitled(categories: Sequence[GroupCategory], person: Any, view: View) -> ColumnElement[bool]:
    """Whether a person belongs to one of the groups that are to be taken in."""
    return or_(*(holds(category, person, view) for category in categories))


def in_public_home(person: Any, view: View) -> ColumnElement[bool]:
    """Whether a person lives in a public home."""
    return _stays(person, view, public=True)


def unwilling(person: Any, view: View) -> ColumnElement[bool]:
    """Whether a person has said not to want a place, and has not said otherwise since."""
    said = aliased(Willingness)
    return exists(
        select(said.id).where(said.person_id == person.id, said.willing.is_(False), *visible(said, view.at_date()))
    )


def counts(person: Any, view: View) -> ColumnElement[bool]:
    """Whether an entitled person belongs to those who are placed or want to be: nobody who has a place is unwilling."""
    return or_(in_public_home(person, view), not_(unwilling(person, view)))


def in_the_gap(categories: Sequence[GroupCategory], person: Any, view: View) -> ColumnElement[bool]:
    """Whether a person is entitled and willing and has no place."""
    return and_(entitled(categories, person, view), not_(in_public_home(person, view)), not_(unwilling(person, view)))


def gap_reason(person: Any, view: View) -> ColumnElement[Any]:
    """Why an entitled and willing person has no place; the first reason that fits."""
    reason = term(GapReason)
    status = _of_application(person, view, lambda made: application_status(made, view))
    offered = status.in_((ApplicationStatus.OFFERED, ApplicationStatus.ACCEPTED))
    return case(
        (offered, literal(GapReason.OFFERED, reason)),
        (_stays(person, view, public=False), literal(GapReason.OTHER_HOME, reason)),
        (_refused_a_bed(person, view), literal(GapReason.REFUSED_BED, reason)),
        (status.is_(None), literal(GapReason.NO_APPLICATION, reason)),
        (status != ApplicationStatus.QUEUED, literal(GapReason.IN_PROCESS, reason)),
        (_bed_free(person, view), literal(GapReason.WAITING, reason)),
        else_=literal(GapReason.NO_BED, reason),
    )


def person_gap(person: Any, view: View) -> ColumnElement[Any]:
    """Why an entitled and willing person has no place; empty for everybody else."""
    return case((in_the_gap(ENTITLED, person, view), gap_reason(person, view)))


def open_application(person: Any, view: View) -> ColumnElement[Any]:
    """The key of a person's open application for a home, the latest one."""
    return _of_application(person, view, lambda made: made.id)


def applied_on(person: Any, view: View) -> ColumnElement[Any]:
    """When a person's open application was made."""
    return _of_application(person, view, lambda made: made.applied_on)


def planned_on(person: Any, view: View) -> ColumnElement[Any]:
    """When a person is to move in, as far as that is planned."""
    said = aliased(Willingness)
    query = select(said.planned_on).where(said.person_id == person.id, *visible(said, view.at_date()))
    return query.limit(1).correlate(person).scalar_subquery()


def _stays(person: Any, view: View, *, public: bool) -> ColumnElement[bool]:
    stay, home = aliased(Stay), aliased(Facility)
    is_public = and_(home.kind.in_(rules.INSTITUTIONAL_KINDS), home.ownership.in_(rules.PUBLIC_OWNERSHIPS))
    where = [stay.person_id == person.id, home.id == stay.facility_id, *visible(stay, view.at_date())]
    return exists(select(stay.id).where(*where, is_public if public else not_(is_public)))


def _refused_a_bed(person: Any, view: View) -> ColumnElement[bool]:
    said = aliased(Willingness)
    wants_another = exists(
        select(said.id).where(
            said.person_id == person.id, said.refused_bed_type.is_not(None), *visible(said, view.at_date())
        )
    )
    declined = _of_application(person, view, lambda made: made.declined_offers)
    return or_(wants_another, func.coalesce(declined, 0) > 0)


def _of_application(person: Any, view: View, value: Any) -> ColumnElement[Any]:
    made = aliased(Application)
    query = select(value(made)).where(
        made.person_id == person.id, made.setting == Setting.INSTITUTION, *visible(made, view.at_date())
    )
    newest: Any = query.order_by(made.applied_on.desc(), made.id.desc()).limit(1)
    found: ColumnElement[Any] = newest.correlate(person).scalar_subquery()
    return found


def _bed_free(person: Any, view: View) -> ColumnElement[bool]:
    """Whether a public home of the county in which a person is at home has a free bed of the type applied for."""
    home, period, stay, wanted = aliased(Facility), aliased(CapacityPeriod), aliased(Stay), aliased(Application)
    taken = (
        select(func.count(stay.id))
        .where(
            stay.facility_id == home.id,
            stay.bed_type == period.bed_type,
            *visible(stay, view.at_date()),
        )
        .correlate(home, period)
        .scalar_subquery()
    )
    return exists(
        select(period.id).where(
            wanted.id == open_application(person, view),
            home.id == period.facility_id,
            home.kind.in_(rules.INSTITUTIONAL_KINDS),
            home.ownership.in_(rules.PUBLIC_OWNERSHIPS),
            or_(wanted.bed_type.is_(None), period.bed_type == wanted.bed_type),
            period.bed_type.in_(rules.BED_CLASSES["INSTITUTIONAL"]),
            *visible(home, view.at_date()),
            *visible(period, view.at_date()),
            period.open > taken,
            _same_county(home, person, view),
        )
    )


def _same_county(facility: Any, person: Any, view: View) -> ColumnElement[bool]:
    """Whether a facility lies in the county in which a person is at home, or in the place itself above a county."""
    home, town, county, its_own = (aliased(Division) for _ in range(4))

    def path(each: Any) -> ColumnElement[Any]:
        return case((and_(each.level == Level.COUNTY, *in_force(each, view.at_date())), each.path))

    area = func.coalesce(path(home), path(town), path(county), home.path)
    found = (
        select(home.id)
        .outerjoin(town, town.id == home.parent_id)
        .outerjoin(county, county.id == town.parent_id)
        .join(its_own, its_own.id == facility.division_id)
        .where(home.id == at_home_in(person, view), its_own.path.between(area, area + "~"))
    )
    return exists(found.correlate(person, facility))


def inclusion(
    categories: Sequence[GroupCategory],
    view: View,
    territory_id: Any = None,
    base: ResidenceBase | None = None,
    level: Level | None = None,
) -> Any:
    """Those entitled, those of them who are placed or want to be, and those placed, by division.

    Everybody placed is among those who count, so the numerator is a part of the denominator.
    """
    people = at_home(
        view,
        lambda person: entitled(categories, person, view),
        territory_id=territory_id,
        base=base,
        level=level,
        placed=lambda person: one_if(in_public_home(person, view.over_all())),
        willing=lambda person: one_if(counts(person, view.over_all())),
    ).cte()
    eligible, willing, placed = func.count(people.c.id), how_many(people.c.willing), how_many(people.c.placed)
    measures = {
        "eligible": eligible,
        "unwilling": eligible - willing,
        "willing": willing,
        "placed": placed,
        "gap": willing - placed,
        "rate": share(placed, willing),
    }
    return counted(people, level, view, measures)
