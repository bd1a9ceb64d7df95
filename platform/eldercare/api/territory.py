"""Groups by territory: the division of each level that a row's place belongs to, and how reports ask for one."""

from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import aliased

from eldercare.api.kind import DAY, KEY, choice
from eldercare.api.noun import Argument, Dimension, shown_reference
from eldercare.registry.division import Division, Level
from eldercare.registry.person import ResidenceBase
from eldercare.security.privacy import Privacy

STEPS = len(Level) - 1
"""How many divisions stand above the lowest one at most."""


def unplaced(row: Any, view: Any) -> ColumnElement[Any]:
    """Dimensions of territory are joined as a whole, not computed row by row."""
    raise NotImplementedError("A dimension with a level is read from the map of territories.")


BY_TERRITORY = tuple(
    Dimension(
        level.name.lower(),
        KEY,
        unplaced,
        f"The division of the level {level.en}.",
        level.zh,
        "Division",
        level,
        privacy=Privacy.PERSONAL,
    )
    for level in (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWN, Level.VILLAGE)
)
"""A dimension for each level of administration below the nation."""


def territories(levels: list[Level]) -> Any:
    """A select of every division's key with the key of its division of each of these levels, itself included."""
    chain = [aliased(Division) for _ in range(STEPS)]
    columns = [case(*[(each.level == level, each.id) for each in chain]).label(level.name.lower()) for level in levels]
    found = select(chain[0].id.label("id"), *columns).select_from(chain[0])
    for below, above in pairwise(chain):
        found = found.outerjoin(above, above.id == below.parent_id)
    return found


TERRITORY = Argument(
    "division", KEY, "The territory: its id or its twelve-digit code; everywhere without.", "区划", noun="Division"
)
"""The argument of a report that limits it to a territory."""
PERIOD = (
    Argument("begins", DAY, "First day of the period.", "起始日期", required=True),
    Argument("ends", DAY, "Last day of the period; the date asked about without.", "截止日期"),
)
"""The arguments of a report over a period."""
BASE = Argument(
    "base",
    choice(ResidenceBase),
    "Who lives there or who is registered there; without, everybody where they live, else where they are registered.",
    "口径",
    structural=True,
)
LEVEL = Argument("level", choice(Level), "A row for every division of this level.", "行政层级", structural=True)
PLACE = (
    shown_reference("division", "Division", en="The division, when counted by level.", zh="区划"),
    shown_reference(
        "under",
        "Division",
        en="Where nobody knows the division of the level, or it is no more: the lowest known one above it.",
        zh="未分配所属区划",
    ),
)
"""Where a row counts people: in a division of the level, or in the rest of one above it."""
