"""The list of a batch that is shown in the village: names masked, the amount, and nothing that tells more."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, func, literal, select
from sqlalchemy.orm import aliased

from eldercare.registry.disbursement import DisbursementLine
from eldercare.registry.entitlement import Entitlement
from eldercare.registry.person import Person
from eldercare.registry.query import View, visible
from eldercare.registry.rules import rule
from eldercare.registry.scheme import SubsidyTier


def masked(name: Any) -> ColumnElement[str]:
    """A name with its surname alone: one character, or two of a compound surname that is not the whole name."""
    length = func.length(name)
    compound = func.substr(name, 1, 2).in_(rule("compound_surnames")) & (length > 2)
    kept = case((compound, 2), else_=1)
    stars = func.substr(literal("*" * 80), 1, cast(length - kept, Integer))
    return func.substr(name, 1, kept).concat(stars)


def publicity(batch_id: Any, view: View) -> Any:
    """The lines of a batch that pay something, as everybody may see them."""
    line, person, held, tier = aliased(DisbursementLine), aliased(Person), aliased(Entitlement), aliased(SubsidyTier)
    return (
        select(
            line.division_id.label("division"),
            masked(person.name).label("name"),
            tier.name.label("tier"),
            tier.name_zh.label("tier_zh"),
            line.days.label("days"),
            line.amount.label("amount"),
            line.id.label("number"),
        )
        .join(person, person.id == line.person_id)
        .join(held, held.id == line.entitlement_id)
        .join(tier, tier.id == held.tier_id)
        .where(line.batch_id == batch_id, line.amount > 0, *visible(line, view))
    )
