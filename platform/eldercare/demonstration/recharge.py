"""A sample of service credit in Shijiazhuang in 2017: what people were due, credited and used, and what an inspection finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from eldercare.demonstration.age import Ages, ages_of
from eldercare.demonstration.facility import MARK, found, seat
from eldercare.demonstration.luck import Luck, Weighted
from eldercare.demonstration.person import Elder, Life, enrol
from eldercare.demonstration.table import settings
from eldercare.demonstration.world import World
from eldercare.registry import (
    AccountTransaction,
    AgreementArea,
    AgreementService,
    BatchApproval,
    CapacityPeriod,
    DisbursementBatch,
    DisbursementLine,
    Entitlement,
    Facility,
    GroupMembership,
    ProviderPhase,
    ServiceAccount,
    ServiceAgreement,
    ServiceOrder,
    ServiceProvider,
    Stay,
    StayLeave,
    placement,
)
from eldercare.registry.capacity import BedType
from eldercare.registry.disbursement import BatchStatus
from eldercare.registry.entitlement import TransactionKind
from eldercare.registry.membership import GroupCategory, MembershipStatus
from eldercare.registry.monthly import Found, due
from eldercare.registry.organisation import OrganisationKind
from eldercare.registry.people_rules import months_after
from eldercare.registry.person import Sex
from eldercare.registry.provider import Affiliation, AgreementKind, ProviderStatus
from eldercare.registry.scheme import StartEffect
from eldercare.registry.service import ServiceItem, ServiceKind
from eldercare.registry.service_order import Funding
from eldercare.registry.stay import DischargeReason, LeaveReason

RECHARGE, CASH = "SJZ-RECHARGE", "SJZ-CASH"
KINDS = ("THREE_WITHOUT", "LOW_INCOME", "SOCIAL_KINLESS", "SEVERE_DISABILITY", "AGED_90", "ONLY_CHILD_LOST")
GROUPS = {
    "THREE_WITHOUT": GroupCategory.EXTREMELY_POOR,
    "LOW_INCOME": GroupCategory.DIBAO,
    "SOCIAL_KINLESS": GroupCategory.SOCIAL_KINLESS,
    "SEVERE_DISABILITY": GroupCategory.SEVERE_DISABILITY_CERT,
    "ONLY_CHILD_LOST": GroupCategory.FAMILY_PLANNING_SPECIAL,
}
OLDEST: Ages = Weighted({(Sex.FEMALE, age): 1 for age in range(91, 98)})
DIED, IN_HOME, TWICE, ABOVE = 0, 1, 4, 10
"""Which of the sample died in August, lived in an institution, were enrolled twice, or were paid above the tier."""
DEATH = date(2017, 8, 14)


@dataclass
class Book:
    """The keys of schemes, tiers, conditions and allocations by their codes."""

    schemes: dict[str, int] = field(default_factory=dict)
    tiers: dict[tuple[str, str], int] = field(default_factory=dict)
    rules: dict[tuple[str, str], int] = field(default_factory=dict)
    allocations: dict[str, int] = field(default_factory=dict)


@dataclass
class Holder:
    """Somebody of the sample: the account, the entitlement and where they live."""

    number: int
    elder: Elder
    kind: str
    division: int
    entitlement: int
    account: int
    begins: date
    luck: Luck


class _Sample:
    """Writes the sample month by month."""

    def __init__(self, world: World, book: Book) -> None:
        self.world, self.book = world, book
        self.plan: Mapping[str, Any] = settings("funds.yaml")["sample"]
        scheme = next(row for row in settings("funds.yaml")["schemes"] if row["code"] == RECHARGE)
        self.ways: dict[str, Mapping[str, Any]] = {row["code"]: row for row in scheme["rules"]}
        self.amounts: dict[str, int] = scheme["tiers"]
        self.city = seat(world, "1301")
        self.agreement = 0
        self.provider = 0

    def add(self, noun: Any, **values: Any) -> int:
        """Take a record and give its key."""
        return self.world.ledger.add(noun, **values)

    def write(self) -> None:
        """Write people, batches with their credit, services, and what an inspection will find."""
        self._contract()
        holders = [self._holder(number) for number in range(self.plan["people"])]
        for month in range(1, 13):
            self._batch(holders, date(self.plan["year"], month, 1))
        for holder in holders:
            self._services(holder)
        self._cash(holders[TWICE])
        self._institution(holders[IN_HOME])
        self._settlements(holders[5])
        self.world.ledger.write()
        placement.report_death(self.world.ledger.writer, person_id=holders[DIED].elder.key, on=DEATH)

    def _contract(self) -> None:
        """A social service organisation with a purchase contract for the whole city."""
        since = settings("funds.yaml")["since"]
        name, kind = f"石家庄市居家养老服务中心{MARK}", OrganisationKind.SOCIAL_SERVICE_ORG
        organisation = found(self.world, self.plan["first_organisation"], name, kind, self.city)
        values = {"affiliation": Affiliation.CONTRACTED, "division_id": self.city, "registered_on": since}
        self.provider = self.add(ServiceProvider, organisation_id=organisation, **values)
        self.add(ProviderPhase, provider_id=self.provider, status=ProviderStatus.ACTIVE, valid_from=since)
        agreed = {"kind": AgreementKind.PURCHASE, "number": "示例-2016-1", "valid_from": since}
        self.agreement = self.add(ServiceAgreement, provider_id=self.provider, **agreed)
        self.add(AgreementArea, agreement_id=self.agreement, division_id=self.city)
        for each in ServiceKind:
            self.add(AgreementService, agreement_id=self.agreement, kind=each)

    def _holder(self, number: int) -> Holder:
        luck = self.world.luck("funds", "person", number)
        kind, county = KINDS[number % len(KINDS)], luck.one(self.plan["counties"])
        home = luck.one(self.world.villages(county))
        ages = OLDEST if kind == "AGED_90" else ages_of(county)
        first = date(self.plan["year"], 1, 1)
        elder = enrol(self.world, self.plan["first_person"] + number, Life(ages, [home], first), luck)
        begins = max(first, elder.since)
        if kind in GROUPS:
            values: dict[str, Any] = {"category": GROUPS[kind], "status": MembershipStatus.EFFECTIVE}
            values |= {"subtype": "ONLY_CHILD_LOST"} if kind == "ONLY_CHILD_LOST" else {}
            since = max(elder.since, date(self.plan["year"] - 1, 3, 1))
            self.add(GroupMembership, person_id=elder.key, valid_from=since, **values)
        entitlement = self.add(
            Entitlement,
            person_id=elder.key,
            scheme_id=self.book.schemes[RECHARGE],
            tier_id=self.book.tiers[RECHARGE, self.ways[kind]["tier"]],
            rule_id=self.book.rules[RECHARGE, kind],
            monthly_amount=self.amounts[self.ways[kind]["tier"]] * 100,
            valid_from=begins,
        )
        scheme = self.book.schemes[RECHARGE]
        account = self.add(ServiceAccount, person_id=elder.key, scheme_id=scheme, opened_on=begins)
        return Holder(number, elder, kind, home.key, entitlement, account, begins, luck)

    def _batch(self, holders: list[Holder], month: date) -> None:
        """The batch of a month: lines with their reasons, and the credit of each."""
        paid = [each for each in holders if each.begins < months_after(month, 1) and self._pays(each, month)]
        results = [due(self._found(each), None, month) for each in paid]
        amounts = [self._amount(each, month, result.amount) for each, result in zip(paid, results, strict=True)]
        allocation = "RECHARGE-CITY" if month.month <= 9 else "RECHARGE-LOTTERY"
        on = month + timedelta(days=9)
        batch = self._opened(RECHARGE, month, allocation, amounts)
        for holder, result, amount in zip(paid, results, amounts, strict=True):
            line = self._line(batch, holder, month, (result.days, amount, result.explanation, result.explanation_zh))
            values = {"kind": TransactionKind.CREDIT, "amount": amount, "month": month, "line_id": line}
            self.add(AccountTransaction, account_id=holder.account, happened_on=on, **values)

    def _pays(self, holder: Holder, month: date) -> bool:
        """The death of August became known in November: until then was paid."""
        return holder.number != DIED or month.month <= 10

    def _amount(self, holder: Holder, month: date, amount: int) -> int:
        return amount * 2 if holder.number == ABOVE and month.month == 4 else amount

    def _opened(self, scheme: str, month: date, allocation: str | None, amounts: list[int]) -> int:
        on = month + timedelta(days=9)
        batch = self.add(
            DisbursementBatch,
            scheme_id=self.book.schemes[scheme],
            division_id=self.city,
            month=month,
            allocation_id=None if allocation is None else self.book.allocations[allocation],
            status=BatchStatus.CLOSED,
            people=len(amounts),
            total=sum(amounts),
            calculated_on=month + timedelta(days=1),
            paid_on=on,
        )
        steps = (
            BatchStatus.VILLAGE_PUBLICISED,
            BatchStatus.TOWN_REVIEWED,
            BatchStatus.COUNTY_APPROVED,
            BatchStatus.PAID,
        )
        for place, step in enumerate(steps):
            values = {"approver": f"{step.value.lower()} (示例)", "decided_on": month + timedelta(days=2 * place + 2)}
            self.add(BatchApproval, batch_id=batch, step=step, **values)
        return batch

    def _line(self, batch: int, holder: Holder, month: date, told: tuple[int, int, str, str]) -> int:
        return self.add(
            DisbursementLine,
            batch_id=batch,
            entitlement_id=holder.entitlement,
            person_id=holder.elder.key,
            division_id=holder.division,
            month=month,
            days=told[0],
            amount=told[1],
            explanation=told[2],
            explanation_zh=told[3],
        )

    def _found(self, holder: Holder) -> Found:
        way = self.ways[holder.kind]
        return Found(
            entitlement=holder.entitlement,
            person=holder.elder.key,
            division=holder.division,
            monthly=self.amounts[way["tier"]] * 100,
            begins=holder.begins,
            paid_to=None,
            ended=None,
            start=StartEffect.FULL_MONTH,
            tier=way["tier"],
            rule=way["en"],
            rule_zh=way["zh"],
            events={},
        )

    def _services(self, holder: Holder) -> None:
        """About thirteen services a year at about 28 yuan each, none after a death."""
        luck, last = holder.luck, 212 if holder.number == DIED else 340
        for _ in range(luck.between(*self.plan["services"])):
            day = date(self.plan["year"], 1, 15) + timedelta(days=luck.below(last))
            if day > holder.begins + timedelta(days=14) and not (holder.number == IN_HOME and 4 < day.month < 12):
                self._serve(holder, day)

    def _serve(self, holder: Holder, day: date, *, times: int = 1) -> None:
        """An order that was served and settled, paid so many times from the account."""
        luck = holder.luck
        begun = datetime(day.year, day.month, day.day, 1, luck.below(60), tzinfo=UTC)
        stages = ("ordered_at", "dispatched_at", "received_at", "started_at", "completed_at", "settled_at")
        price = luck.one(self.plan["prices"])
        order = self.add(
            ServiceOrder,
            person_id=holder.elder.key,
            division_id=holder.division,
            item=ServiceItem[luck.one(self.plan["items"])],
            provider_id=self.provider,
            agreement_id=self.agreement,
            funding=Funding.ACCOUNT,
            unit_price=price,
            amount=price,
            **{stage: begun + timedelta(minutes=25 * place) for place, stage in enumerate(stages)},
        )
        for _ in range(times):
            values = {"kind": TransactionKind.CONSUME, "amount": price, "order_id": order}
            self.add(AccountTransaction, account_id=holder.account, happened_on=day, **values)

    def _cash(self, holder: Holder) -> None:
        """A district paid its own allowance too, which the service credit excludes, and more than was allocated."""
        scheme, month = self.book.schemes[CASH], date(self.plan["year"], 3, 1)
        entitlement = self.add(
            Entitlement,
            person_id=holder.elder.key,
            scheme_id=scheme,
            tier_id=self.book.tiers[CASH, "C100"],
            rule_id=self.book.rules[CASH, "AGED_85"],
            monthly_amount=10_000,
            valid_from=max(month, holder.begins),
        )
        other = Holder(**{**vars(holder), "entitlement": entitlement})
        for later in (month, months_after(month, 1)):
            batch = self._opened(CASH, later, None, [10_000])
            texts = (
                f"aged 85 and over, tier C100: 100.00 yuan for {later:%Y-%m}.",
                f"85岁以上老人,C100档:{later:%Y-%m}发放100.00元。",
            )
            self._line(batch, other, later, (31, 10_000, *texts))

    def _institution(self, holder: Holder) -> None:
        """From May to November in an institution, three weeks of it in hospital, and served at home all the same."""
        year = self.plan["year"]
        values: dict[str, Any] = {"bed_type": BedType.ORDINARY, "agreement_number": "示例-资金检查"}
        values |= {"admitted_on": date(year, 5, 3), "discharged_on": date(year, 11, 30)}
        stay = self.add(
            Stay,
            person_id=holder.elder.key,
            facility_id=self._room(),
            discharge_reason=DischargeReason.WENT_HOME,
            **values,
        )
        away = {"left_on": date(year, 7, 1), "returned_on": date(year, 7, 21), "reason": LeaveReason.HOSPITAL}
        self.add(StayLeave, stay_id=stay, **away)
        for day in (date(year, 6, 12), date(year, 7, 10)):
            self._serve(holder, day)

    def _settlements(self, holder: Holder) -> None:
        """An order settled without its payment, and one paid twice."""
        self._serve(holder, date(self.plan["year"], 9, 4), times=0)
        self._serve(holder, date(self.plan["year"], 9, 18), times=2)

    def _room(self) -> int:
        """The first institution with an ordinary bed to spare."""
        self.world.ledger.write()
        living = select(func.count(Stay.id)).where(
            Stay.facility_id == Facility.id, Stay.bed_type == BedType.ORDINARY, Stay.discharged_on.is_(None)
        )
        query = (
            select(Facility.id)
            .join(CapacityPeriod, CapacityPeriod.facility_id == Facility.id)
            .where(CapacityPeriod.bed_type == BedType.ORDINARY, Facility.code.startswith("SYN-SJZ-"))
            .where(CapacityPeriod.open > living.scalar_subquery() + 20)
        )
        room: int = self.world.ledger.session.scalars(query.order_by(Facility.code).limit(1)).one()
        return room


def write_sample(world: World, book: Book) -> None:
    """Write the sample."""
    _Sample(world, book).write()
