"""A network of places as frozen data: places with beds, groups of people who come, stay, wait, give up and move on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from eldersim.errors import InvalidInput
from eldersim.laws import Law
from eldersim.rates import Rate

ORDERS = ("fifo", "lifo", "random", "priority", "displacing")


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to stay.

    ``beds`` are (from time, number) steps, None for as many as come; ``room`` is how many may wait (None: all);
    ``order`` one of `ORDERS`; ``kept[group]`` beds must stay free after admitting that group (trunk reservation);
    ``overflow`` is the place where those go who are refused; ``holds`` lets people who cannot enter keep the bed they
    come from (blocking after service); ``turnaround`` is the time a bed needs after each stay.
    """

    name: str
    beds: tuple[tuple[float, int], ...] | None
    room: int | None = None
    order: str = "fifo"
    kept: Mapping[str, int] = field(default_factory=dict)
    overflow: str | None = None
    holds: bool = False
    turnaround: float = 0.0


@dataclass(frozen=True, slots=True)
class Stream:
    """Arrivals of one group at one place: by a rate, by the law of the time between two, or at given times.

    ``batch`` is the law of how many come together (1 if None).
    """

    place: str
    rate: Rate | None = None
    between: Law | None = None
    times: tuple[float, ...] | None = None
    batch: Law | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """People alike: where they come from, how long they stay where, how long they wait, where they go next.

    ``routing[place]`` gives chances of next places; what is no place is a way out. ``delays[way out]`` prolongs the last
    stay. ``patience[place]`` is how long they wait there. ``urgency`` is lower for the more urgent. ``waits`` is false for
    people who never wait. ``running`` names places where the stay begins on paper while the person still keeps the bed before.
    """

    name: str
    streams: tuple[Stream, ...] = ()
    stays: Mapping[str, Law] = field(default_factory=dict)
    patience: Mapping[str, Law] = field(default_factory=dict)
    routing: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    delays: Mapping[str, Law] = field(default_factory=dict)
    urgency: float = 0.0
    waits: bool = True
    running: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Present:
    """People who are there at time 0, with the law of what is left of their stay."""

    group: str
    place: str
    count: int
    remaining: Law


@dataclass(frozen=True, slots=True)
class Network:
    """Places, groups and who is present at the start; times are in one unit throughout."""

    places: tuple[Place, ...]
    groups: tuple[Group, ...]
    present: tuple[Present, ...] = ()

    def __post_init__(self) -> None:
        names = {place.name for place in self.places}
        for group in self.groups:
            for stream in group.streams:
                _known(stream.place, names, (group.name, "streams"))
            for at in {*(s.place for s in group.streams), *group.routing} & names:
                if at not in group.stays:
                    raise InvalidInput(
                        "STAY_MISSING",
                        f"{group.name} comes to {at} but has no stay there.",
                        remedy="Give its distribution.",
                        path=(group.name, at),
                    )
        for place in self.places:
            if place.order not in ORDERS:
                raise InvalidInput(
                    "ORDER_UNKNOWN",
                    f"There is no order {place.order!r}.",
                    remedy=f"Known are {', '.join(ORDERS)}.",
                    path=(place.name,),
                )
            if place.overflow is not None:
                _known(place.overflow, names, (place.name, "overflow"))

    def number(self, name: str) -> int:
        """The position of a place."""
        return next(i for i, place in enumerate(self.places) if place.name == name)


def _known(name: str, names: set[str], path: tuple[str, ...]) -> None:
    if name not in names:
        raise InvalidInput(
            "PLACE_UNKNOWN", f"There is no place {name!r}.", remedy=f"Known are {', '.join(sorted(names))}.", path=path
        )
