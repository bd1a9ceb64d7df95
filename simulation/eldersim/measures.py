"""The measures a scenario is made of: each has a kind, a day from which it holds, and what it changes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

BedType = Literal["ORDINARY", "NURSING", "DEMENTIA", "REHAB", "SHORT_STAY"]
Class = Annotated[int, Field(ge=1, le=8)]
Level = Annotated[int, Field(ge=0, le=4)]
Count = Annotated[int, Field(ge=0)]
Some = Annotated[int, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Factor = Annotated[float, Field(ge=0, le=100)]
Day = Count | date


class Measure(BaseModel):
    """What every measure has: ``from`` is a day counted from the baseline's date (0 = before the first reading) or a date."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    start: Day = Field(0, alias="from")


class Somewhere(Measure):
    """A measure for one facility, one division, or (with neither) the whole territory."""

    facility: str | None = None
    division: str | None = None


class AddBeds(Somewhere):
    """New beds of one type, ready after ``lead_days``; over several facilities in proportion to the beds they have."""

    kind: Literal["add_beds"] = "add_beds"
    bed_type: BedType
    beds: Some
    lead_days: Count = 0


class ConvertBeds(Somewhere):
    """Beds of one type become beds of another: empty ones at once, others at the next discharge.

    They are out of service for ``works_days``.
    """

    kind: Literal["convert_beds"] = "convert_beds"
    from_type: BedType = "ORDINARY"
    to_type: BedType = "NURSING"
    beds: Some
    works_days: Count = 0


class CloseBeds(Somewhere):
    """Beds of one type close, those in use at the next discharge."""

    kind: Literal["close_beds"] = "close_beds"
    bed_type: BedType
    beds: Some


class OpenFacility(Measure):
    """A new facility with beds by type."""

    kind: Literal["open_facility"] = "open_facility"
    facility: str
    division: str
    beds: dict[BedType, Some]
    price: Count = 0
    public: bool = False


class CloseFacility(Measure):
    """A facility takes nobody in any more and its beds close at discharge; it opens again at ``until``."""

    kind: Literal["close_facility"] = "close_facility"
    facility: str
    until: Day | None = None


class EmergencyClosure(Measure):
    """A facility closes at once and its residents are moved out; it opens again at ``until``."""

    kind: Literal["emergency_closure"] = "emergency_closure"
    facility: str
    until: Day | None = None


class MergeFacility(Measure):
    """A facility closes and its residents move to another, which gets its beds."""

    kind: Literal["merge_facility"] = "merge_facility"
    facility: str
    into: str


class MergeSmall(Measure):
    """Every facility with fewer beds and fewer residents than these is merged into the largest of its division."""

    kind: Literal["merge_small"] = "merge_small"
    beds_below: Some
    residents_below: Some


class UpgradeFacility(Measure):
    """A facility converts a share of its ordinary beds to nursing beds."""

    kind: Literal["upgrade_facility"] = "upgrade_facility"
    facility: str
    share: Share
    works_days: Count = 0


class JoinGroup(Measure):
    """Facilities are run as a group with one shared waiting list."""

    kind: Literal["join_group"] = "join_group"
    facilities: tuple[str, ...] = Field(min_length=2)
    group: str


class Reserve(Somewhere):
    """Beds, or a share of the beds, of one type or all are kept for some priority classes."""

    kind: Literal["reserve"] = "reserve"
    classes: tuple[Class, ...] = Field(min_length=1)
    beds: Count | None = None
    share: Share | None = None
    bed_type: BedType | None = None
    trunk: bool = False


class PriorityOrder(Measure):
    """Who is first: groups of classes in order, or by class, by level (most disabled first), or by waiting time alone."""

    kind: Literal["priority_order"] = "priority_order"
    order: tuple[tuple[Class, ...], ...] | None = None
    by: Literal["class", "level", "none"] = "class"


class Allocation(Measure):
    """Which of several free beds a person gets: the first of their choices, or where most beds are free."""

    kind: Literal["allocation"] = "allocation"
    policy: Literal["preference", "emptiest"] = "preference"


class People(Measure):
    """A measure about some people: those of the divisions, classes, levels, groups and bed types named, or all."""

    divisions: tuple[str, ...] | None = None
    classes: tuple[Class, ...] | None = None
    levels: tuple[Level, ...] | None = None
    groups: tuple[str, ...] | None = None
    bed_types: tuple[BedType, ...] | None = None


class DemandFactor(People):
    """So many times as many applications."""

    kind: Literal["demand"] = "demand"
    factor: Factor


class Willingness(People):
    """The willingness to enter care changes by a factor."""

    kind: Literal["willingness"] = "willingness"
    factor: Factor


class Inclusion(People):
    """Only a share of these people may apply (0 shuts them out); above 1 more than so far."""

    kind: Literal["inclusion"] = "inclusion"
    share: Factor


class Subsidy(People):
    """A subsidy a month for residents, and by what factor it raises applications."""

    kind: Literal["subsidy"] = "subsidy"
    yuan: Count = 0
    factor: Factor = 1.0


class Price(Somewhere):
    """Facilities change their price band by so many bands, which changes who can pay them."""

    kind: Literal["price"] = "price"
    bands: int


class StayFactor(Measure):
    """Stays that begin from then on are so many times as long."""

    kind: Literal["stay"] = "stay"
    factor: Annotated[float, Field(gt=0, le=10)]
    bed_types: tuple[BedType, ...] | None = None


class HomeCare(Measure):
    """Home care for so many people at a time; it serves a share of mild applicants instead of a bed, or all while waiting.

    ``levels`` are those who may be cared for at home instead of a bed.
    """

    kind: Literal["home_care"] = "home_care"
    slots: Count
    division: str | None = None
    divert_share: Share = 0.0
    levels: tuple[Level, ...] = (0, 1)
    bridge: bool = False


class Staff(Somewhere):
    """So many caregivers: beds that they cannot serve stay out of use."""

    kind: Literal["staff"] = "staff"
    caregivers: Count


class ChildcareConversion(Somewhere):
    """Idle childcare places become beds, so many beds for each place."""

    kind: Literal["childcare_conversion"] = "childcare_conversion"
    places: Some
    beds_per_place: Annotated[float, Field(gt=0, le=1)]
    bed_type: BedType = "ORDINARY"
    works_days: Count = 0


KINDS: tuple[type[Measure], ...] = (
    AddBeds, ConvertBeds, CloseBeds, OpenFacility, CloseFacility, EmergencyClosure, MergeFacility, MergeSmall,
    UpgradeFacility, JoinGroup, Reserve, PriorityOrder, Allocation, DemandFactor, Willingness, Inclusion, Subsidy, Price,
    StayFactor, HomeCare, Staff, ChildcareConversion,
)  # fmt: skip

AnyMeasure = Annotated[
    AddBeds | ConvertBeds | CloseBeds | OpenFacility | CloseFacility | EmergencyClosure | MergeFacility | MergeSmall
    | UpgradeFacility | JoinGroup | Reserve | PriorityOrder | Allocation | DemandFactor | Willingness | Inclusion
    | Subsidy | Price | StayFactor | HomeCare | Staff | ChildcareConversion,
    Field(discriminator="kind"),
]  # fmt: skip
