"""Batches: the same results for any number of workers, and none lost when a worker is killed."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from eldersim.errors import InvalidInput, Unavailable
from eldersim.executor import Batches, CancelledError, Progress


def square(factor: int, number: int) -> int:
    """Some work."""
    return factor * number * number


def die_once(folder: str, number: int) -> int:
    """Work whose process is killed the first time batch 3 is tried."""
    marker = Path(folder) / "died"
    if number == 3 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_always(_: str, number: int) -> int:
    """Work that always kills its process."""
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def refuse(_: str, number: int) -> int:
    """Work that cannot be done."""
    raise InvalidInput("WRONG", f"Batch {number} is wrong.", remedy="Correct it.", path=["batch", number])


def test_one_and_two_workers_give_the_same_results() -> None:
    assert Batches(square, 2).run(range(6), workers=1) == Batches(square, 2).run(range(6), workers=2)


def test_results_come_in_the_order_asked_for() -> None:
    assert list(Batches(square, 1).run([4, 2, 9], workers=2)) == [4, 2, 9]


def test_a_killed_worker_loses_no_result(tmp_path: Path) -> None:
    assert Batches(die_once, str(tmp_path)).run(range(8), workers=2) == {n: n for n in range(8)}


def test_a_batch_that_always_kills_its_worker_is_given_up() -> None:
    with pytest.raises(Unavailable, match="died 3 times"):
        Batches(die_always, "").run(range(2), workers=2)


def test_an_error_of_the_work_arrives_whole() -> None:
    with pytest.raises(InvalidInput) as refused:
        Batches(refuse, "").run(range(3), workers=2)
    assert refused.value.remedy == "Correct it."
    assert refused.value.path[0] == "batch"


def test_finished_batches_are_handed_over_as_they_come() -> None:
    seen: dict[int, int] = {}
    Batches(square, 1, finished=seen.__setitem__).run(range(5), workers=2)
    assert seen == {n: n * n for n in range(5)}


def test_progress_ends_with_nothing_left() -> None:
    seen: list[Progress] = []
    Batches(square, 1, progress=seen.append).run(range(5), workers=1)
    assert [each.done for each in seen] == [1, 2, 3, 4, 5]
    assert (seen[-1].share, seen[-1].seconds_left) == (1.0, 0.0)


@pytest.mark.parametrize("workers", [1, 2])
def test_cancelled_work_stops_and_keeps_what_is_finished(workers: int) -> None:
    seen: dict[int, int] = {}
    work = Batches(square, 1, finished=seen.__setitem__, cancelled=lambda: len(seen) >= 2)
    with pytest.raises(CancelledError):
        work.run(range(200), workers=workers)
    assert 2 <= len(seen) < 200


def test_an_executor_of_the_caller_is_used_and_left_open() -> None:
    with ThreadPoolExecutor(2) as pool:
        assert Batches(square, 3).run(range(4), executor=pool) == {0: 0, 1: 3, 2: 12, 3: 27}
        assert pool.submit(square, 1, 2).result() == 4
