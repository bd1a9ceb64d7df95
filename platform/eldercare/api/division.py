"""Divisions and their successors as the API shows them."""

from eldercare import registry
from eldercare.api.noun import Many, Noun, Summary, grouped_by

NOUNS = (
    Noun(
        registry.Division,
        "divisions",
        fields=(
            Many("children", "Division", "parent_id", "The divisions directly below it.", "下级区划"),
            Many("successors", "DivisionSuccessor", "division_id", "What became of it.", "承继区划"),
            Many("predecessors", "DivisionSuccessor", "successor_id", "What it took over.", "前身区划"),
        ),
        order=("path",),
        place=lambda row, view: row.id,
        summary=Summary((grouped_by(registry.Division, "level"), grouped_by(registry.Division, "urban_rural"))),
    ),
    Noun(registry.DivisionSuccessor, "divisionSuccessors", place=lambda row, view: row.division_id),
)
