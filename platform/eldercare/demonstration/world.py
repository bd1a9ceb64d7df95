"""What every part of the fill needs: the ledger, the seed, and the divisions already written."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import select

from eldercare.demonstration.division import DIGITS
from eldercare.demonstration.ledger import Ledger
from eldercare.demonstration.luck import Luck
from eldercare.registry import Division
from eldercare.registry.division import Level


@dataclass(frozen=True)
class Village:
    """A place where synthetic people live: its key and from when it is known."""

    key: int
    begins: date


class World:
    """The ledger to write to, the seed all draws start from, and the divisions by level and digits."""

    def __init__(self, ledger: Ledger, seed: int) -> None:
        self.ledger = ledger
        self.seed = seed

    def luck(self, *words: str | int) -> Luck:
        """A stream of draws of its own for a purpose."""
        return Luck(self.seed, *words)

    def division(self, level: Level, digits: str) -> int:
        """The key of a division in force today."""
        return self._divisions[level, digits].key

    def begins(self, level: Level, digits: str) -> date:
        """From when a division in force today is known."""
        return self._divisions[level, digits].begins

    def villages(self, digits: str) -> Sequence[Village]:
        """The villages and communities of a county or town, in the order of their codes."""
        return self._villages[digits]

    def towns(self, digits: str) -> Sequence[str]:
        """The digits of a county's towns and streets in the order of their codes, the unassigned one left out."""
        return self._towns[digits]

    def name(self, level: Level, digits: str) -> str:
        """The name of a division in force today."""
        return self._names[level, digits]

    @cached_property
    def _listed(self) -> list[tuple[Level, str, int, date, str]]:
        columns = (Division.level, Division.code, Division.id, Division.valid_from, Division.name)
        query = select(*columns).where(Division.valid_to.is_(None)).order_by(Division.code, Division.level)
        found = self.ledger.connection.execute(query)
        return [(level, code[: DIGITS[level]], key, begins, name) for level, code, key, begins, name in found]

    @cached_property
    def _divisions(self) -> dict[tuple[Level, str], Village]:
        return {(level, digits): Village(key, begins) for level, digits, key, begins, _ in self._listed}

    @cached_property
    def _names(self) -> dict[tuple[Level, str], str]:
        return {(level, digits): name for level, digits, _, _, name in self._listed}

    @cached_property
    def _villages(self) -> dict[str, list[Village]]:
        found: dict[str, list[Village]] = defaultdict(list)
        for level, digits, key, begins, _ in self._listed:
            if level is Level.VILLAGE:
                found[digits[:6]].append(Village(key, begins))
                found[digits[:9]].append(Village(key, begins))
        return found

    @cached_property
    def _towns(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for level, digits, _, _, name in self._listed:
            if level is Level.TOWN and not name.startswith("未分配"):
                found[digits[:6]].append(digits)
        return found
