"""What a run says about itself in words: a list that grows without end is a result, told as such, not a mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from eldersim.entities import BED_TYPES

FULL, GROWTH, FEW, LONG = 0.97, 1.25, 20, 0.1
"""A list is noticed if its beds are fuller than ``FULL`` and it holds more than ``FEW`` people; it is endless if it grew by
``GROWTH`` in the second half, and lives on people giving up if it is longer than this share of the beds."""

NAMES = {
    "ORDINARY": ("ordinary beds", "普通床位"),
    "NURSING": ("nursing beds", "护理型床位"),
    "DEMENTIA": ("dementia beds", "失智照护床位"),
    "REHAB": ("rehabilitation beds", "康复床位"),
    "SHORT_STAY": ("short-stay beds", "短期托养床位"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark with a stable code, in English and Chinese."""

    code: str
    en: str
    zh: str


def remarks(waiting: npt.NDArray[Any], bed_days: npt.NDArray[Any], open_days: npt.NDArray[Any]) -> tuple[Remark, ...]:
    """Remarks on ``waiting[year, class, type]``, ``bed_days`` and ``open_days[year, site, type]`` of one run."""
    listed, used, there = waiting.sum(axis=1), bed_days[-1].sum(axis=0), open_days[-1].sum(axis=0)
    found = []
    for kind, name in enumerate(BED_TYPES):
        last, half = int(listed[-1, kind]), int(listed[len(listed) // 2, kind])
        if last <= FEW or used[kind] < FULL * there[kind]:
            continue
        if there[kind] == 0:
            found.append(_said("NO_BEDS", name))
        elif len(listed) > 2 and last > GROWTH * half:
            found.append(_said("LIST_WITHOUT_END", name))
        elif last > LONG * there[kind] / DAYS:
            found.append(_said("LIST_OF_THE_GIVEN_UP", name))
    return tuple(found)


DAYS = 365.25

WORDS = {
    "NO_BEDS": ("People wait for {en}, of which there are none.", "有老人轮候{zh}，但没有此类床位。"),
    "LIST_WITHOUT_END": (
        "The list for {en} still grows while they are full: more people come than leave, so its waits depend on how long one looks.",
        "{zh}已满而轮候人数仍在增长：需求超过床位周转能力，等待时间随观察期延长，不宜以平均值解读。",
    ),
    "LIST_OF_THE_GIVEN_UP": (
        "The list for {en} stops growing only because people die or give up on it: its length says little about how many lack a bed.",
        "{zh}的轮候人数不再增长，只因有人在轮候中去世或放弃：名单长度不能反映床位缺口。",
    ),
}


def _said(code: str, name: str) -> Remark:
    en, zh = NAMES[name]
    return Remark(code, WORDS[code][0].format(en=en), WORDS[code][1].format(zh=zh))
