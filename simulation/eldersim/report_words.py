"""The words of a report in English and Chinese, and the sentences that follow from its numbers."""

from __future__ import annotations

from eldersim.results import Results
from eldersim.texts import change, label, number, whole_label

WORDS = {
    "title": ("Beds and waiting: {place}", "床位与轮候：{place}"),
    "under": (
        "From {date} over {years} years, {scenarios} scenarios, {replications} replications with the same luck for every scenario.",
        "自{date}起{years}年，{scenarios}个方案，{replications}次重复，各方案使用相同随机数。",
    ),
    "findings": ("What it comes to", "主要结果"),
    "charts": ("Year by year", "逐年变化"),
    "charts_note": (
        "Lines are means over the replications, bands their 95 % intervals. Total occupancy alone misleads: it falls when nursing beds are added although more people are helped.",
        "线为各次重复的均值，带为95%区间。单看总入住率会误导：增加护理型床位时总入住率下降，但得到照护的人更多。",
    ),
    "table": ("Scenarios side by side", "方案对照"),
    "table_note": (
        "Below each value the difference to the base with its 95 % interval, which holds for all scenarios together; green stands after correction for their number (Holm), what is in brackets can be chance.",
        "每个数值下方为与基准之差及其95%区间（对全部方案同时成立）；绿色为按方案数校正后（Holm）仍成立的差异，括号内可能只是偶然。",
    ),
    "differences": ("Differences to the base", "与基准之差"),
    "differences_note": ("Hollow points can be chance.", "空心点可能只是偶然。"),
    "costs": ("Costs", "成本"),
    "costs_note": (
        "Million yuan over the whole time, not discounted except where said. Subsidies are part of who pays, not of the total. Prices are assumptions: see the last table.",
        "全期合计，百万元，除注明外未贴现。补贴只说明由谁支付，不计入合计。价格为假设，见末表。",
    ),
    "total": ("Total", "合计"),
    "present": ("Total, discounted", "合计（贴现）"),
    "public": ("Public part, discounted", "公共支出（贴现）"),
    "per_placed": ("Yuan per person placed, discounted", "每安置一人成本（元，贴现）"),
    "per_more": ("Yuan per person placed more than in the base", "比基准每多安置一人成本（元）"),
    "equity": ("Who is reached", "公平性"),
    "equity_note": (
        "Placed for each application, over the whole time. Lower decile: a tenth of the applicants live where the share is no higher. Gini 0 means the same everywhere.",
        "全期每份申请的安置比例。下十分位：十分之一申请人所在地区的比例不高于该值。基尼系数0表示各地相同。",
    ),
    "by_division": ("by division", "按地区"),
    "by_class": ("by priority class", "按优先等级"),
    "worst": ("Lowest", "最低"),
    "decile": ("Lower decile", "下十分位"),
    "gini": ("Gini", "基尼系数"),
    "beside": ("Formulas beside the simulation", "公式与模拟对照"),
    "formula": ("Formula", "公式"),
    "computed": ("By formula", "公式值"),
    "simulated": ("Simulated", "模拟值"),
    "why": ("Why they differ", "差异原因"),
    "scenarios": ("The scenarios", "方案内容"),
    "nothing": ("The present state; the base of every comparison.", "现状；各项比较的基准。"),
    "assumptions": ("Assumptions", "假设"),
    "assumptions_note": (
        "Every number the model rests on. 'unconfirmed' is an assumption of the model that should be replaced by local data.",
        "模型所用全部数值。“未证实”为模型假设，应以本地数据替换。",
    ),
    "what": ("What", "项目"),
    "value": ("Value", "数值"),
    "interval": ("Interval", "区间"),
    "source": ("Source", "来源"),
    "confidence": ("Confidence", "可信度"),
    "base_certain": ("no certain difference in {names}", "{names}的差异不能确定"),
    "footer": (
        "Computed by eldersim {version} from the baseline {digest}, seed {seed}. The same seed gives the same numbers. A computed change under the assumptions above, not a proven effect.",
        "由 eldersim {version} 依据基线 {digest}、种子 {seed} 计算；同一种子得到同样的数字。结果为上述假设下的计算变化，不是被证明的因果效应。",
    ),
}

CONFIDENCES = {"high": "高", "medium": "中", "low": "低", "unconfirmed": "未证实"}
"""The confidence of a parameter in Chinese."""

TOLD = ("waiting", "placed", "mean_wait", "died", "misplaced")
"""What the sentences tell of each scenario."""


def word(name: str, language: str, **values: object) -> str:
    """A text in a language, with its values."""
    return WORDS[name][language == "zh"].format(**values)


def sentences(results: Results, language: str) -> list[str]:
    """What the numbers say, scenario by scenario; a difference that can be chance is said to be uncertain."""
    found = [_present(results, language)]
    for name in results.names[1:]:
        parts, unsure = [], []
        for measure in TOLD:
            comparison = results.differences(measure).get(name)
            if comparison is None or comparison.difference.mean == 0:
                continue
            if comparison.certain:
                parts.append(f"{whole_label(measure, language)} {change(comparison, measure)}")
            else:
                unsure.append(label(measure, language))
        if unsure:
            parts.append(
                word(
                    "base_certain", language, names="、".join(unsure) if language == "zh" else ", ".join(unsure).lower()
                )
            )
        colon, semicolon, stop = ("：", "；", "。") if language == "zh" else (": ", "; ", ".")
        if parts:
            found.append(results.title(name) + colon + semicolon.join(parts) + stop)
    return found


def _present(results: Results, language: str) -> str:
    base, last = results.names[0], results.years

    def at(measure: str, year: int) -> str:
        found = results.estimate(base, measure, year)
        return number(None if found is None else found.mean, measure)

    if language == "zh":
        return (
            f"不采取措施：{last}年内护理型床位入住率由{at('nursing_occupancy', 0)}变为{at('nursing_occupancy', last)}，"
            f"总入住率由{at('occupancy', 0)}变为{at('occupancy', last)}，轮候人数由{at('waiting', 0)}变为{at('waiting', last)}。"
        )
    return (
        f"Without measures: in {last} years nursing beds go from {at('nursing_occupancy', 0)} to {at('nursing_occupancy', last)} full, "
        f"all beds from {at('occupancy', 0)} to {at('occupancy', last)}, and people waiting from {at('waiting', 0)} to {at('waiting', last)}."
    )
