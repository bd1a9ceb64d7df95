"""Who belongs to which group at a date: stored determinations, and groups computed from other records."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from eldercare.registry import rules
from eldercare.registry.assessment import AbilityAssessment, AssessmentStatus, Instrument
from eldercare.registry.division import within
from eldercare.registry.membership import GroupCategory, GroupMembership
from eldercare.registry.person import LivingArrangement, Residence, ResidenceBase
from eldercare.registry.query import View, visible


class Birthday(FunctionElement[Any]):
    """The day so many years before a date: people born on it or earlier have that age; 29 February becomes 28."""

    inherit_cache = True
    type = Date()


@compiles(Birthday, "sqlite")
def _sqlite_birthday(element: Birthday, compiler: Any, **options: Any) -> str:
    day, years = (compiler.process(clause, **options) for clause in element.clauses)
    back = f"date({day}, '-' || ({years}) || ' years')"
    # SQLite turns 29 February of a common year into 1 March; the last day of the month before is meant.
    return f"(CASE WHEN strftime('%d', {back}) <> strftime('%d', {day}) THEN date({back}, '-1 day') ELSE {back} END)"


@compiles(Birthday, "postgresql")
def _postgres_birthday(element: Birthday, compiler: Any, **options: Any) -> str:
    day, years = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(CAST({day} AS date) - make_interval(years => ({years})::int))::date"


class FullYears(FunctionElement[int]):
    """Full years from a date to another."""

    inherit_cache = True
    type = Integer()


@compiles(FullYears, "sqlite")
def _sqlite_years(element: FullYears, compiler: Any, **options: Any) -> str:
    born, day = (compiler.process(clause, **options) for clause in element.clauses)
    return f"((CAST(strftime('%Y%m%d', {day}) AS INTEGER) - CAST(strftime('%Y%m%d', {born}) AS INTEGER)) / 10000)"


@compiles(FullYears, "postgresql")
def _postgres_years(element: FullYears, compiler: Any, **options: Any) -> str:
    born, day = (compiler.process(clause, **options) for clause in element.clauses)
    return f"((to_char(CAST({day} AS date), 'YYYYMMDD')::int - to_char({born}, 'YYYYMMDD')::int) / 10000)"


def age(person: Any, view: View) -> ColumnElement[int]:
    """Age in full years at the view's date; somebody born on 29 February turns a year older on 1 March."""
    return FullYears(person.birth_date, view.as_of)


def at_least(person: Any, years: int | ColumnElement[int], view: View) -> ColumnElement[bool]:
    """Whether a person has reached an age, in a form that an index on the date of birth can answer."""
    bound = literal(years, Integer) if isinstance(years, int) else years
    reached: ColumnElement[bool] = person.birth_date <= Birthday(view.as_of, bound)
    return reached


def alive(person: Any, view: View) -> ColumnElement[bool]:
    """Whether a person is born, not known to have died by the view's date, and not merged into another record."""
    return and_(
        person.birth_date <= view.as_of,
        or_(person.deceased_on.is_(None), person.deceased_on > view.as_of),
        person.merged_into_id.is_(None),
    )


def holds(category: GroupCategory, person: Any, view: View) -> ColumnElement[bool]:
    """Whether a person belongs to a group at the view's date, whatever way the group is established."""
    if category in rules.ADVANCED_AGES:
        return at_least(person, rules.ADVANCED_AGES[category], view)
    if category is GroupCategory.LIVING_ALONE:
        return _lives(person, rules.ALONE_KINDS, view)
    if category is GroupCategory.EMPTY_NEST:
        return _lives(person, rules.EMPTY_NEST_KINDS, view)
    if category is GroupCategory.DISABLED_ABILITY:
        return func.coalesce(latest_level(person, view) >= rules.rule("disabled_level_from"), false())
    if category is GroupCategory.SPECIAL_DIFFICULTY:
        return _special_difficulty(person, view)
    return determined([category], person, view)


def determined(categories: list[GroupCategory], person: Any, view: View) -> ColumnElement[bool]:
    """Whether a person has an effective determination of one of these stored groups at the view's date."""
    membership = aliased(GroupMembership)
    found = _determinations(membership, categories, view).where(membership.person_id == person.id)
    return exists(found.correlate_except(membership))


def people_determined(categories: list[GroupCategory], view: View) -> Select[Any]:
    """The keys of the people with an effective determination; the way to begin when all of them are wanted."""
    membership = aliased(GroupMembership)
    return _determinations(membership, categories, view).with_only_columns(membership.person_id)


