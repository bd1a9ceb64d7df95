"""When people come to a network: by a rate, by the law of the time between two, in batches, or at given times."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eldersim.laws import Floats, Law, Words
from eldersim.network import Stream
from eldersim.network_rules import NEVER

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Luck:
    """The random words of one replication."""

    seed: int
    replication: int

    def words(self, purpose: str, count: int) -> Words:
        """The first ``count`` words of one purpose; more of them never change the first ones."""
        key = np.array([self.seed, (self.replication << 32) | zlib.crc32(purpose.encode())], dtype=np.uint64)
        return np.random.Philox(key=key).random_raw(count)


def in_ticks(durations: Floats, ticks: float) -> Integers:
    """Durations in whole ticks."""
    return np.minimum(np.rint(durations * ticks), float(NEVER)).astype(np.int64)


def arrival_times(stream: Stream, luck: Luck, key: str, *, end: float, copies: int) -> tuple[Floats, Integers]:
    """The times at which a stream brings people until ``end`` and to which copy, those who come together repeated."""
    times, copy = _single_times(stream, luck, key, end, copies)
    if stream.batch is None:
        return times, copy
    sizes = np.maximum(np.rint(stream.batch.draw(luck.words(f"{key}/batch", len(times)))), 0).astype(np.int64)
    return np.repeat(times, sizes), np.repeat(copy, sizes)


def _single_times(stream: Stream, luck: Luck, key: str, end: float, copies: int) -> tuple[Floats, Integers]:
    if stream.times is not None:
        times = np.array(stream.times, dtype=float)
        return np.tile(times, copies), np.repeat(np.arange(copies), len(times))
    if stream.between is not None:
        return _renewal(stream.between, luck, key, end, copies)
    assert stream.rate is not None, "a stream has a rate, a law or times"
    highest = stream.rate.highest(end) if stream.rate.constant is None else stream.rate.constant
    if highest <= 0:
        return np.zeros(0), np.zeros(0, np.int64)
    # Independent Poisson streams of all copies are one stream whose people are dealt out at random.
    times, _ = _renewal(Law("exponential", (1 / (highest * copies),)), luck, key, end, 1)
    if stream.rate.constant is None:
        times = times[shares_of(luck.words(f"{key}/kept", len(times))) * highest < stream.rate.at(times)]
    return times, np.floor(shares_of(luck.words(f"{key}/copy", len(times))) * copies).astype(np.int64)


def _renewal(between: Law, luck: Luck, key: str, end: float, copies: int) -> tuple[Floats, Integers]:
    expected = end / between.mean
    count = int(expected + 6 * expected**0.5 + 20)
    while True:
        words = luck.words(f"{key}/between", count * copies)
        times = np.cumsum(between.draw(words).reshape(copies, count), axis=1)
        if times[:, -1].min() >= end:
            early = times < end
            return times[early], np.repeat(np.arange(copies), early.sum(axis=1))
        count *= 2


def shares_of(words: Words) -> Floats:
    """Words as numbers from 0 up to 1."""
    return np.asarray((words >> np.uint64(11)).astype(np.float64) * 2.0**-53)
