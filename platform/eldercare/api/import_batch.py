"""Imports as the API shows them, what came of their rows, and which record of which system a person is."""

from eldercare import registry
from eldercare.api.noun import Many, Noun

NOUNS = (
    Noun(
        registry.ImportBatch,
        "importBatches",
        fields=(
            Many("rows", "ImportRow", "batch_id", "What came of each row.", "导入明细"),
            Many("source_links", "SourceLink", "last_batch_id", "Records that were last seen in it.", "来源关联"),
            Many("new_links", "SourceLink", "first_batch_id", "Records that were first seen in it.", "新增来源关联"),
        ),
        order=("imported_on",),
        hidden=frozenset({"fingerprint"}),
        place=lambda row, view: row.division_id,
    ),
    Noun(registry.ImportRow, "importRows", order=("number",)),
    Noun(registry.SourceLink, "sourceLinks", order=("system",), place_of="person"),
)
