"""Facilities, their states and successions as the API shows them, with beds, residents and occupancy."""

from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, literal, select
from sqlalchemy.orm import aliased

from eldercare import registry
from eldercare.api.compiler.aggregate import quotient
from eldercare.api.compiler.sight import check_count
from eldercare.api.kind import FLAG, KEY, NUMBER, WHOLE, choice
from eldercare.api.noun import (
    Argument,
    Dimension,
    Expression,
    Many,
    Noun,
    One,
    Rate,
    Report,
    Summary,
    Total,
    computed,
    grouped_by,
    shown_label,
)
from eldercare.api.supervised import FACILITY_FIELDS
from eldercare.api.territory import BY_TERRITORY
from eldercare.kit.errors import InvalidInput
from eldercare.registry import rules
from eldercare.registry.capability import MedicalIntegration
from eldercare.registry.capacity import BedType
from eldercare.registry.contract import OperatingContract
from eldercare.registry.facility import FacilityKind, FacilityStatus
from eldercare.registry.organisation import Organisation, OrganisationKind
from eldercare.registry.publication import setting
from eldercare.registry.query import View, visible
from eldercare.registry.state import facility_status
from eldercare.registry.summary import (
    BedClass,
    Denominator,
    bed_total,
    beds,
    facilities,
    occupied,
    resident_total,
)
from eldercare.security.policy import Sight
from eldercare.security.privacy import Privacy

INSTITUTIONAL = rules.BED_CLASSES["INSTITUTIONAL"]


def bed_count(measure: str, types: Any) -> Expression:
    """The beds of some types of a facility."""
    return lambda row, view: beds(row, view, measure=measure, bed_types=types)


def residents(row: Any, view: View) -> ColumnElement[int]:
    """The people who live in a facility's institutional beds."""
    return occupied(row, view, INSTITUTIONAL)


def occupancy(row: Any, view: View) -> ColumnElement[Any]:
    """The residents of a facility for each filed bed."""
    return quotient(residents(row, view), beds(row, view, measure="filed", bed_types=INSTITUTIONAL))


def is_public(row: Any, view: View) -> ColumnElement[bool]:
    """Whether a facility was set up by government, a collective or a state enterprise."""
    return row.ownership.in_(rules.PUBLIC_OWNERSHIPS)  # type: ignore[no-any-return]


def operator(row: Any, view: View) -> ColumnElement[int]:
    """The organisation that runs a facility at the view's date."""
    contract = aliased(OperatingContract)
    found = select(contract.operator_id).where(contract.facility_id == row.id, *visible(contract, view.at_date()))
    return found.order_by(contract.id).limit(1).correlate(row).scalar_subquery()


def operator_type(row: Any, view: View) -> ColumnElement[Any]:
    """The kind of organisation that runs a facility at the view's date."""
    organisation = aliased(Organisation)
    found = select(organisation.kind).where(organisation.id == operator(row, view))
    return found.correlate(row).scalar_subquery()


def occupancy_of(given: dict[str, Any], view: View) -> Any:
    """Residents, beds and their quotient over a territory, for one class of beds."""
    few_hidden = view.viewer is not None and view.viewer.sight(Privacy.COUNT) is Sight.LARGE
    if few_hidden and given["bed_types"] is not None:
        # A class less one of its types would tell those in the others, who may be few.
        check_count(view)
    # What a facility holds is public, and so is a sum of it: it does not depend on who asks, unless few live there.
    types, view = _bed_types(given["bed_types"], given["bed_class"]), view.over_all()
    measure = str(given["denominator"] or Denominator.FILED).lower()
    total = large_total if few_hidden else resident_total
    people = total(view, territory_id=given["division"], kinds=given["kinds"], bed_types=types)
    places = bed_total(view, measure=measure, territory_id=given["division"], kinds=given["kinds"], bed_types=types)
    return select(people.label("residents"), places.label("beds"), quotient(people, places).label("occupancy"))


