"""Staff, caregivers, their employment and training as the API shows them, with the coverage of training and the staff ratio."""

from typing import Any

from eldercare import registry
from eldercare.api.kind import NUMBER, WHOLE
from eldercare.api.noun import Many, Noun, Report, Summary, Total, grouped_by, shown_label, shown_reference
from eldercare.api.territory import BY_TERRITORY, TERRITORY
from eldercare.registry.supervision import staff_ratio, training_coverage

NOUNS = (
    Noun(
        registry.StaffPost,
        "staffPosts",
        order=("role", "valid_from"),
        place_of="facility",
        summary=Summary(
            (grouped_by(registry.StaffPost, "role"), *BY_TERRITORY),
            (
                Total("headcount", lambda row, view: row.headcount, "People in these posts.", "人数"),
                Total("certified", lambda row, view: row.certified, "Of those with a certificate.", "持证人数"),
            ),
        ),
    ),
    Noun(
        registry.Caregiver,
        "caregivers",
        fields=(
            Many("employments", "Employment", "caregiver_id", "Where the caregiver works.", "任职"),
            Many("ratings", "Rating", "caregiver_id", "The medals.", "等级评定"),
            Many("trainings", "TrainingRecord", "caregiver_id", "What the caregiver was taught.", "培训记录"),
        ),
        order=("name",),
        place=lambda row, view: row.division_id,
        summary=Summary((grouped_by(registry.Caregiver, "skill_level"), *BY_TERRITORY)),
    ),
    Noun(registry.Employment, "employments", order=("valid_from",), place_of="facility"),
    Noun(
        registry.TrainingRecord,
        "trainingRecords",
        order=("held_on",),
        place_of="facility",
        summary=Summary(
            (grouped_by(registry.TrainingRecord, "audience"), *BY_TERRITORY),
            (
                Total(
                    "people", lambda row, view: row.people, "People who took part, each course on its own.", "参训人次"
                ),
            ),
        ),
    ),
)


def _coverage(given: dict[str, Any], view: Any) -> Any:
    return training_coverage(view, given["division"])


def _ratio(given: dict[str, Any], view: Any) -> Any:
    return staff_ratio(view, given["division"])


REPORTS = (
    Report(
        "trainingCoverage",
        "TrainingCoverage",
        _coverage,
        fields=(
            shown_reference("facility", "Facility", en="The facility.", zh="机构"),
            shown_label("caregivers", WHOLE, en="Caregivers who work there.", zh="护理员人数"),
            shown_label(
                "caregivers_trained", WHOLE, en="Of those trained within the time that counts.", zh="已培训护理员"
            ),
            shown_label("coverage", NUMBER, en="Trained caregivers for each caregiver.", zh="培训覆盖率"),
            shown_label("leaders", WHOLE, en="Managers who work there.", zh="负责人人数"),
            shown_label("leaders_trained", WHOLE, en="Of those trained.", zh="已培训负责人"),
        ),
        en="How far the people of each facility that states its staff were trained.",
        zh="培训覆盖情况",
        arguments=(TERRITORY,),
        order=("facility",),
    ),
    Report(
        "staffRatio",
        "StaffRatio",
        _ratio,
        people=True,
        fields=(
            shown_label("level", WHOLE, en="Ability level, 0 to 4; empty where nobody was assessed.", zh="能力等级"),
            shown_label("residents", WHOLE, en="Residents of this level.", zh="入住人数", required=True),
            shown_label("caregivers", WHOLE, en="All caregivers of these facilities.", zh="护理员人数"),
            shown_label("per_caregiver", NUMBER, en="Residents of this level for each caregiver.", zh="护理员配比"),
        ),
        en="Residents by level of ability against the caregivers of the facilities that state their staff.",
        zh="护理员配比统计",
        arguments=(TERRITORY,),
        order=("level",),
    ),
)
