"""What sets one scenario apart from another, in words, in English and Chinese."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from eldersim import measures as kinds
from eldersim.scenario import Scenario

BEDS = {
    "ORDINARY": ("ordinary", "普通"),
    "NURSING": ("nursing", "护理型"),
    "DEMENTIA": ("dementia", "失智照护"),
    "REHAB": ("rehabilitation", "康复"),
    "SHORT_STAY": ("short-stay", "短期托养"),
}

EN: dict[str, str] = {
    "add_beds": "{beds} {bed_type} beds are added {where}",
    "convert_beds": "{beds} {from_type} beds {where} become {to_type} beds",
    "close_beds": "{beds} {bed_type} beds close {where}",
    "open_facility": "{facility} opens in {division} with {bed_list}",
    "close_facility": "{facility} takes nobody in any more{until}",
    "emergency_closure": "{facility} closes at once and its residents are moved out{until}",
    "merge_facility": "{facility} is merged into {into}",
    "merge_small": "facilities with fewer than {beds_below} beds and {residents_below} residents are merged",
    "upgrade_facility": "{facility} converts {share:.0%} of its ordinary beds to nursing beds",
    "join_group": "{facility_list} share one waiting list ({group})",
    "reserve": "{amount} kept for class {class_list} {where}",
    "priority_order": "the order of priority is {order_words}",
    "allocation": "people go {policy_words}",
    "demand": "applications times {factor:g}{whom}",
    "willingness": "willingness to enter care times {factor:g}{whom}",
    "inclusion": "{share:.0%} of the applications so far are taken{whom}",
    "subsidy": "a subsidy of {yuan} yuan a month raises applications {factor:g} times{whom}",
    "price": "prices {where} change by {bands:+d} bands",
    "stay": "stays last {factor:g} times as long",
    "home_care": "home care serves {slots} people {where}, {divert_share:.0%} of mild applicants instead of a bed{bridged}",
    "staff": "{caregivers} caregivers {where}",
    "childcare_conversion": "{places} idle childcare places {where} become {bed_type} beds ({beds_per_place:g} a place)",
}

ZH: dict[str, str] = {
    "add_beds": "{where}新增{bed_type}床位{beds}张",
    "convert_beds": "{where}{beds}张{from_type}床位改造为{to_type}床位",
    "close_beds": "{where}关闭{bed_type}床位{beds}张",
    "open_facility": "{division}新开机构{facility}：{bed_list}",
    "close_facility": "{facility}停止接收新入住{until}",
    "emergency_closure": "{facility}紧急关停并转移入住老人{until}",
    "merge_facility": "{facility}并入{into}",
    "merge_small": "床位少于{beds_below}张且入住少于{residents_below}人的机构撤并",
    "upgrade_facility": "{facility}将{share:.0%}的普通床位升级为护理型床位",
    "join_group": "{facility_list}集团化运营，共用轮候名单（{group}）",
    "reserve": "{where}为第{class_list}优先等级预留{amount}",
    "priority_order": "轮候优先次序：{order_words}",
    "allocation": "床位分配：{policy_words}",
    "demand": "申请量乘以{factor:g}{whom}",
    "willingness": "入住意愿乘以{factor:g}{whom}",
    "inclusion": "受理现有申请的{share:.0%}{whom}",
    "subsidy": "每月补贴{yuan}元，申请量变为{factor:g}倍{whom}",
    "price": "{where}价格档调整{bands:+d}档",
    "stay": "入住时长变为{factor:g}倍",
    "home_care": "{where}居家服务可同时服务{slots}人，{divert_share:.0%}的轻度申请者以居家服务替代{bridged}",
    "staff": "{where}护理员{caregivers}人",
    "childcare_conversion": "{where}{places}个闲置托位按每位{beds_per_place:g}张改造为{bed_type}床位",
}


def difference(base: Scenario, other: Scenario, language: str = "en") -> tuple[str, ...]:
    """One sentence for each measure of ``other`` that ``base`` has not, then for each that only ``base`` has.

    >>> from eldersim.scenario import BASE, read
    >>> more = {"kind": "add_beds", "from": 90, "bed_type": "NURSING", "beds": 100}
    >>> difference(BASE, read({"name": "more", "measures": [more]}))
    ('From day 90: 100 nursing beds are added in the whole territory.',)
    >>> difference(BASE, read({"name": "more", "measures": [more]}), "zh")
    ('第90天起：全域新增护理型床位100张。',)
    """
    here, there = list(base.measures), list(other.measures)
    for measure in base.measures:
        if measure in there:
            there.remove(measure)
            here.remove(measure)
    without = "Without: " if language == "en" else "不含："
    found = [sentence(each, language) for each in there] + [without + sentence(each, language) for each in here]
    same = "The scenarios are the same." if language == "en" else "两个方案相同。"
    return tuple(found) or (same,)


def sentence(measure: kinds.Measure, language: str = "en") -> str:
    """A measure in words."""
    english = language == "en"
    words = _words(measure, english)
    kind = str(words["kind"])
    text = (EN if english else ZH)[kind].format(**words)
    when = _when(measure.start, english, start=True)
    return f"{when}: {text}." if english else f"{when}：{text}。"


def _when(day: int | date, english: bool, *, start: bool = False) -> str:
    if day == 0 and start:
        return "From the start" if english else "自期初起"
    if isinstance(day, int):
        return f"{'From day' if start else 'day'} {day}" if english else f"第{day}天{'起' if start else ''}"
    return f"{'From ' if start else ''}{day}" if english else f"{day}{'起' if start else ''}"


def _words(measure: kinds.Measure, english: bool) -> Mapping[str, Any]:
    words = {name: getattr(measure, name) for name in type(measure).model_fields}
    at = 0 if english else 1
    for name in ("bed_type", "from_type", "to_type"):
        if words.get(name):
            words[name] = BEDS[words[name]][at]
    words["where"] = _where(words, english)
    words["until"] = ""
    if getattr(measure, "until", None) is not None:
        day = _when(getattr(measure, "until", 0), english)
        words["until"] = f" until {day}" if english else f"，至{day}"
    for kind, more in MORE.items():
        if isinstance(measure, kind):
            words.update(more(measure, english))
    return words


def _where(words: Mapping[str, Any], english: bool) -> str:
    place = words.get("facility") or words.get("division")
    if place:
        return f"in {place}" if english else str(place)
    return "in the whole territory" if english else "全域"


def _opened(measure: kinds.OpenFacility, english: bool) -> dict[str, Any]:
    at = 0 if english else 1
    beds = [(number, BEDS[kind][at]) for kind, number in measure.beds.items()]
    text = ", ".join(f"{n} {kind} beds" for n, kind in beds) if english else "、".join(f"{k}床位{n}张" for n, k in beds)
    return {"bed_list": text}


def _group(measure: kinds.JoinGroup, english: bool) -> dict[str, Any]:
    return {"facility_list": (", " if english else "、").join(measure.facilities)}


def _reserved(measure: kinds.Reserve, english: bool) -> dict[str, Any]:
    if measure.share is not None:
        amount = f"{measure.share:.0%} of the beds are" if english else f"{measure.share:.0%}的床位"
    else:
        amount = f"{measure.beds or 0} beds are" if english else f"床位{measure.beds or 0}张"
    return {"amount": amount, "class_list": (", " if english else "、").join(map(str, measure.classes))}


def _ordered(measure: kinds.PriorityOrder, english: bool) -> dict[str, Any]:
    if measure.order is not None:
        groups = ["=".join(map(str, group)) for group in measure.order]
        return {"order_words": (", then " if english else "，其次").join(groups)}
    words = {
        "class": ("by class", "按优先等级"),
        "level": ("the most disabled first", "失能程度重者优先"),
        "none": ("by time of waiting alone", "仅按轮候先后"),
    }
    return {"order_words": words[measure.by][0 if english else 1]}


def _allocated(measure: kinds.Allocation, english: bool) -> dict[str, Any]:
    words = {
        "preference": ("to the first of their choices with a free bed", "按志愿顺序"),
        "emptiest": ("where most beds are free", "优先空床最多的机构"),
    }
    return {"policy_words": words[measure.policy][0 if english else 1]}


def _whom(measure: kinds.People, english: bool) -> dict[str, Any]:
    names = (
        ("divisions", "divisions", "地区"), ("classes", "classes", "优先等级"), ("levels", "levels", "能力等级"),
        ("groups", "groups", "人群"), ("bed_types", "bed types", "床位类型"),
    )  # fmt: skip
    parts = [
        f"{en if english else zh} {', '.join(map(str, getattr(measure, name)))}"
        for name, en, zh in names
        if getattr(measure, name) is not None
    ]
    if not parts:
        return {"whom": ""}
    return {"whom": f" ({'; '.join(parts)})" if english else f"（{'；'.join(parts)}）"}


def _home(measure: kinds.HomeCare, english: bool) -> dict[str, Any]:
    if not measure.bridge:
        return {"bridged": ""}
    return {"bridged": " and others while they wait" if english else "，并为轮候者提供过渡服务"}


MORE: dict[type[kinds.Measure], Callable[[Any, bool], dict[str, Any]]] = {
    kinds.OpenFacility: _opened,
    kinds.JoinGroup: _group,
    kinds.Reserve: _reserved,
    kinds.PriorityOrder: _ordered,
    kinds.Allocation: _allocated,
    kinds.People: _whom,
    kinds.HomeCare: _home,
}
