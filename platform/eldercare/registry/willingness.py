"""Whether people entitled to a place want one, said on a day and true until said otherwise."""

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Date, Index, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.capacity import BedType
from eldercare.registry.entity import Alone, Entity, Validity, column, only_where, ordered, reference, term
from eldercare.security.privacy import Privacy, Reach


class RefusalReason(Term):
    """Why somebody does not want a place, or not this one."""

    HOME = "愿意居家", "prefers to stay at home"
    FAMILY = "家属照料", "is cared for by the family"
    DISTANCE = "离家远", "too far from home"
    BED_TYPE = "床位类型不合适", "not this type of bed"
    FACILITY = "对机构不满意", "not this facility"
    OTHER = "其他", "other"


class Willingness(Entity):
    """That somebody wants a place in a public institution or does not, since when, and why not."""

    __tablename__ = "willingness"
    __zh__ = "入住意愿"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("person_id",))
    __reach__ = Reach(person="person_id")

    person_id: Mapped[int] = reference("person", en="The person.", zh="老年人", index=False)
    willing: Mapped[bool] = column(Boolean, en="Whether a place is wanted.", zh="是否愿意", privacy=Privacy.PERSONAL)
    reason: Mapped[RefusalReason | None] = column(
        term(RefusalReason), en="Why not, or what was refused.", zh="不愿意原因", privacy=Privacy.PERSONAL
    )
    refused_bed_type: Mapped[BedType | None] = column(
        term(BedType),
        en="The type of bed that was refused by somebody who wants another.",
        zh="拒绝的床位类型",
        privacy=Privacy.PERSONAL,
    )
    planned_on: Mapped[date | None] = column(
        Date, en="When the person is to move in.", zh="计划入住日期", planned=True, privacy=Privacy.PERSONAL
    )
    valid_from: Mapped[date] = column(Date, en="The day it was said.", zh="表示日期", privacy=Privacy.PERSONAL)
    valid_to: Mapped[date | None] = column(
        Date, en="First day it no longer holds.", zh="终止日期", privacy=Privacy.PERSONAL
    )
    witness: Mapped[str | None] = column(String(80), en="Who heard it.", zh="见证人", privacy=Privacy.NOTE)
    note: Mapped[str | None] = column(String(500), en="What else was said.", zh="说明", privacy=Privacy.NOTE)

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        CheckConstraint("willing OR reason IS NOT NULL", name="a_refusal_has_a_reason"),
        CheckConstraint("willing OR planned_on IS NULL", name="nothing_planned_after_a_refusal"),
        Index("ix_willingness_person", "person_id", "valid_from"),
        Index("uq_willingness_open", "person_id", unique=True, **only_where("valid_to IS NULL")),
    )
