"""A run has the same bits with and without the processor's wide vector unit, and the same as the day this was written."""

import os
import subprocess
import sys

import numpy as np
import pytest

PROGRAM = """
import hashlib
from datetime import date
from eldersim.baseline import Baseline, Division, Facility, Place, Resident
from eldersim.demography import nation_2020
from eldersim.ability import fitted
from eldersim.engine import simulate
from eldersim.parameters import standard
from eldersim.population import Population

nation = nation_2020(fitted(standard()))
people = Population(("1",), nation.groups, nation.people / 1e3, nation.younger / 1e3)
homes = tuple(Facility(code, "1") for code in "ABC")
places = tuple(Place(code, kind, beds) for code in "ABC" for kind, beds in (("ORDINARY", 120), ("NURSING", 40)))
residents = tuple(Resident(code, kind, 7 * n) for code in "ABC" for kind in ("ORDINARY", "NURSING") for n in range(38))
town = Baseline("town", date(2020, 1, 1), (Division("1"),), homes, places, residents, population=people)
outcome = simulate(town, seed=1, years=5, people=True, compiled=False)
print(hashlib.sha256(outcome.people.tobytes() + outcome.bed_days.tobytes()).hexdigest()[:16])
"""
GOLDEN = "f8198e38e55bb8d8"


def digest(**environment: str) -> str:
    path = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_run_has_the_bits_it_had_when_this_was_written() -> None:
    """A change of the model or of its numbers changes them: then write the new ones here, and say so in the changelog."""
    assert digest() == GOLDEN


def test_a_run_has_the_same_bits_without_wide_vectors() -> None:
    found = getattr(np._core._multiarray_umath, "__cpu_dispatch__", [])
    if not found:
        pytest.skip("this numpy has one code path only")
    wide = [each for each in found if each.startswith(("AVX", "X86_V", "FMA"))]
    assert digest(NPY_DISABLE_CPU_FEATURES=" ".join(wide)) == GOLDEN
