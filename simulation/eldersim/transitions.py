"""Probabilities from hazards: what becomes of people in several states over a year, in arithmetic that is the same everywhere."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

HALVINGS = 5
"""A year is cut into 2**5 steps; with hazards below 2 a year the error stays under 1e-9."""

TAYLOR = 5
"""Terms of the series for one such step."""


def added(values: Array, *, axis: int) -> Array:
    """The sum over one axis, in one fixed order (numpy's own sum differs in the last bit between its versions)."""
    parts = np.moveaxis(values, axis, 0)
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return np.asarray(total)


def product(left: Array, right: Array) -> Array:
    """The matrix product over the last two axes, summed in one fixed order.

    A library product may add in any order and fuse operations, so its last bit depends on the processor.
    """
    total = left[..., :, 0:1] * right[..., 0:1, :]
    for k in range(1, left.shape[-1]):
        total = total + left[..., :, k : k + 1] * right[..., k : k + 1, :]
    return np.asarray(total)


def probabilities(hazards: Array, *, years: float = 1.0) -> Array:
    """Where people are after some years of constant hazards: ``result[..., from, to]``, each row adding up to 1.

    ``hazards[..., from, to]`` are per person-year; the diagonal is ignored; a state without way out is absorbing.

    >>> round(float(probabilities(np.array([[0.0, 0.5], [0.0, 0.0]]))[0, 1]), 6)
    0.393469
    """
    step = _generator(hazards) * (years / 2**HALVINGS)
    one = np.zeros_like(step) + np.eye(step.shape[-1])
    found: Array = one + step
    term = step
    for k in range(2, TAYLOR + 1):
        term = product(term, step) * (1.0 / k)
        found = found + term
    for _ in range(HALVINGS):
        found = product(found, found)
    return found


def survival(hazard: Array, *, years: float = 1.0) -> Array:
    """The share alive after some years under a constant death hazard, in the shape of ``hazard``.

    >>> round(float(survival(np.array(0.1), years=5.0)), 6)
    0.606531
    """
    step = hazard * (years / 2**HALVINGS)
    found: Array = 1.0 - step * (1.0 - step * (1.0 / 2) * (1.0 - step * (1.0 / 3) * (1.0 - step * (1.0 / 4))))
    for _ in range(HALVINGS):
        found = found * found
    return found


def years_spent(hazards: Array, *, start: int, years: float = 1.0) -> Array:
    """Years spent in each state by one person, through consecutive periods of constant hazards.

    ``hazards[period, from, to]``; each period lasts ``years``; the person begins in state ``start``.
    """
    states = hazards.shape[-1]
    spent, place = np.zeros(states), np.zeros(states)
    place[start] = 1.0
    for period in hazards:
        chances, stay = _with_time(period, years)
        spent = spent + product(place[None, :], stay)[0]
        place = product(place[None, :], chances)[0]
    return spent


def _with_time(hazards: Array, years: float) -> tuple[Array, Array]:
    """Probabilities and expected years in each state over one period: the upper right block of one larger matrix."""
    size = hazards.shape[-1]
    block = np.zeros((2 * size, 2 * size))
    block[:size, :size] = _generator(hazards) * years
    block[:size, size:] = np.eye(size) * years
    step = block * (1.0 / 2**HALVINGS)
    found, term = np.eye(2 * size) + step, step
    for k in range(2, TAYLOR + 1):
        term = product(term, step) * (1.0 / k)
        found = found + term
    for _ in range(HALVINGS):
        found = product(found, found)
    return np.asarray(found[:size, :size]), np.asarray(found[:size, size:])


def _generator(hazards: Array) -> Array:
    size = hazards.shape[-1]
    off = np.where(np.eye(size, dtype=bool), 0.0, hazards)
    return np.asarray(off - np.eye(size) * added(off, axis=-1)[..., None])