def people_within(territory_id: Any, view: View, *, base: ResidenceBase | None = None) -> Select[Any]:
    """The keys of the people who are at home in a territory at the view's date."""
    found = homes(view, territory_id=territory_id, base=base)
    return found.with_only_columns(found.selected_columns.person)


def at_home_in(person: Any, view: View) -> ColumnElement[int]:
    """The division in which one person is at home at the view's date, as in `homes`; for few people, one by one."""

    def place(base: ResidenceBase) -> Any:
        residence = aliased(Residence)
        where = [residence.person_id == person.id, residence.base == base]
        found = select(residence.division_id).where(*where, *visible(residence, view.over_all().at_date()))
        return found.limit(1).correlate_except(residence).scalar_subquery()

    return func.coalesce(place(ResidenceBase.RESIDENT), place(ResidenceBase.HUKOU))


def homes(view: View, *, territory_id: Any = None, base: ResidenceBase | None = None) -> Select[Any]:
    """Where people are at home at the view's date, as `person` and `division`: each in one place, so that places add up.

    It is where they live, else where they are registered; with a base that alone.
    """
    residence, view = aliased(Residence), view.over_all().at_date()
    columns: tuple[Any, ...] = (residence.person_id.label("person"), residence.division_id.label("division"))
    found: Select[Any] = select(*columns).where(*visible(residence, view))
    if territory_id is not None:
        found = found.where(within(residence.division_id, territory_id))
    if base is not None:
        return found.where(residence.base == base)
    lives = aliased(Residence)
    known = select(lives.id).where(lives.person_id == residence.person_id, *visible(lives, view))
    elsewhere = exists(known.where(lives.base == ResidenceBase.RESIDENT))
    return found.where(or_(residence.base == ResidenceBase.RESIDENT, ~elsewhere))


def _determinations(membership: Any, categories: list[GroupCategory], view: View) -> Select[Any]:
    return select(membership.id).where(membership.category.in_(categories), *effective(membership, view))


def effective(membership: Any, view: View) -> list[ColumnElement[bool]]:
    """The conditions under which a determination counts: in force at the date, and neither proposed nor rejected."""
    return [membership.status.in_(rules.EFFECTIVE), *visible(membership, view.at_date())]


def latest_assessment(person_id: Any, view: View) -> Select[Any]:
    """The key of a person's newest final assessment by GB/T 42195 that may still be relied on at the view's date."""
    made = aliased(AbilityAssessment)
    return (
        select(made.id)
        .where(
            made.person_id == person_id,
            made.instrument == Instrument.GBT_42195_2022,
            made.status == AssessmentStatus.FINAL,
            *visible(made, view.at_date()),
        )
        .order_by(made.assessed_on.desc(), made.id.desc())
        .limit(1)
        .correlate_except(made)
    )


def latest_level(person: Any, view: View) -> ColumnElement[int]:
    """The ability level, 0 to 4, by the newest assessment that may be relied on; null when there is none."""
    chosen = aliased(AbilityAssessment)
    newest = latest_assessment(person.id, view).scalar_subquery()
    return select(chosen.level).where(chosen.id == newest).correlate_except(chosen).scalar_subquery()


def resides_within(
    person: Any, territory_id: Any, view: View, *, base: ResidenceBase | None = None
) -> ColumnElement[bool]:
    """Whether a person lives or is registered in a territory at the view's date; one base alone when named."""
    residence = aliased(Residence)
    conditions = [residence.person_id == person.id, *visible(residence, view.at_date())]
    if base is not None:
        conditions.append(residence.base == base)
    found = select(residence.id).where(*conditions, within(residence.division_id, territory_id))
    return exists(found.correlate_except(residence))


def _lives(person: Any, kinds: tuple[Any, ...], view: View) -> ColumnElement[bool]:
    living = aliased(LivingArrangement)
    return exists(
        select(living.id)
        .where(
            living.person_id == person.id,
            living.kind.in_(kinds),
            *visible(living, view.at_date()),
        )
        .correlate_except(living)
    )


def _special_difficulty(person: Any, view: View) -> ColumnElement[bool]:
    members = rules.SPECIAL_DIFFICULTY
    stored = [category for category in members if category not in rules.DERIVED_CATEGORIES]
    computed = [holds(category, person, view) for category in members if category in rules.DERIVED_CATEGORIES]
    return or_(determined(stored, person, view), *computed)
