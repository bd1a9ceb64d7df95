"""Translates cases that ask for the fewest beds that reach a target, answered by a search over simulations."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any

from eldersim.laws import law
from eldersim.network import Group, Network, Place, Stream
from eldersim.rates import Rate
from eldersim.search import fewest_beds
from eldersim.validation_case import FAILED, IMPRECISE, PASSED, Case, Row, UnknownKindError, leaves, unknown
from eldersim.validation_runs import ERRORS_IN_TOLERANCE, Question, Setting, answer
from eldersim.validation_words import measure_for

LOAD = re.compile(r"^(?:load|rate)\s*=\s*([0-9.eE+-]+)$")
PERCENT = re.compile(r"^(?:min_)?beds_(?:for_)?([0-9.]+)pct$")
AT_MOST = re.compile(r"^(?:min_)?beds_(?:for_)?(?:le|at_most|max)_([0-9.]+)$")
LOSS = ("prob_loss", "prob_refusal", "prob_rejected")
MODEL_KEYS = {"loads", "target", "service", "time_unit", "queue_capacity", "patience", "notes"}
SHORT, LONG = 20.0, 200.0


def answer_optimisation(case: Case, *, executor: Executor, seed: int, most_visits: float) -> list[Row]:
    """A row for each load and target: the fewest beds found, exact or not at all."""
    model = case.model
    extra = sorted(set(map(str, model)) - MODEL_KEYS)
    if extra or "loads" not in model:
        raise UnknownKindError(
            "PLAN_UNKNOWN",
            f"An optimisation over {', '.join(map(str, model))} is not known.",
            remedy="Give loads and a target.",
            path=extra,
        )
    rows = []
    for leaf, expected in leaves(case.expected):
        load, target = _load(leaf[0]), _target(leaf[-1])
        if load is None or target is None:
            rows.append(unknown(case, ".".join(leaf), "this target is not known", expected=expected))
            continue
        rows.append(_row(case, leaf, int(expected), _Trials(model, load, executor, seed, most_visits), target))
    return rows


class _Trials:
    """Simulations of one load with different numbers of beds, all with the same people."""

    def __init__(
        self, model: Mapping[str, Any], load: float, executor: Executor, seed: int, most_visits: float
    ) -> None:
        self.model, self.load = model, load
        self.executor, self.seed, self.most_visits = executor, seed, most_visits
        self.measure, _ = measure_for(str(model.get("target", "prob_loss")), self.network(1))

    def network(self, beds: int) -> Network:
        """One place of so many beds; the mean stay is the unit of time unless the model gives another."""
        stay = law(self.model.get("service", {"dist": "exponential", "mean": 1.0}))
        room = self.model.get("queue_capacity", 0 if str(self.model.get("target", "prob_loss")) in LOSS else None)
        patience = {"beds": law(self.model["patience"])} if "patience" in self.model else {}
        place = Place("beds", ((0.0, beds),), room=None if room is None else int(room))
        return Network(
            (place,),
            (Group("resident", (Stream("beds", rate=Rate(repr(self.load / stay.mean))),), {"beds": stay}, patience),),
        )

    def __call__(self, beds: int, precision: float) -> tuple[float, float]:
        """The measure with so many beds, to a standard error."""
        if self.network(1).places[0].room is None and beds <= self.load and "patience" not in self.model:
            return math.inf, 0.0
        stay = law(self.model.get("service", {"dist": "exponential", "mean": 1.0})).mean
        setting = Setting(self.network(beds), SHORT * stay, LONG * stay)
        # answer() refines until the error is a fixed part of the allowance
        question = Question(("measure",), 0.0, ERRORS_IN_TOLERANCE * precision, (("base", self.measure),))
        found = answer(
            {"base": setting},
            [question],
            executor=self.executor,
            seed=self.seed,
            most_visits=self.most_visits,
        )
        return found[0]


def _row(case: Case, leaf: tuple[str, ...], expected: int, trials: _Trials, target: float) -> Row:
    found = fewest_beds(trials, target=target, guess=max(1, round(trials.load)))
    verdict = PASSED if found.beds == expected else FAILED
    note = f"{found.reached:.5g} there, {found.missed:.5g} with one bed less, target {target:g}"
    return Row(case.name, ".".join(leaf), expected, found.beds, 0.0, 0.0, verdict if found.certain else IMPRECISE, note)


def _load(word: str) -> float | None:
    found = LOAD.match(word)
    return float(found[1]) if found else None


def _target(word: str) -> float | None:
    percent, plain = PERCENT.match(word), AT_MOST.match(word)
    if percent:
        return float(percent[1]) / 100
    return float(plain[1]) if plain else None
