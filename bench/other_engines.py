"""What Ciw and salabim can express of the bed engine: one home, two priority classes, patience; seconds of CPU for an event."""

from __future__ import annotations

import random
import time
from typing import Any

BEDS, PEOPLE, LOAD, PATIENCE = 30, 3_000, 0.95, 20.0
EVENTS = 2 * PEOPLE
"""An application and what ends it, for each person; both engines do much more inside."""


def ciw_seconds() -> float:
    """Ciw: one node, two classes by priority, exponential patience."""
    import ciw

    def shared(rate: float) -> dict[str, Any]:
        return {name: [ciw.dists.Exponential(rate)] for name in ("Urgent", "Other")}

    network = ciw.create_network(
        arrival_distributions={name: [ciw.dists.Exponential(BEDS * LOAD / 2)] for name in ("Urgent", "Other")},
        service_distributions=shared(1.0),
        reneging_time_distributions=shared(1 / PATIENCE),
        number_of_servers=[BEDS],
        priority_classes={"Urgent": 0, "Other": 1},
    )
    ciw.seed(1)
    simulation = ciw.Simulation(network)
    before = time.process_time()
    simulation.simulate_until_max_customers(PEOPLE, method="Arrive")
    return (time.process_time() - before) / EVENTS


def salabim_seconds() -> float:
    """salabim: a resource, one component a person, requests that fail when patience is used up."""
    import salabim

    salabim.yieldless(False)
    world = salabim.Environment(trace=False, random_seed=1)
    beds = salabim.Resource("beds", capacity=BEDS, env=world)
    luck = random.Random(1)

    class Person(salabim.Component):
        """Somebody who asks for a bed, waits or gives up, and stays."""

        def process(self) -> Any:
            yield self.request((beds, 1, luck.randrange(2)), fail_delay=luck.expovariate(1 / PATIENCE))
            if not self.failed():
                yield self.hold(luck.expovariate(1.0))
                self.release()

    class Source(salabim.Component):
        """People apply one after another."""

        def process(self) -> Any:
            for _ in range(PEOPLE):
                Person(env=world)
                yield self.hold(luck.expovariate(BEDS * LOAD))

    Source(env=world)
    before = time.process_time()
    world.run()
    return (time.process_time() - before) / EVENTS