def large_total(view: View, *, territory_id: Any, kinds: Any, bed_types: Any) -> ColumnElement[int]:
    """The residents of the facilities of a territory in which not few live; the others count as empty in every sum."""
    facility, chosen = facilities(view, territory_id=territory_id, kinds=kinds)
    people = chosen.with_only_columns(occupied(facility, view, bed_types).label("people")).subquery()
    many = people.c.people >= setting("smallest")
    return select(func.coalesce(func.sum(people.c.people).filter(many), 0)).scalar_subquery()


def _bed_types(types: Any, bed_class: Any) -> tuple[BedType, ...]:
    if types is None:
        return tuple(rules.BED_CLASSES[str(bed_class or BedClass.INSTITUTIONAL)])
    chosen: tuple[BedType, ...] = tuple(types)
    if not any(set(chosen) <= set(one) for one in rules.BED_CLASSES.values()):
        raise InvalidInput(
            "MIXED_BED_CLASSES",
            "Institutional, day-care and family-care beds are never added up.",
            remedy="Ask for each class of beds on its own.",
        )
    return chosen


REPORTS = (
    Report(
        "occupancy",
        "Occupancy",
        occupancy_of,
        fields=(
            shown_label("residents", WHOLE, en="People who live in these beds.", zh="入住人数", required=True),
            shown_label("beds", WHOLE, en="Beds; empty when a facility does not state them.", zh="床位数"),
            shown_label(
                "occupancy", NUMBER, en="Residents for each bed; empty when the beds are zero or unknown.", zh="入住率"
            ),
        ),
        en="Occupancy of a territory's facilities, from summed residents and summed beds of one class.",
        zh="入住率统计",
        arguments=(
            Argument(
                "division",
                KEY,
                "The territory: its id or its twelve-digit code; everywhere without.",
                "区划",
                noun="Division",
            ),
            Argument(
                "kinds", choice(FacilityKind), "Which facilities; all without.", "机构类型", many=True, structural=True
            ),
            Argument(
                "bed_types", choice(BedType), "Which beds, all of one class.", "床位类型", many=True, structural=True
            ),
            Argument(
                "bed_class",
                choice(BedClass),
                "Which class of beds; institutional without.",
                "床位类别",
                structural=True,
            ),
            Argument(
                "denominator", choice(Denominator), "Which number of beds; filed without.", "分母口径", structural=True
            ),
        ),
        single=True,
    ),
)


def with_medical(row: Any, view: View) -> ColumnElement[int]:
    """1 for a facility that has medical service of its own or by contract, else 0."""
    tie = aliased(MedicalIntegration)
    tied = exists(select(tie.id).where(tie.facility_id == row.id, *visible(tie, view.at_date())).correlate(row))
    return case((tied, 1), else_=0)


def each(row: Any, view: View) -> ColumnElement[int]:
    """1 for every facility."""
    return literal(1)


NURSING = rules.NURSING_BED_TYPES
MEASURES = (
    Total("designed_beds", bed_count("designed", INSTITUTIONAL), "Institutional beds as designed.", "设计床位"),
    Total("filed_beds", bed_count("filed", INSTITUTIONAL), "Institutional beds as filed.", "备案床位"),
    Total("open_beds", bed_count("open", INSTITUTIONAL), "Institutional beds that can be used.", "开放床位"),
    Total("nursing_beds", bed_count("open", NURSING), "Of those the nursing beds.", "护理型床位"),
    Total("day_places", bed_count("open", rules.BED_CLASSES["DAY"]), "Day-care places.", "日托床位"),
    Total("family_beds", bed_count("open", rules.BED_CLASSES["FAMILY"]), "Family care beds.", "家庭养老床位"),
    Total("residents", residents, "People who live in institutional beds.", "入住人数", privacy=Privacy.COUNT),
    Rate(
        "occupancy",
        residents,
        bed_count("filed", INSTITUTIONAL),
        "Residents for each filed bed.",
        "入住率",
        Privacy.COUNT,
    ),
    Rate(
        "nursing_share",
        bed_count("open", NURSING),
        bed_count("open", INSTITUTIONAL),
        "Nursing beds for each open bed.",
        "护理型床位占比",
    ),
    Total(
        "with_medical", with_medical, "Facilities with medical service of their own or by contract.", "医养结合机构数"
    ),
    Rate("medical_share", with_medical, each, "Of those for each facility.", "医养结合覆盖率"),
)

