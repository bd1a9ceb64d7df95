"""Rules of admission as the API shows them."""

from eldercare import registry
from eldercare.api.noun import Noun

NOUNS = (
    Noun(
        registry.AdmissionRule,
        "admissionRules",
        order=("priority_class",),
        place=lambda row, view: row.division_id,
    ),
)
