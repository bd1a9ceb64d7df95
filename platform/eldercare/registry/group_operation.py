"""Who is run by a group at a date, how far its unifications are, what its brands count, and which facilities are small."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from eldercare.registry import rules
from eldercare.registry.contract import OperatingContract
from eldercare.registry.division import within
from eldercare.registry.entity import term
from eldercare.registry.facility import Facility
from eldercare.registry.grouping import Brand, FacilityBrand, Unification, UnificationItem, UnificationState
from eldercare.registry.organisation import OrganisationMembership
from eldercare.registry.query import View, visible
from eldercare.registry.rating import RatingScheme
from eldercare.registry.standing import valid_rating
from eldercare.registry.summary import beds, facilities, occupied, rate, reserved

INSTITUTIONAL = rules.BED_CLASSES["INSTITUTIONAL"]


def run_by_group(facility_id: Any, group_id: Any, view: View) -> ColumnElement[bool]:
    """Whether a facility is run at the view's date by a group or by a member of it."""
    contract, member = aliased(OperatingContract), aliased(OrganisationMembership)
    members = select(member.member_id).where(member.group_id == group_id, *visible(member, view.at_date()))
    runs = or_(contract.operator_id == group_id, contract.operator_id.in_(members))
    return exists(
        select(contract.id).where(contract.facility_id == facility_id, runs, *visible(contract, view.at_date()))
    )


def cells(group_id: Any, view: View) -> Select[Any]:
    """One row for each unification of each facility of a group: its state and since when; not begun where nothing is said."""
    facility, said = aliased(Facility), aliased(UnificationItem)
    items = union_all(*(select(literal(each, term(Unification)).label("item")) for each in Unification)).subquery()
    same = and_(said.facility_id == facility.id, said.item == items.c.item, *visible(said, view.at_date()))
    state = func.coalesce(said.state, literal(UnificationState.NOT_STARTED, term(UnificationState)))
    found = select(
        facility.id.label("facility"),
        items.c.item.label("item"),
        state.label("state"),
        said.valid_from.label("since"),
        said.note.label("note"),
    )
    joined = found.select_from(facility).join(items, literal(1) == 1).outerjoin(said, same)
    return joined.where(*visible(facility, view.at_date()), run_by_group(facility.id, group_id, view))


def group_figures(group_id: Any, view: View) -> Select[Any]:
    """One row of what a group runs at the view's date."""
    one = _each(group_id, view).subquery()
    cell = cells(group_id, view).subquery()
    done = select(func.count()).select_from(cell).where(cell.c.state == UnificationState.DONE).scalar_subquery()
    total = select(func.count()).select_from(cell).scalar_subquery()
    places, people, kept = (func.coalesce(func.sum(one.c[name]), 0) for name in ("beds", "residents", "kept"))
    return select(
        func.count().label("facilities"),
        places.label("beds"),
        people.label("residents"),
        rate(people, places).label("occupancy"),
        kept.label("reserved_beds"),
        rate(kept, places).label("reserved_share"),
        func.count(one.c.stars).label("rated"),
        total.label("cells"),
        done.label("cells_done"),
    ).select_from(one)


def of_brand(brand: Any, view: View, name: str) -> ColumnElement[int]:
    """A figure of the facilities under a brand: `facilities`, `beds`, `residents`, `rated` or `stars`."""
    used, facility = aliased(FacilityBrand), aliased(Facility)
    stars = valid_rating(facility, RatingScheme.INSTITUTION_STAR, view)
    figures: dict[str, ColumnElement[Any]] = {
        "facilities": func.count(facility.id),
        "beds": func.coalesce(func.sum(beds(facility, view, bed_types=INSTITUTIONAL)), 0),
        "residents": func.coalesce(func.sum(occupied(facility, view, INSTITUTIONAL)), 0),
        "rated": func.count(stars),
        "stars": func.coalesce(func.sum(stars), 0),
    }
    found = select(figures[name]).select_from(used).join(facility, facility.id == used.facility_id)
    under = [used.brand_id == brand.id, *visible(used, view.at_date()), *visible(facility, view.at_date())]
    return found.where(*under).correlate(brand).scalar_subquery()


def brand_target(territory_id: Any, view: View) -> Select[Any]:
    """How many brands a territory has at the view's date, and whether that is as many as it aims at."""
    brand, aim = aliased(Brand), rules.rule("brand_target")
    found = select(func.count(brand.id)).where(*visible(brand, view.at_date()))
    if territory_id is not None:
        found = found.where(within(brand.division_id, territory_id))
    count = found.scalar_subquery()
    met = and_(count >= aim["least"], count <= aim["most"])
    return select(
        func.coalesce(count, 0).label("brands"),
        literal(aim["least"]).label("least"),
        literal(aim["most"]).label("most"),
        met.label("met"),
    )


def small_facilities(
    view: View, *, territory_id: Any = None, beds_below: Any = None, residents_below: Any = None
) -> Any:
    """Institutions with fewer beds and fewer residents than the limits: those that might be merged."""
    limits = rules.rule("small_facility")
    facility = aliased(Facility)
    _, chosen = facilities(view, territory_id=territory_id, kinds=rules.INSTITUTIONAL_KINDS)
    one = (
        select(
            facility.id.label("facility"),
            beds(facility, view, bed_types=INSTITUTIONAL).label("beds"),
            occupied(facility, view, INSTITUTIONAL).label("residents"),
        )
        .where(facility.id.in_(chosen))
        .subquery()
    )
    fewer_beds = one.c.beds < (limits["beds_below"] if beds_below is None else beds_below)
    fewer_people = one.c.residents < (limits["residents_below"] if residents_below is None else residents_below)
    return select(one).where(fewer_beds, fewer_people)


def _each(group_id: Any, view: View) -> Any:
    """One row for each facility that a group runs: beds, residents, beds kept for groups, and stars."""
    facility = aliased(Facility)
    return select(
        beds(facility, view, bed_types=INSTITUTIONAL).label("beds"),
        occupied(facility, view, INSTITUTIONAL).label("residents"),
        reserved(facility, view).label("kept"),
        valid_rating(facility, RatingScheme.INSTITUTION_STAR, view).label("stars"),
    ).where(*visible(facility, view.at_date()), run_by_group(facility.id, group_id, view))
