"""The constants of the field, read from a table that names the source and confidence of each."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from eldercare.registry.capacity import BedType
from eldercare.registry.facility import FacilityKind, Ownership
from eldercare.registry.membership import GroupCategory, MembershipStatus
from eldercare.registry.person import LivingKind


@cache
def table(name: str) -> Any:
    """A table of the package's data folder, such as `rules` or `gbt_42195`."""
    return yaml.safe_load((files("eldercare.registry") / "data" / f"{name}.yaml").read_text(encoding="utf-8"))


def rule(name: str) -> Any:
    """The value of one block of the rules.

    >>> rule("disabled_level_from")
    1
    """
    return table("rules")[name]["value"]


BED_CLASSES = {name: tuple(BedType[code] for code in types) for name, types in rule("bed_classes").items()}
"""Classes of beds that never share a denominator: INSTITUTIONAL, DAY, FAMILY."""

NURSING_BED_TYPES = tuple(BedType[code] for code in rule("nursing_bed_types"))
INSTITUTIONAL_KINDS = tuple(FacilityKind[code] for code in rule("institutional_kinds"))
PUBLIC_OWNERSHIPS = tuple(Ownership[code] for code in rule("public_ownerships"))
DERIVED_CATEGORIES = tuple(GroupCategory[code] for code in rule("derived_categories"))
ADVANCED_AGES = {GroupCategory[name]: years for name, years in rule("advanced_ages").items()}
EFFECTIVE = tuple(MembershipStatus[code] for code in rule("effective_statuses"))
ALONE_KINDS = tuple(LivingKind[code] for code in rule("alone_kinds"))
EMPTY_NEST_KINDS = tuple(LivingKind[code] for code in rule("empty_nest_kinds"))
SPECIAL_DIFFICULTY = tuple(GroupCategory[code] for code in rule("special_difficulty"))
