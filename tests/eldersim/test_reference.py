"""The engine agrees person by person with a plain SimPy model of the same system."""

from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from reference_model import RESULT, System
from worlds import baselines

from eldersim.baseline import Baseline
from eldersim.engine import prepare
from eldersim.kernel import advance, apply
from eldersim.measures import HomeCare
from eldersim.sampling import DAY, YEAR
from eldersim.scenario import BASE

YEARS = 3
HOME = BASE.with_measures(HomeCare.model_validate({"slots": 4, "divert_share": 0.5, "bridge": True}), name="home")
PLAN = st.lists(
    st.tuples(
        st.integers(1, 1000 * DAY), st.sampled_from(["beds", "beds", "move_out"]), st.integers(0, 3), st.integers(0, 30)
    ),
    max_size=4,
)


def ours(state: Any, plan: list[tuple[int, str, int, int]], residents: int, waiting: int) -> None:
    """Run the rules with dated changes as the conductor would."""
    apply(state, "start", residents, waiting)
    apply(state, "settle_all", 0)
    for time, rule, where, beds in plan:
        advance(state, time)
        if rule == "beds":
            apply(state, "set_beds", time, where, beds)
            apply(state, "settle", time, where)
        else:
            apply(state, "move_out", time, where)
    advance(state, YEARS * YEAR)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(baselines(), st.integers(0, 2**31 - 1), PLAN)
def test_everybody_fares_the_same_in_plain_simpy(
    baseline: Baseline, seed: int, plan: list[tuple[int, str, int, int]]
) -> None:
    beds = prepare(baseline, HOME, years=YEARS).begin(seed=seed, compiled=False)
    sites = len(beds.where.sites)
    dated = sorted(
        (t, rule, site % sites if rule == "move_out" else site % (5 * sites), n) for t, rule, site, n in plan
    )
    assume(len({time for time, *_ in dated}) == len(dated))
    plain = prepare(baseline, HOME, years=YEARS).begin(seed=seed, compiled=True)
    system = System(plain.state, residents=len(baseline.residents), waiting=len(baseline.waiting), plan=dated)
    ours(beds.state, dated, len(baseline.residents), len(baseline.waiting))
    system.run()
    for name in RESULT:
        mine = [getattr(person, name) for person in beds.state.people]
        theirs = [getattr(person, name) for person in system.people]
        assert mine == theirs, name
