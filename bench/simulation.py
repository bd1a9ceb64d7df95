"""Measures the simulation side by side in one run: compiled, interpreted, plain SimPy, C, Ciw, salabim; prints a table.

Run from the repository: ``python bench/simulation.py`` (``--quick`` leaves out ten times the people, Ciw and salabim).
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "simulation"), str(HERE.parent / "tests" / "eldersim")]

from reference_model import RESULT, System  # noqa: E402
from shijiazhuang import city  # noqa: E402

from eldersim.beds import SHIFT  # noqa: E402
from eldersim.conductor import Beds  # noqa: E402
from eldersim.engine import Model, prepare  # noqa: E402
from eldersim.kernel import advance, apply, machine  # noqa: E402
from eldersim.records import State  # noqa: E402
from eldersim.sampling import YEAR  # noqa: E402
from eldersim.scenario import read  # noqa: E402

YEARS = 10
ROUNDS = 7
MORE = {"name": "more", "measures": [{"kind": "add_beds", "from": 548, "bed_type": "NURSING", "beds": 200}]}


def c_loop() -> Callable[[State], None]:
    """The loop in C, compiled now."""
    folder = tempfile.mkdtemp()
    library = Path(folder) / "beds.so"
    subprocess.run(["gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", library, HERE / "beds.c"], check=True)
    run = ctypes.CDLL(str(library)).advance
    run.restype = None

    def loop(state: State) -> None:
        todo = state.paper[int(state.of_run("todo_at")) :]
        arrays = (state.run, state.people, state.pools, state.heap, todo, state.arrivals)
        pointers = [ctypes.c_void_p(each.ctypes.data) for each in arrays]
        run(*pointers, ctypes.c_int64(len(state.arrivals)), ctypes.c_int64((YEARS * YEAR) << SHIFT))

    return loop


def started(model: Model, *, compiled: bool) -> Beds:
    """A run up to its first event, with beds handed out at the start."""
    beds = model.begin(seed=1, compiled=compiled)
    residents = len(model.baseline.residents)
    apply(beds.state, "start", residents, len(model.fixed) - residents)
    apply(beds.state, "settle_all", 0)
    return beds


def timed(work: Callable[[], Any]) -> float:
    """CPU seconds of one call."""
    gc.collect()
    before = time.process_time()
    work()
    return time.process_time() - before


def plain(model: Model) -> tuple[float, list[list[int]]]:
    """The plain SimPy model of the same people: CPU seconds of its run, and what became of everybody."""
    beds = model.begin(seed=1, compiled=True)
    residents = len(model.baseline.residents)
    system = System(beds.state, residents=residents, waiting=len(model.fixed) - residents)
    seconds = timed(system.run)
    return seconds, [[getattr(person, name) for person in system.people] for name in RESULT]


def loops(model: Model, c: Callable[[State], None], *, rounds: int) -> dict[str, list[float]]:
    """Compiled and C loops in turn on equal states."""
    found: dict[str, list[float]] = {"compiled": [], "c": []}
    for _ in range(rounds):
        ours, theirs = started(model, compiled=True), started(model, compiled=True)
        found["compiled"].append(timed(lambda state=ours.state: advance(state, YEARS * YEAR)))
        found["c"].append(timed(lambda state=theirs.state: c(state)))
        assert ours.state.people.tobytes() == theirs.state.people.tobytes(), "the loop in C differs"
    return found


def row(name: str, seconds: float, base: float, note: str = "") -> None:
    """One line of the table."""
    print(f"{name:<44}{seconds * 1000:>12,.1f} ms{base / seconds:>10,.1f} x   {note}", flush=True)


def side_by_side() -> None:
    """All contenders on the whole city."""
    model, c = prepare(city(), years=YEARS), c_loop()
    loops(model, c, rounds=1)
    slow, fates = plain(model)
    fast = loops(model, c, rounds=ROUNDS)
    interpreted = started(model, compiled=False)
    python = timed(lambda: advance(interpreted.state, YEARS * YEAR))
    mine = [[getattr(person, name) for person in interpreted.state.people] for name in RESULT]
    same = sum(a == b for a, b in zip(zip(*mine, strict=True), zip(*fates, strict=True), strict=True))
    events = int(interpreted.state.of_run("events"))
    whole = min(timed(lambda: model.run(seed=1)) for _ in range(3))
    print(f"\nShijiazhuang: 213 institutions, 32,916 beds, {len(mine[0]):,} people, {YEARS} years, {events:,} events")
    print(
        f"plain SimPy agrees for {same:,} of {len(mine[0]):,} people (it has no order for what falls into one second)"
    )
    row("plain SimPy, one process a person", slow, slow)
    row("rules interpreted", python, slow, "goal 8")
    row("rules compiled, event loop (median)", float(np.median(fast["compiled"])), slow, "goal 150")
    row("rules compiled, event loop (least)", min(fast["compiled"]), slow)
    print(f"{'compiled, an event':<44}{min(fast['compiled']) / events * 1e6:>12.2f} microseconds")
    row("hand-written C, same four-way heap (median)", float(np.median(fast["c"])), slow)
    ratio = float(np.median([a / b for a, b in zip(fast["compiled"], fast["c"], strict=True)]))
    print(f"{'compiled over C (median of rounds)':<44}{ratio:>12.2f}      goal 1.5")
    row("whole replication: luck, run, statistics", whole, slow, "goal 40")


def processes() -> None:
    """Replications on one and two processes."""
    model = prepare(city(), years=YEARS)
    for count in (1, 2):
        with ProcessPoolExecutor(count, mp_context=get_context("forkserver")) as pool:
            list(pool.map(one, range(count)))
            before = time.perf_counter()
            list(pool.map(one, range(12)))
            each = (time.perf_counter() - before) / 12
        print(f"{count} process(es): {each * 1000:,.0f} ms of wall clock a replication")
    del model


def one(replication: int) -> int:
    """One replication in another process."""
    return int(prepare(shared(), years=YEARS).run(seed=1, replication=replication).placed.sum())


def shared() -> Any:
    """The city of this process, made once."""
    if not MADE:
        MADE.append(city())
    return MADE[0]


MADE: list[Any] = []


def luck_of_people() -> None:
    """How much person-keyed luck narrows the difference of two scenarios."""
    base, more = prepare(city(), years=YEARS), prepare(city(), read(MORE), years=YEARS)
    half = {"kind": "home_care", "slots": 4000, "divert_share": 0.15}
    home = prepare(city(), read({"name": "home", "measures": [half]}), years=YEARS)
    for name, other in (("+200 nursing beds", more), ("15 % of mild applicants at home", home)):
        numbers = np.array(
            [[float(m.run(seed=1, replication=r).waiting[1:].sum()) for m in (base, other)] for r in range(40)]
        )
        paired = np.var(numbers[:, 1] - numbers[:, 0], ddof=1)
        print(
            f"{name}: variance of the effect on people waiting {np.var(numbers, axis=0, ddof=1).sum() / paired:.1f} times lower"
        )


def ten_times() -> None:
    """Ten times the people."""
    model, c = prepare(city(10), years=YEARS), c_loop()
    fast = loops(model, c, rounds=3)
    print(f"ten times the people: compiled {min(fast['compiled']) * 1000:,.0f} ms, C {min(fast['c']) * 1000:,.0f} ms")
    print(f"peak memory so far {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def start_up() -> None:
    """From nothing to the first replication, with a warm and with a cold cache of machine code."""
    program = (
        "import sys, time; began = time.perf_counter(); sys.path[:0] = {paths!r}\n"
        "from shijiazhuang import city\nfrom eldersim.engine import prepare\n"
        "prepare(city(), years=10).run(seed=1); print(time.perf_counter() - began)"
    ).format(paths=[str(HERE), str(HERE.parent / "simulation")])
    for name, folder in (("warm", None), ("cold", tempfile.mkdtemp())):
        environment = {**os.environ, **({"ELDERSIM_CACHE": folder} if folder else {})}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        print(f"start to first replication, {name} cache: {float(done.stdout):.1f} s")


def others() -> None:
    """Ciw and salabim on the part they can express: one home, priority classes, patience."""
    from other_engines import ciw_seconds, salabim_seconds

    for name, seconds_per_event in (("Ciw", ciw_seconds()), ("salabim", salabim_seconds())):
        print(f"{name}, one home with classes and patience: {seconds_per_event * 1e6:,.0f} microseconds an event")


def main() -> None:
    """The whole table."""
    machine()
    side_by_side()
    processes()
    luck_of_people()
    start_up()
    if "--quick" not in sys.argv:
        ten_times()
        others()


if __name__ == "__main__":
    main()
