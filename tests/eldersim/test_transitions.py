"""Probabilities from hazards agree with their closed forms."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm

from eldersim.transitions import added, probabilities, survival, years_spent

rates = st.floats(0.0, 1.5)


@given(st.lists(rates, min_size=4, max_size=4))
def test_a_healthy_disabled_dead_year_is_the_matrix_exponential(hazards: list[float]) -> None:
    onset, recovery, death, death_disabled = hazards
    given_hazards = np.array([[0, onset, death], [recovery, 0, death_disabled], [0, 0, 0.0]])
    generator = given_hazards - np.diag(given_hazards.sum(axis=1))
    assert probabilities(given_hazards) == pytest.approx(expm(generator), abs=1e-7)


@given(st.floats(0.0, 2.0), st.floats(0.1, 5.0))
def test_survival_is_exponential(hazard: float, years: float) -> None:
    assert float(survival(np.array(hazard), years=years)) == pytest.approx(math.exp(-hazard * years), abs=2e-4)


def test_nobody_is_lost_between_states() -> None:
    found = probabilities(np.array([[[0, 0.2, 0.1], [0.3, 0, 0.2], [0, 0, 0]]] * 3))
    assert added(found, axis=-1) == pytest.approx(np.ones((3, 3)), abs=1e-12)


def test_years_spent_until_everybody_is_dead_are_the_expectancy() -> None:
    hazards = np.array([[[0, 0.25], [0, 0.0]]] * 100)
    assert years_spent(hazards, start=0)[0] == pytest.approx(4.0, abs=1e-6)


def test_sums_do_not_depend_on_how_an_array_lies_in_memory() -> None:
    values = np.random.default_rng(1).random((7, 50)) ** 9
    assert added(values, axis=1).tolist() == added(np.asfortranarray(values), axis=1).tolist()
