"""Without the compiler everything works, and says so once; with it a first run is announced."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from eldersim import heap
from eldersim.compilation import FIRST_TIME, WITHOUT_NUMBA, cache_folder, compiled

RUN = """
import sys, warnings
sys.modules["numba"] = None
from datetime import date
from eldersim.baseline import Baseline, Division, Facility, Place
from eldersim.engine import simulate
town = Baseline("town", date(2020, 5, 19), (Division("1"),), (Facility("A", "1"),), (Place("A", "ORDINARY", 30),))
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    for seed in (1, 2):
        simulate(town, seed=seed, years=1)
print(len(told), told[0].message)
"""


def test_without_numba_a_run_works_and_says_so_once() -> None:
    path = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", RUN], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == f"1 {WITHOUT_NUMBA}", done.stderr


def test_a_first_run_is_announced_and_a_second_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    numpy = pytest.importorskip("numpy")
    pytest.importorskip("numba")
    monkeypatch.setenv("ELDERSIM_CACHE", str(tmp_path))
    keys = numpy.array([5, 1, 3], numpy.int64)
    for _ in range(2):
        compiled([heap])["rise"](keys, 1)
    assert caplog.messages == [FIRST_TIME]
    assert keys.tolist() == [1, 5, 3]


def test_the_cache_follows_the_content_of_the_rules(tmp_path: Path) -> None:
    assert cache_folder([heap]) == cache_folder([heap])
    assert cache_folder([heap]) != cache_folder([heap, heap])