NOUNS = (
    Noun(
        registry.Facility,
        "facilities",
        fields=(
            computed("status", choice(FacilityStatus), facility_status, en="The state it is in.", zh="状态"),
            computed(
                "public",
                FLAG,
                is_public,
                en="Whether government, a collective or a state enterprise set it up.",
                zh="是否公办",
                required=True,
            ),
            *(
                computed(m.name, WHOLE, m.expression, en=m.en, zh=m.zh)
                for m in MEASURES
                if isinstance(m, Total) and m.name not in ("residents", "with_medical")
            ),
            computed(
                "residents",
                WHOLE,
                residents,
                en="People who live in its institutional beds.",
                zh="入住人数",
                privacy=Privacy.COUNT,
                counts=residents,
            ),
            computed(
                "occupancy",
                NUMBER,
                occupancy,
                en="Residents for each filed bed; empty when those are zero or unknown.",
                zh="入住率",
                privacy=Privacy.COUNT,
                counts=residents,
            ),
            One("operator", "Organisation", operator, "The organisation that runs it.", "运营单位"),
            Many(
                "phases",
                "FacilityPhase",
                "facility_id",
                "The state it is in, with history those it was in.",
                "状态沿革",
            ),
            Many("capacity", "CapacityPeriod", "facility_id", "Its beds by type.", "床位"),
            Many("contracts", "OperatingContract", "facility_id", "Contracts by which it is run.", "运营合同"),
            Many("capabilities", "FacilityCapability", "facility_id", "What it can do.", "服务能力"),
            Many(
                "medical_integration", "MedicalIntegration", "facility_id", "How medical care is provided.", "医养结合"
            ),
            Many("service_areas", "FacilityArea", "facility_id", "The territories it serves.", "服务区域"),
            Many("childcare", "ChildcarePeriod", "facility_id", "Places for children, as sums.", "托位与招收情况"),
            Many("ratings", "Rating", "facility_id", "Its ratings.", "等级评定"),
            Many("stays", "Stay", "facility_id", "Who lives there.", "入住"),
            Many("successions", "FacilitySuccession", "predecessor_id", "What took over from it.", "承继机构"),
            Many("origins", "FacilitySuccession", "successor_id", "What it took over from.", "前身机构"),
            *FACILITY_FIELDS,
        ),
        order=("name",),
        place=lambda row, view: row.division_id,
        summary=Summary(
            (
                grouped_by(registry.Facility, "kind"),
                grouped_by(registry.Facility, "sector"),
                grouped_by(registry.Facility, "ownership"),
                grouped_by(registry.Facility, "operating_mode"),
                grouped_by(registry.Facility, "urban_rural"),
                Dimension(
                    "operator_type",
                    choice(OrganisationKind),
                    operator_type,
                    "The kind of organisation that runs it.",
                    "运营主体类型",
                ),
                Dimension("public", FLAG, is_public, "Whether it is public.", "是否公办"),
                Dimension("status", choice(FacilityStatus), facility_status, "The state it is in.", "状态"),
                *BY_TERRITORY,
            ),
            MEASURES,
        ),
    ),
    Noun(registry.FacilityPhase, "facilityPhases", order=("valid_from",), place_of="facility"),
    Noun(registry.FacilitySuccession, "facilitySuccessions", order=("took_over_on",)),
)
