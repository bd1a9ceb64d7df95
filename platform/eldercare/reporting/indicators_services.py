"""Measures of services at home, platforms, calls and subsidies; flows are counted over the year that ends with the day."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, cast, exists, func, select
from sqlalchemy.orm import aliased

from eldercare.registry.days import after
from eldercare.registry.disbursement import DisbursementLine
from eldercare.registry.division import Level
from eldercare.registry.entitlement import AccountTransaction, ServiceAccount, TransactionKind
from eldercare.registry.group import Birthday
from eldercare.registry.hotline import HotlineCall
from eldercare.registry.moved_money import kept
from eldercare.registry.person import Residence, ResidenceBase
from eldercare.registry.query import View, in_force, visible
from eldercare.registry.service_order import ServiceOrder
from eldercare.registry.service_platform import Platform, PlatformStatus
from eldercare.registry.service_state import platform_status
from eldercare.registry.statistic import Basis
from eldercare.reporting import place as count
from eldercare.reporting.figures import reported
from eldercare.reporting.measure import Measure
from eldercare.reporting.place import Part, Place

PERCENTILES = (50, 90)
SERVED = (Level.CITY, Level.COUNTY, Level.TOWN, Level.VILLAGE)


def in_year(day: Any, view: View) -> list[ColumnElement[bool]]:
    """Whether a day lies in the year that ends with the view's date."""
    return [day >= after(Birthday(view.as_of, 1), 1), day <= view.as_of]


def scalar(found: Any) -> ColumnElement[int]:
    """The one number of a select."""
    number: ColumnElement[int] = found.scalar_subquery()
    return number


def has_platform(division: Any, view: View) -> ColumnElement[bool]:
    """Whether a division has a platform of its level that works."""
    platform: Any = aliased(Platform)
    where = [platform.division_id == division.id, platform.level == division.level]
    where += [platform_status(platform, view) == PlatformStatus.ACTIVE, *visible(platform, view)]
    return exists(select(platform.id).where(*where))


def orders(amount: Any) -> Part:
    """Something of the services done in the year."""

    def part(place: Place) -> ColumnElement[int]:
        order: Any = aliased(ServiceOrder)
        found = select(cast(amount(order), Integer)).where(*in_year(order.completed_on, place.view))
        found = found.where(*visible(order, place.view))
        return scalar(count.located(found, order.division_id, place))

    return part


def calls(amount: Any) -> Part:
    """Something of the calls of the year."""

    def part(place: Place) -> ColumnElement[int]:
        call: Any = aliased(HotlineCall)
        found = select(cast(amount(call), Integer)).where(*in_year(call.called_on, place.view))
        found = found.where(*visible(call, place.view))
        return scalar(count.located(found, call.division_id, place))

    return part


def seconds(share: int) -> Part:
    """The seconds within which this share of the answered calls of the year were answered."""

    def part(place: Place) -> ColumnElement[int]:
        call: Any = aliased(HotlineCall)
        waited = call.seconds_to_answer
        ranked = select(
            waited.label("waited"),
            func.row_number().over(order_by=waited).label("n"),
            func.count().over().label("all"),
        ).where(*in_year(call.called_on, place.view), waited.is_not(None))
        ranked = ranked.where(*visible(call, place.view))
        rows = count.located(ranked, call.division_id, place).subquery()
        return select(func.min(rows.c.waited)).where(rows.c.n * 100 >= rows.c.all * share).scalar_subquery()

    return part


def moved(kind: TransactionKind) -> Part:
    """What moved on accounts of the territory's people in the year, in fen; what was taken back left out."""

    def part(place: Place) -> ColumnElement[int]:
        move: Any = aliased(AccountTransaction)
        account: Any = aliased(ServiceAccount)
        found = select(func.sum(move.amount)).join(account, account.id == move.account_id)
        found = found.where(move.kind == kind, kept(move), *in_year(move.happened_on, place.view))
        home: Any = aliased(Residence)
        found = found.join(home, (home.person_id == account.person_id) & (home.base == ResidenceBase.RESIDENT))
        found = found.where(*visible(move, place.view), *in_force(home, place.view.at_date()))
        return scalar(count.located(found, home.division_id, place))

    return part


def entitled(place: Place) -> ColumnElement[int]:
    """What the lines of the year's batches pay the territory's people, in fen."""
    line: Any = aliased(DisbursementLine)
    found = select(func.sum(line.amount)).where(*in_year(line.month, place.view))
    return scalar(count.located(found.where(*visible(line, place.view)), line.division_id, place))


def answered(call: Any) -> ColumnElement[int]:
    """How many of the calls were answered."""
    found: ColumnElement[int] = func.count(call.answered_at)
    return found


SERVICES = (
    *(
        Measure("PLATFORM_COVERAGE", count.divisions(level, has_platform), count.divisions(level), variant=level.value)
        for level in SERVED
    ),
    Measure(
        "SERVICES_PER_CAPITA",
        orders(lambda o: func.count(o.id)),
        orders(lambda o: func.count(o.person_id.distinct())),
        times=1,
    ),
    Measure(
        "SERVICES_PER_CAPITA", reported("SUBSIDY_SERVICES"), reported("SUBSIDY_PEOPLE"), basis=Basis.REPORTED, times=1
    ),
    Measure(
        "COST_PER_SERVICE",
        orders(lambda o: func.sum(o.amount)),
        orders(lambda o: func.count(o.amount)),
        times=1,
        by=100,
    ),
    Measure(
        "COST_PER_SERVICE", reported("SUBSIDY_CONSUMED"), reported("SUBSIDY_SERVICES"), basis=Basis.REPORTED, times=1
    ),
    Measure("SUBSIDY_USE", moved(TransactionKind.CONSUME), moved(TransactionKind.CREDIT)),
    Measure("SUBSIDY_USE", moved(TransactionKind.CREDIT), entitled, variant="CREDITED"),
    Measure("ANSWER_RATE", calls(answered), calls(lambda c: func.count(c.id))),
    *(Measure("ANSWER_TIME", seconds(share), variant=f"P{share}") for share in PERCENTILES),
)
