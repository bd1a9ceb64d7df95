"""Random numbers that belong to a person and a decision, so that the same person has the same luck in every scenario."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]

HALF_WORD = 32
LOW = np.uint64((1 << HALF_WORD) - 1)
ONE = 1 << HALF_WORD
"""The value just above every half word: a share s of people is those whose half word is below s times this."""

MOST_A_DAY = 200.0
"""A larger daily mean is split, so that the table of its distribution keeps its precision."""


def words(seed: int, replication: int, stream: int, *, rows: int, width: int) -> Words:
    """``rows`` rows of random 64-bit words; a row depends on seed, replication, stream and its own number alone.

    >>> whole = words(1, 0, 7, rows=5, width=3)
    >>> bool((words(1, 0, 7, rows=2, width=3) == whole[:2]).all())
    True
    """
    bits = np.random.Philox(key=np.array([(seed << HALF_WORD) | stream, replication], dtype=np.uint64))
    return np.asarray(bits.random_raw(rows * width), dtype=np.uint64).reshape(rows, width)


def high(column: Words) -> Integers:
    """The upper halves as whole numbers from 0 to 2**32 - 1."""
    return np.asarray((column >> np.uint64(HALF_WORD)).astype(np.int64))


def low(column: Words) -> Integers:
    """The lower halves as whole numbers from 0 to 2**32 - 1."""
    return np.asarray((column & LOW).astype(np.int64))


def threshold(share: float) -> int:
    """The half word below which a share of people lies."""
    return math.floor(min(1.0, max(0.0, share)) * ONE)


def counts(seed: int, replication: int, stream: int, *, days: int, mean: float) -> Integers:
    """A Poisson number for each day with this mean."""
    if mean <= 0:
        return np.zeros(days, np.int64)
    parts = math.ceil(mean / MOST_A_DAY)
    table = poisson_table(mean / parts)
    luck = words(seed, replication, stream, rows=days, width=parts) >> np.uint64(1)
    found = np.searchsorted(table, luck.astype(np.int64).reshape(-1), side="right").reshape(days, parts)
    return np.asarray(found.sum(axis=1, dtype=np.int64))


def poisson_table(mean: float) -> Integers:
    """The cumulated Poisson probabilities times 2**63."""
    chance = total = math.exp(-mean)
    found = []
    number = 0
    while total < 1 - 1e-15 and number < 40 + 3 * mean + 12 * math.sqrt(mean):
        found.append(int(total * 2.0**63))
        number += 1
        chance *= mean / number
        total += chance
    return np.array(found, np.int64)
