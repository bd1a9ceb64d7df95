"""Synthetic people: who they are, where and with whom they live, and the groups they were determined to belong to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from eldercare.demonstration.age import Ages, birthday, full_years
from eldercare.demonstration.identity import resident_number
from eldercare.demonstration.luck import Luck, Weighted
from eldercare.demonstration.name import person_name
from eldercare.demonstration.table import settings
from eldercare.demonstration.world import Village, World
from eldercare.registry import GroupMembership, LivingArrangement, Person, Residence
from eldercare.registry.membership import DeterminationKind, GroupCategory, MembershipStatus
from eldercare.registry.person import Education, IdType, LivingKind, MaritalStatus, ResidenceBase, Sex

KNOWN_SINCE = date(2012, 1, 1)
"""From when the registry knows where its synthetic people live."""

IMPORTED = {
    GroupCategory.SEVERE_DISABILITY_CERT,
    GroupCategory.FAMILY_PLANNING_SPECIAL,
    GroupCategory.VETERAN_PREFERENTIAL,
}
"""Groups the registry takes over from other authorities' registers; the others are determined by civil affairs."""

HAN = "01"


@dataclass(frozen=True, slots=True)
class Elder:
    """A synthetic person already written: key, sex, day of birth, and from when the registry knows them."""

    key: int
    sex: Sex
    born: date
    since: date

    def age(self, on: date) -> int:
        """Age on a day, in full years."""
        return full_years(self.born, on)


@dataclass(frozen=True, slots=True)
class Life:
    """What is settled about a person before the draws: the rest is left to luck."""

    ages: Ages
    homes: Sequence[Village]
    on: date
    moved_in: date | None = None
    alone: bool = False
    telephone: bool = True


def enrol(world: World, index: int, life: Life, luck: Luck) -> Elder:
    """Write synthetic person number `index` with residence and living arrangement."""
    sex, age = luck.of(life.ages)
    born = birthday(luck, age, life.on)
    home = luck.one(life.homes)
    since = max(KNOWN_SINCE, home.begins)
    values = {
        "name": person_name(luck, sex),
        "sex": sex,
        "birth_date": born,
        "id_type": IdType.RESIDENT_ID,
        "id_number": resident_number(index, born, sex),
        "ethnicity": HAN,
        "education": luck.of(_education()),
        "marital_status": _marital(luck, age, life.alone),
        "phone": f"000{index:08d}" if life.telephone else None,
    }
    elder = Elder(world.ledger.add(Person, **values), sex, born, since)
    bases = (ResidenceBase.RESIDENT, ResidenceBase.HUKOU) if life.telephone else (ResidenceBase.RESIDENT,)
    for base in bases:
        world.ledger.add(Residence, person_id=elder.key, base=base, division_id=home.key, valid_from=since)
    _live(world, elder, life, luck)
    return elder


def _live(world: World, elder: Elder, life: Life, luck: Luck) -> None:
    """Write with whom the person lives, and the institution when they moved into one."""
    kind = LivingKind.ALONE if life.alone else luck.of(_living(elder.age(life.on)))
    children = 0 if life.alone else luck.between(1, 4)
    values: dict[str, Any] = {
        "person_id": elder.key,
        "children_count": children,
        "children_nearby": luck.hit(0.6) and children > 0,
    }
    first = elder.since if life.moved_in is None or elder.since < life.moved_in else None
    if first:
        world.ledger.add(LivingArrangement, **values, kind=kind, valid_from=first, valid_to=life.moved_in)
    if life.moved_in:
        world.ledger.add(LivingArrangement, **values, kind=LivingKind.IN_INSTITUTION, valid_from=life.moved_in)


def belong(
    world: World,
    elder: Elder,
    category: GroupCategory,
    on: date,
    luck: Luck,
    *,
    before: date | None = None,
    **more: Any,
) -> int:
    """Write that a person belongs to a group on a day, since some day until then, or until `before` when that is earlier."""
    last = min(before or on, on)
    begun = elder.since + timedelta(days=luck.below((last - elder.since).days)) if elder.since < last else last
    imported = category in IMPORTED
    values = {
        "person_id": elder.key,
        "category": category,
        "status": MembershipStatus.EFFECTIVE,
        "valid_from": begun,
        "determination": DeterminationKind.IMPORTED if imported else DeterminationKind.DETERMINED,
        "next_review_on": None if imported else on + timedelta(days=luck.between(30, 365)),
        **more,
    }
    return world.ledger.add(GroupMembership, **values)


@cache
def _education() -> Weighted[Education]:
    return Weighted({Education[name]: share for name, share in settings("people.yaml")["education"]["shares"].items()})


@cache
def _living(age: int) -> Weighted[LivingKind]:
    living = settings("people.yaml")["living"]
    shares: Mapping[str, float] = living["kinds"][_row(living["from"], age)]
    return Weighted({LivingKind[name]: share for name, share in shares.items()})


def _marital(luck: Luck, age: int, alone: bool) -> MaritalStatus:
    living = settings("people.yaml")["living"]
    if alone:
        return MaritalStatus.UNMARRIED
    widowed: float = living["widowed"][_row(living["from"], age)]
    return MaritalStatus.WIDOWED if luck.hit(widowed) else MaritalStatus.MARRIED


def _row(starts: Sequence[int], age: int) -> int:
    """The last row whose age is reached."""
    return max(place for place, start in enumerate(starts) if start <= age)
