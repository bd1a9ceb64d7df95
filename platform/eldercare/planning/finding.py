"""What a comparison means, in sentences that follow from its numbers and say when a difference is not certain."""

from collections.abc import Iterator

from eldercare.planning.comparison import Compared, Difference
from eldercare.planning.outcome import Planned, Shown, Text
from eldercare.planning.table import number

TOLD = ("waiting_nursing", "placed", "died_waiting", "misplaced")
"""The indicators that decide whether a measure helps people; occupancy is told apart, because it misleads alone."""


def findings(
    planned: tuple[Planned, ...], compared: tuple[Compared, ...], indicators: tuple[Shown, ...], years: int
) -> tuple[Text, ...]:
    """The sentences of a study: the present state, then each scenario, then the warning about total occupancy."""
    known = {each.code: each for each in indicators}
    found = [_base(compared[0], years), *_idle(compared[0], years)]
    for plan, scenario in zip(planned[1:], compared[1:], strict=True):
        found.append(_occupancy(plan, scenario, years))
        found.append(_people(plan, scenario, known))
        found += _warning(plan, compared[0], scenario)
    return tuple(found)


def _base(base: Compared, years: int) -> Text:
    total, nursing, waiting = (base.curve(code) for code in ("occupancy", "nursing_occupancy", "waiting_nursing"))
    values = {
        "years": years,
        "total": number(total.years[0].mean, "share"),
        "total_end": number(total.whole.mean, "share"),
        "nursing": number(nursing.years[0].mean, "share"),
        "nursing_end": number(nursing.whole.mean, "share"),
        "waiting": number(waiting.years[0].mean, "people"),
        "waiting_end": number(waiting.whole.mean, "people"),
    }
    return Text(
        en="Without measures total occupancy goes from {total} to {total_end} in {years} years, that of nursing beds from {nursing} to {nursing_end}; "
        "{waiting} people wait for a nursing bed at the start and {waiting_end} at the end.".format(**values),
        zh="不采取措施时，{years}年内总入住率由{total}变为{total_end}，护理型床位入住率由{nursing}变为{nursing_end}；"
        "轮候护理型床位者由{waiting}人变为{waiting_end}人。".format(**values),
    )


def _idle(base: Compared, years: int) -> Iterator[Text]:
    """Say it when nursing beds stand free although people wait for one: more beds are not the only remedy."""
    idle = base.curve("idle_nursing").whole.mean
    if idle is not None and round(idle) > 0:
        beds = number(idle, "beds")
        yield Text(
            en=f"Without measures {beds} nursing beds stand free after {years} years while people wait: "
            "they are reserved for others, or in places those who wait did not choose.",
            zh=f"不采取措施时，{years}年后有{beds}张护理型床位空置而仍有人轮候：这些床位为他人预留，或不在轮候者意愿之内。",
        )


def _occupancy(plan: Planned, scenario: Compared, years: int) -> Text:
    total, nursing = scenario.curve("occupancy"), scenario.curve("nursing_occupancy")
    values = {
        "years": years,
        "start": number(total.years[0].mean, "share"),
        "end": number(total.whole.mean, "share"),
        "nursing": number(nursing.years[0].mean, "share"),
        "nursing_end": number(nursing.whole.mean, "share"),
    }
    return Text(
        en=f"{plan.title.en}: "
        + "total occupancy {start} at the start and {end} after {years} years; nursing beds {nursing} and {nursing_end}.".format(
            **values
        ),
        zh=f"{plan.title.zh}："
        + "总入住率期初{start}，{years}年后{end}；护理型床位分别为{nursing}和{nursing_end}。".format(**values),
    )


def _people(plan: Planned, scenario: Compared, known: dict[str, Shown]) -> Text:
    """What changes for people, certain differences with their interval and the rest named as not certain."""
    sure: list[tuple[Shown, Difference]] = []
    unsure: list[tuple[Shown, Difference]] = []
    for code in TOLD:
        difference = scenario.difference(code)
        if difference is None or difference.whole.mean is None:
            continue
        (sure if difference.certain else unsure).append((known[code], difference))
    return Text(
        en=f"{plan.title.en}, against the base: " + _sentence(sure, unsure, "en") + ".",
        zh=f"{plan.title.zh}，与基准相比：" + _sentence(sure, unsure, "zh") + "。",
    )


def _sentence(sure: list[tuple[Shown, Difference]], unsure: list[tuple[Shown, Difference]], language: str) -> str:
    parts = [_change(indicator, difference, language) for indicator, difference in sure]
    names = [indicator.name.label(language) for indicator, _ in unsure]
    if names and language == "zh":
        parts.append("、".join(names) + "的差异不能确定")
    elif names:
        parts.append("no certain difference in " + ", ".join(name[0].lower() + name[1:] for name in names))
    return ("；" if language == "zh" else "; ").join(parts)


def _change(indicator: Shown, difference: Difference, language: str) -> str:
    mean, low, high = (
        number(value, indicator.unit, signed=True)
        for value in (difference.whole.mean, difference.whole.low, difference.whole.high)
    )
    if language == "zh":
        return f"{indicator.name.zh} {mean}（{low} 至 {high}）"
    return f"{indicator.name.en[0].lower()}{indicator.name.en[1:]} {mean} ({low} to {high})"


def _warning(plan: Planned, base: Compared, scenario: Compared) -> Iterator[Text]:
    """Say it when total occupancy falls although people are helped: the number alone would mislead."""
    occupancy, placed = scenario.difference("occupancy"), scenario.difference("placed")
    if not (occupancy and placed and occupancy.start.mean is not None and placed.whole.mean is not None):
        return
    if occupancy.start.mean < 0 and placed.certain and placed.whole.mean > 0:
        yield Text(
            en=f"{plan.title.en}: total occupancy falls at once by {number(-occupancy.start.mean * 100, 'days')} points "
            "although more people are placed. Total occupancy alone misleads; read it with nursing occupancy, waiting and misplaced residents.",
            zh=f"{plan.title.zh}：总入住率立即下降{number(-occupancy.start.mean * 100, 'days')}个百分点，但安置的老人更多。"
            "单看总入住率会误导，应与护理型床位入住率、轮候和床位不符人数一并看待。",
        )
