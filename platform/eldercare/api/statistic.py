"""Population statistics, indicators, targets and reported figures as the API shows them."""

from eldercare import registry
from eldercare.api.noun import Many, Noun, Summary, Total, grouped_by
from eldercare.api.territory import BY_TERRITORY

NOUNS = (
    Noun(
        registry.PopulationStatistic,
        "populationStatistics",
        order=("counted_on", "age_from"),
        place=lambda row, view: row.division_id,
        summary=Summary(
            (
                grouped_by(registry.PopulationStatistic, "sex"),
                grouped_by(registry.PopulationStatistic, "base"),
                grouped_by(registry.PopulationStatistic, "counted_on"),
                grouped_by(registry.PopulationStatistic, "age_from"),
                *BY_TERRITORY,
            ),
            (Total("people", lambda row, view: row.people, "How many people.", "人数"),),
        ),
    ),
    Noun(
        registry.Indicator,
        "indicators",
        fields=(
            Many("targets", "IndicatorTarget", "indicator_id", "Its targets.", "指标目标"),
            Many("figures", "ReportedFigure", "indicator_id", "What was reported.", "上报数据"),
        ),
        order=("code",),
    ),
    Noun(registry.IndicatorTarget, "indicatorTargets", order=("valid_from",), place=lambda row, view: row.division_id),
    Noun(registry.ReportedFigure, "reportedFigures", place=lambda row, view: row.division_id),
)
