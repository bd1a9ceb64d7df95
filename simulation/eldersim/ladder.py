"""Ladders of scenarios: so many beds more, rung by rung; and a scenario measure by measure."""

from __future__ import annotations

from eldersim.entities import BED_TYPES, known
from eldersim.errors import InvalidInput
from eldersim.scenario import BASE, Scenario

Rung = tuple[str, tuple[int, ...]]


def read_ladder(text: str) -> Rung:
    """A ladder in words.

    >>> read_ladder("NURSING:10,20,30")
    ('NURSING', (10, 20, 30))
    """
    kind, _, steps = text.partition(":")
    known(kind.strip(), BED_TYPES, "BED_TYPE_UNKNOWN", ("ladder",))
    try:
        beds = tuple(int(step) for step in steps.split(","))
    except ValueError:
        beds = ()
    if not beds or min(beds) < 1:
        raise InvalidInput(
            "LADDER_UNREADABLE",
            f"{text!r} is no ladder.",
            remedy="Write a bed type and numbers of beds, such as NURSING:10,20,30.",
            path=["ladder"],
        )
    return kind.strip(), beds


def rungs(bed_type: str, beds: tuple[int, ...], *, division: str | None = None) -> tuple[Scenario, ...]:
    """One scenario for each number of new beds, from the first day on.

    >>> [each.name for each in rungs("NURSING", (10, 20))]
    ['nursing_plus_10', 'nursing_plus_20']
    """
    return tuple(
        Scenario.model_validate(
            {
                "name": f"{bed_type.lower()}_plus_{number}",
                "title": f"+{number} {bed_type}",
                "base": BASE.name,
                "measures": [{"kind": "add_beds", "bed_type": bed_type, "beds": number, "division": division}],
            }
        )
        for number in beds
    )


def measure_by_measure(scenario: Scenario) -> tuple[Scenario, ...]:
    """The base, then the scenario with its first measure, its first two, and so on: a waterfall's steps.

    Each step holds what came before, so the steps add up; a measure's own worth depends on its place in the order.
    """
    steps = [BASE]
    for count in range(1, len(scenario.measures) + 1):
        kind = scenario.measures[count - 1].kind
        content = {"name": f"step_{count}", "title": f"{count}. {kind}", "base": BASE.name}
        steps.append(Scenario.model_validate({**content, "measures": scenario.measures[:count]}))
    return tuple(steps)
