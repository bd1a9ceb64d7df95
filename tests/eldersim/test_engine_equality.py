"""The compiled engine and the interpreted one are the same engine, to the last entry of the log."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import studies

from eldersim.baseline import Baseline
from eldersim.engine import prepare
from eldersim.scenario import Scenario

pytest.importorskip("numba")
SLOW = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SLOW
@given(studies(), st.integers(0, 2**31 - 1))
def test_interpreted_and_compiled_runs_write_the_same_log(study: tuple[Baseline, Scenario], seed: int) -> None:
    model = prepare(*study, years=2)
    interpreted, compiled = (model.run(seed=seed, log=True, people=True, compiled=each) for each in (False, True))
    assert interpreted.log == compiled.log
    assert interpreted.people.tobytes() == compiled.people.tobytes()
    for name in ("residents", "beds", "waiting", "moving", "misplaced", "bed_days", "closing_days", "misplaced_days"):
        assert (getattr(interpreted, name) == getattr(compiled, name)).all(), name
