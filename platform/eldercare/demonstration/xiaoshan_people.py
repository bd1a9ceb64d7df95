"""Xiaoshan's people: the groups the district published, the residents of its centres, and those who wait."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from eldercare.demonstration.ability import assess, level_at_home, self_care
from eldercare.demonstration.age import Ages, ages_in_homes, ages_of
from eldercare.demonstration.care import live_on
from eldercare.demonstration.luck import Luck, Weighted
from eldercare.demonstration.person import Elder, Life, belong, enrol
from eldercare.demonstration.placement import admit, first_day, leave, queue
from eldercare.demonstration.world import World
from eldercare.demonstration.xiaoshan import Seat, plan, write_places
from eldercare.registry.capacity import BedType
from eldercare.registry.division import Level
from eldercare.registry.membership import GroupCategory, SupportMode
from eldercare.registry.stay import Payer

Groups = tuple[GroupCategory, ...]

POOR: Groups = (GroupCategory.EXTREMELY_POOR,)
SPECIAL: Groups = (GroupCategory.FAMILY_PLANNING_SPECIAL,)
SEVERE = GroupCategory.SEVERE_DISABILITY_CERT


@dataclass(frozen=True, slots=True)
class Role:
    """Why a synthetic person is in the registry: their groups, whether they live in a centre, their class if they wait."""

    groups: Groups = ()
    stays: bool = False
    waits: int | None = None

    @property
    def poor(self) -> bool:
        """Whether the person is extremely poor."""
        return GroupCategory.EXTREMELY_POOR in self.groups


def write_xiaoshan(world: World) -> None:
    """Write the district's facilities and people as of the day its figures were published."""
    beds = write_places(world)
    homes = list(dict.fromkeys((bed.facility, bed.opened) for bed in beds))
    seats = iter(world.luck("xiaoshan", "seats").mixed(beds))
    cast, first = roles(), plan()["first_person"]
    for number, role in enumerate(cast, first):
        luck = world.luck("xiaoshan", "person", number)
        _person(world, number, role, next(seats) if role.stays else None, homes, luck)
    for former in range(first + len(cast), first + len(cast) + plan()["former"]["people"]):
        luck = world.luck("xiaoshan", "former", former)
        life = Life(ages_in_homes("residents"), world.villages(plan()["division"]), plan()["day"])
        facility, opened = luck.one(homes)
        leave(world, enrol(world, former, life, luck), facility, opened, plan()["day"], luck)


def roles() -> list[Role]:
    """Everybody, one by one; the overlaps are such that each published figure comes out by counting."""
    people, homes = plan()["people"], plan()["residents"]
    waiting = {row["who"]: row for row in plan()["waiting"]}
    severe = people["low_income_severe"]
    both: list[Groups] = [(GroupCategory.DIBAO, SEVERE)] * severe["dibao"]
    both += [(GroupCategory.DIBAO_MARGINAL, SEVERE)] * (severe["people"] - severe["dibao"])
    overlapping = people["poor"]["special"] + severe["special"]
    paying = homes["paying"] + waiting["paying"]["people"]
    return [
        *_cast(_poor(people["poor"]), people["poor"]["centralised"], waiting["poor"]),
        *_cast(_also_special(both, severe["special"]), homes["low_income_severe"], waiting["low_income_severe"]),
        *_cast([SPECIAL] * (people["special"]["people"] - overlapping), homes["special"], waiting["special"]),
        *_cast([()] * paying, homes["paying"], waiting["paying"]),
        *[Role((GroupCategory.DIBAO,))] * people["dibao_only"],
        *[Role((SEVERE,))] * people["severe_only"],
        *[Role()] * people["neighbours"],
    ]


def _poor(numbers: dict[str, int]) -> list[Groups]:
    """The extremely poor, the last of whom also belong to a special family-planning family."""
    both = numbers["special"]
    return [POOR] * (numbers["people"] - both) + [POOR + SPECIAL] * both


def _also_special(groups: list[Groups], count: int) -> list[Groups]:
    """The same groups, evenly spread people of whom also belong to a special family-planning family."""
    every = len(groups) // count
    return [
        each + SPECIAL if place % every == 0 and place < every * count else each for place, each in enumerate(groups)
    ]


def _cast(groups: list[Groups], staying: int, waiting: dict[str, int]) -> Iterator[Role]:
    """The first live in a centre, the next wait for one, the others live at home."""
    for place, each in enumerate(groups):
        waits = staying <= place < staying + waiting["people"]
        yield Role(each, place < staying, waiting["class"] if waits else None)


def _person(
    world: World, number: int, role: Role, seat: Seat | None, homes: list[tuple[int, date]], luck: Luck
) -> None:
    on: date = plan()["day"]
    moved_in = first_day(luck, seat.opened, on, poor=role.poor) if seat else None
    life = Life(
        _ages(role, seat), world.villages(plan()["division"]), on, moved_in, role.poor or _childless(role, luck)
    )
    elder = enrol(world, number, life, luck)
    level = _level(elder, role, seat, luck)
    for category in role.groups:
        belong(world, elder, category, on, luck, before=moved_in, **_details(category, level, seat, luck))
    assessed = seat or role.waits or luck.hit(0.35 if SEVERE in role.groups else 0.05)
    if assessed:
        assess(world, elder, level, on, luck)
    if seat and moved_in:
        payer = Payer.CENTRALISED_SUPPORT if role.poor else Payer.SUBSIDISED if role.groups else Payer.SELF
        stay = admit(world, elder, seat.facility, seat.bed_type, moved_in, payer=payer)
        live_on(world, elder.key, stay, seat.facility, luck, since=moved_in, on=on)
    elif role.waits:
        wished = [facility for facility, _ in luck.mixed(homes)[:2]]
        town = world.division(Level.COUNTY, plan()["division"])
        queue(world, elder, wished, on, luck, priority=role.waits, bed_type=BedType.NURSING, division=town)


def _ages(role: Role, seat: Seat | None) -> Ages:
    if role.poor:
        return ages_in_homes("centralised_poor")
    if seat or role.waits:
        return ages_in_homes("residents")
    return ages_of(plan()["division"])


def _childless(role: Role, luck: Luck) -> bool:
    return GroupCategory.FAMILY_PLANNING_SPECIAL in role.groups and luck.hit(0.2)


@cache
def _levels(bed: str) -> Weighted[int]:
    return Weighted(plan()["levels"][bed])


def _level(elder: Elder, role: Role, seat: Seat | None, luck: Luck) -> int:
    if seat or role.waits:
        needs_nursing = role.waits or (seat and seat.bed_type is BedType.NURSING)
        return max(luck.of(_levels("nursing" if needs_nursing else "ordinary")), 3 if role.waits else 0)
    return level_at_home(elder.age(plan()["day"]), luck)


def _details(category: GroupCategory, level: int, seat: Seat | None, luck: Luck) -> dict[str, Any]:
    """What a determination says besides the group itself."""
    if category is GroupCategory.EXTREMELY_POOR:
        mode = SupportMode.CENTRALISED if seat else SupportMode.SCATTERED
        return {"support_mode": mode, "self_care": self_care(level)}
    if category is GroupCategory.FAMILY_PLANNING_SPECIAL:
        lost = luck.hit(plan()["people"]["special"]["only_child_lost"])
        return {"subtype": "ONLY_CHILD_LOST" if lost else "ONLY_CHILD_DISABLED"}
    return {}
