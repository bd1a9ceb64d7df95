"""What the API shows of a study's outcome: indicators, scenarios, estimates, sentences, charts and tables."""

from typing import Annotated, Any, Self

import strawberry

from eldercare.api.inputs import enumeration
from eldercare.api.scalars import Document
from eldercare.kit.term import Term
from eldercare.planning import chart, comparison, outcome, table
from eldercare.planning.comparison import Compared


class Language(Term):
    """A language of texts for people."""

    ZH = "中文", "Chinese"
    EN = "英文", "English"


enumeration(Language, {}, "语言")
Speaking = Annotated[Language, strawberry.argument(description="The language of the text; Chinese by default. · 语言")]


@strawberry.type(description="The same text in two languages. · 双语文本")
class BilingualText:
    """The same text in two languages."""

    en: str = strawberry.field(description="In English. · 英文")
    zh: str = strawberry.field(description="In Chinese. · 中文")

    @classmethod
    def of(cls, text: outcome.Text) -> Self:
        """The text of an outcome."""
        return cls(en=text.en, zh=text.zh)


@strawberry.type(
    description="A mean over the replications with its 95 % interval; empty where nothing could be measured. · 估计值"
)
class StudyEstimate:
    """A mean with its interval."""

    mean: float | None = strawberry.field(description="The mean. · 均值")
    low: float | None = strawberry.field(description="The lower end of the interval. · 区间下限")
    high: float | None = strawberry.field(description="The upper end of the interval. · 区间上限")
    p10: float | None = strawberry.field(description="One tenth of the replications lies below. · 第10百分位")
    p90: float | None = strawberry.field(description="One tenth of the replications lies above. · 第90百分位")

    @classmethod
    def of(cls, found: comparison.Estimate) -> Self:
        """The estimate of an outcome."""
        return cls(mean=found.mean, low=found.low, high=found.high, p10=found.p10, p90=found.p90)


@strawberry.type(description="Something a study measures. · 测算指标")
class StudyIndicator:
    """Something a study measures."""

    code: str = strawberry.field(description="Its code. · 代码")
    name: BilingualText = strawberry.field(description="Its name. · 名称")
    unit: str = strawberry.field(description="share (a fraction of one), people, beds or days. · 单位")
    kind: str = strawberry.field(
        description="level (read at each year's end) or flow (counted over each year). · 存量或流量"
    )
    better: str = strawberry.field(description="Which direction a planner wants: up, down or none. · 期望方向")
    meaning: BilingualText = strawberry.field(description="What it counts. · 含义")

    @classmethod
    def of(cls, found: outcome.Shown) -> Self:
        """The indicator of an outcome."""
        return cls(
            code=found.code,
            name=BilingualText.of(found.name),
            unit=found.unit,
            kind=found.kind,
            better=found.better,
            meaning=BilingualText.of(found.meaning),
        )


@strawberry.type(description="One indicator of one scenario over the years. · 指标序列")
class StudyCurve:
    """One indicator of one scenario over the years."""

    indicator: str = strawberry.field(description="The indicator's code. · 指标代码")
    years: list[StudyEstimate] = strawberry.field(description="At the start and at each year's end. · 各年估计值")
    whole: StudyEstimate = strawberry.field(
        description="The last year's value of a level, the sum over all years of a flow. · 期末值或合计"
    )

    @classmethod
    def of(cls, found: comparison.Curve) -> Self:
        """The curve of an outcome."""
        years = [StudyEstimate.of(each) for each in found.years]
        return cls(indicator=found.indicator, years=years, whole=StudyEstimate.of(found.whole))


@strawberry.type(description="One indicator of one scenario against the base, replication by replication. · 与基准之差")
class StudyDifference:
    """One indicator of one scenario against the base."""

    indicator: str = strawberry.field(description="The indicator's code. · 指标代码")
    start: StudyEstimate = strawberry.field(description="At the start. · 期初之差")
    whole: StudyEstimate = strawberry.field(description="At the end of a level, in sum of a flow. · 期末或合计之差")
    certain: bool = strawberry.field(
        description="Whether the difference stands after the correction for several scenarios. · 差异是否成立"
    )

    @classmethod
    def of(cls, found: comparison.Difference) -> Self:
        """The difference of an outcome."""
        start, whole = StudyEstimate.of(found.start), StudyEstimate.of(found.whole)
        return cls(indicator=found.indicator, start=start, whole=whole, certain=found.certain)


Wanted = Annotated[
    list[str] | None, strawberry.argument(description="Codes of the indicators wanted; all by default. · 所需指标代码")
]


@strawberry.type(description="What came out of one scenario. · 情景结果")
class StudyScenarioOutcome:
    """What came out of one scenario."""

    found: strawberry.Private[Compared]
    name: str = strawberry.field(description="The scenario's name. · 情景代码")
    title: BilingualText = strawberry.field(description="Its title. · 情景名称")
    changes: list[BilingualText] = strawberry.field(
        description="How it differs from the base, in words. · 与基准的差别"
    )

    @strawberry.field(description="The indicators over the years. · 指标序列")
    def curves(self, indicators: Wanted = None) -> list[StudyCurve]:
        """The indicators over the years."""
        return [StudyCurve.of(each) for each in self.found.curves if indicators is None or each.indicator in indicators]

    @strawberry.field(description="The differences to the base; none for the base itself. · 与基准之差")
    def differences(self, indicators: Wanted = None) -> list[StudyDifference]:
        """The differences to the base."""
        wanted = [each for each in self.found.differences if indicators is None or each.indicator in indicators]
        return [StudyDifference.of(each) for each in wanted]


@strawberry.type(description="What came out of a study. · 测算结果")
class StudyOutcome:
    """What came out of a study."""

    found: strawberry.Private[outcome.Outcome]

    @strawberry.field(description="What was measured. · 指标")
    def indicators(self) -> list[StudyIndicator]:
        """What was measured."""
        return [StudyIndicator.of(each) for each in self.found.indicators]

    @strawberry.field(description="The scenarios, the base first. · 各情景")
    def scenarios(self) -> list[StudyScenarioOutcome]:
        """The scenarios, the base first."""
        return [
            StudyScenarioOutcome(
                found=numbers,
                name=plan.name,
                title=BilingualText.of(plan.title),
                changes=[BilingualText.of(each) for each in plan.changes],
            )
            for plan, numbers in zip(self.found.scenarios, self.found.compared, strict=True)
        ]

    @strawberry.field(description="What it means, in sentences that follow from the numbers. · 结论")
    def findings(self) -> list[BilingualText]:
        """What it means."""
        return [BilingualText.of(each) for each in self.found.findings]

    @strawberry.field(description="The chart as a Vega-Lite specification with its data inside. · 图表")
    def chart(self, language: Speaking = Language.ZH) -> Document:
        """The chart."""
        return Document(chart.spec(self.found, language.value.lower()))

    @strawberry.field(description="The comparison as a text table. · 文本表格")
    def table(self, language: Speaking = Language.ZH) -> str:
        """The comparison as a text table."""
        return table.render_table(self.found, language.value.lower())

    @strawberry.field(description="All estimates as tidy CSV. · CSV 数据")
    def csv(self) -> str:
        """All estimates as tidy CSV."""
        return table.render_csv(self.found)


def text_of(value: Any) -> BilingualText:
    """A stored pair of texts."""
    return BilingualText(en=value["en"], zh=value["zh"])
