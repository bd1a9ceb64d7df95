"""Divisions and their successors as the API shows them."""

from eldercare import registry
from eldercare.api.noun import Many, Noun, Summary, grouped_by
from eldercare.api.territory import BY_TERRITORY

NOUNS = (
    Noun(
        registry.Division,
        "divisions",
        fields=(
            Many("children", "Division", "parent_id", "The divisions directly below it.", "下级区划"),
            Many("successors", "DivisionSuccessor", "division_id", "What became of it.", "承继区划"),
            Many("predecessors", "DivisionSuccessor", "successor_id", "What it took over.", "前身区划"),
            Many("facilities", "Facility", "division_id", "The facilities whose address is this division.", "机构"),
            Many("population", "PopulationStatistic", "division_id", "Its counts of people.", "人口统计"),
            Many("figures", "ReportedFigure", "division_id", "What was reported of it.", "上报数据"),
            Many("targets", "IndicatorTarget", "division_id", "The targets it has.", "指标目标"),
        ),
        order=("path",),
        place=lambda row, view: row.id,
        summary=Summary(
            (grouped_by(registry.Division, "level"), grouped_by(registry.Division, "urban_rural"), *BY_TERRITORY)
        ),
    ),
    Noun(registry.DivisionSuccessor, "divisionSuccessors", place=lambda row, view: row.division_id),
)
