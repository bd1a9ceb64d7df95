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
USED = ("ability.", "application.", "stay.", "waiting.", "dementia.")
"""Parameters of these families move people; those of cost, staff and policy change no number of the comparison."""

UNSURE = ("low", "unconfirmed")


def statement(
    snapshot: Snapshot, people: Taken, shares: Mapping[str, float], parameters: Parameters
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
        *_unassessed(snapshot),
    ]
    moved = [each for name, each in parameters.items() if name.startswith(USED)]
    return (*lines, *(_parameter(each) for each in moved))


def _counted(en: str, zh: str, value: str) -> Taken:
    return Taken(what=Text(en=en, zh=zh), value=value, source=REGISTRY)


def _parts(beds: Mapping[str, int]) -> str:
    return " (" + ", ".join(f"{name} {number:,}" for name, number in sorted(beds.items())) + ")"


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
