"""What a study starts from, line by line: counted from records, taken from a publication, or assumed."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from eldercare.planning.area import OTHER
from eldercare.planning.outcome import Taken, Text
from eldercare.planning.snapshot import Snapshot
from eldercare.registry.membership import GroupCategory
from eldersim.parameters import Parameter, Parameters

REGISTRY = Text(en="counted from the registry", zh="按登记册统计")
USED = ("ability.", "application.by", "stay.", "waiting.", "need.", "choice.", "priority.")
"""Parameters of these families move people; those of cost, staff and policy change no number of the comparison.

How many apply in all is not one of them: applications balance those who leave when the study starts.
"""

UNSURE = ("low", "unconfirmed")


def statement(
    snapshot: Snapshot, people: Taken, shares: Mapping[str, float], *, demand: float, parameters: Parameters
) -> tuple[Taken, ...]:
    """All lines, figures of the registry first, then the parameters with their sources."""
    beds: Counter[str] = Counter()
    for place in snapshot.places:
        beds[f"{place.bed_type.en} / {place.bed_type.zh}"] += place.open
    lines = [
        _counted("Usable beds", "可用床位", f"{sum(beds.values()):,}" + _parts(beds)),
        _counted("Facilities", "机构", f"{len({place.facility for place in snapshot.places}):,}"),
        _counted("Residents", "入住人数", f"{len(snapshot.residents):,}"),
        _counted("People waiting", "轮候人数", f"{len(snapshot.applicants):,}"),
        people,
        _groups(shares),
        _demand(demand),
        *_unassessed(snapshot),
    ]
    moved = [each for name, each in parameters.items() if name.startswith(USED)]
    return (*lines, *(_parameter(each) for each in moved))


def _counted(en: str, zh: str, value: str) -> Taken:
    return Taken(what=Text(en=en, zh=zh), value=value, source=REGISTRY)


def _parts(beds: Mapping[str, int]) -> str:
    return " (" + ", ".join(f"{name} {number:,}" for name, number in sorted(beds.items())) + ")"


def _demand(applications: float) -> Taken:
    """The level of demand, which is computed from the residents there are."""
    return Taken(
        what=Text(en="Applications in the first year", zh="第一年申请人数"),
        value=f"{applications:,.0f}",
        source=Text(
            en="balances those who leave each type of bed at the start (residents over mean stay); grows with the people of each age and ability",
            zh="与期初各类床位的离开人数平衡（入住人数除以平均入住时长），此后随各年龄、能力等级人口变化",
        ),
        assumed=True,
    )


def _groups(shares: Mapping[str, float]) -> Taken:
    """Shares of the groups that apply more often than others."""
    named = [
        f"{GroupCategory[name].en} / {GroupCategory[name].zh} {share:.2%}"
        for name, share in shares.items()
        if name != OTHER
    ]
    return _counted("Groups among people aged 60 and over", "60岁及以上老年人中的群体构成", ", ".join(named) or "–")


def _unassessed(snapshot: Snapshot) -> list[Taken]:
    """How many people have no valid assessment: their level is drawn as the parameters say."""
    levels = [each.level for each in snapshot.residents] + [each.level for each in snapshot.applicants]
    unknown = levels.count(None)
    if not unknown:
        return []
    return [
        Taken(
            what=Text(en="Residents and applicants without a valid assessment", zh="无有效能力评估的入住者和申请人"),
            value=f"{unknown:,}",
            source=Text(en="their ability level is drawn from the parameters below", zh="其能力等级按下列参数抽取"),
            assumed=True,
        )
    ]


def _parameter(parameter: Parameter) -> Taken:
    return Taken(
        what=Text(en=parameter.en, zh=parameter.zh),
        value=_value(parameter.value),
        source=Text(en=parameter.source, zh=parameter.source),
        assumed=parameter.confidence in UNSURE,
    )


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(each)}" for name, each in value.items())
    return "/".join(map(_value, value)) if isinstance(value, list) else f"{value:g}"
