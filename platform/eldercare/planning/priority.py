"""The class of admission of people, by the registry's own rules at a date."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from eldercare.registry.admission import AdmissionRule
from eldercare.registry.division import Division
from eldercare.registry.group import effective
from eldercare.registry.membership import GroupCategory, GroupMembership, SelfCareClass
from eldercare.registry.query import View, visible

LAST = 8
"""The class of whoever comes under no rule."""

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Known:
    """What decides a person's class: key, ability level (None: never assessed) and age in full years."""

    person: int
    level: int | None
    age: int


class Priority:
    """The rules of admission that hold in a territory at a date; the lowest class that fits counts."""

    def __init__(self, session: Session, view: View, territory: Division) -> None:
        self.session, self.view = session, view
        above = territory.path.split("/")
        code: Any = Division.code
        rows = session.scalars(
            select(AdmissionRule)
            .outerjoin(Division, Division.id == AdmissionRule.division_id)
            .where(or_(AdmissionRule.division_id.is_(None), code.in_(above)), *visible(AdmissionRule, view))
            .order_by(AdmissionRule.priority_class, AdmissionRule.id)
        )
        self.rules = tuple(rows)

    def classes(self, people: Iterable[Known]) -> dict[int, int]:
        """The class of each person, 1 to 8."""
        known = list(people)
        groups = self._groups([each.person for each in known])
        return {each.person: self._class(each, groups.get(each.person, {})) for each in known}

    def of_category(self, category: GroupCategory) -> tuple[int, ...]:
        """The classes people of a group come under, the first one first; class 1 when no rule names the group."""
        classes = {min(rule.priority_class, LAST) for rule in self.rules if rule.category == category}
        return tuple(sorted(classes)) or (1,)

    def promotion(self) -> int | None:
        """Days of waiting after which a class improves by one, where the rules say so."""
        return next((rule.promote_after_days for rule in self.rules if rule.promote_after_days), None)

    def _class(self, known: Known, groups: dict[GroupCategory, SelfCareClass | None]) -> int:
        fitting = (rule.priority_class for rule in self.rules if _fits(rule, known, groups))
        return min(min(fitting, default=LAST), LAST)

    def _groups(self, people: Sequence[int]) -> dict[int, dict[GroupCategory, SelfCareClass | None]]:
        """The effective determinations of people."""
        found: dict[int, dict[GroupCategory, SelfCareClass | None]] = {}
        member: Any = aliased(GroupMembership)
        for chunk in chunks(people):
            query = select(member.person_id, member.category, member.self_care).where(
                member.person_id.in_(chunk), *effective(member, self.view)
            )
            for person, category, self_care in self.session.execute(query):
                found.setdefault(person, {})[category] = self_care
        return found


def _fits(rule: AdmissionRule, known: Known, groups: dict[GroupCategory, SelfCareClass | None]) -> bool:
    """Whether a person meets every condition of a rule."""
    return (
        (rule.category is None or rule.category in groups)
        and (rule.self_care is None or (rule.category is not None and groups.get(rule.category) == rule.self_care))
        and (rule.level_min is None or (known.level is not None and known.level >= rule.level_min))
        and (rule.age_min is None or known.age >= rule.age_min)
    )


def chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """Keys in portions that any database takes in one statement."""
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
