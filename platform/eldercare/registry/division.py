"""Administrative divisions with their history, their successors and a path that makes a territory one index range."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, ForeignKey, Index, Numeric, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, aliased

from eldercare.kit.term import Term
from eldercare.registry.entity import Entity, Validity, column, ordered, term


class Level(Term):
    """The levels of administration."""

    NATION = "国家", "nation"
    PROVINCE = "省级", "province"
    CITY = "地级", "prefecture-level city"
    COUNTY = "县级", "county or district"
    TOWN = "乡级", "town, township or street"
    VILLAGE = "村级", "village or community"


class Division(Entity):
    """A territory of administration at one time; a change of code or boundary ends it and names its successors."""

    __tablename__ = "division"
    __zh__ = "行政区划"
    __validity__ = Validity("valid_from", "valid_to")

    code: Mapped[str] = column(
        String(12), en="Twelve-digit statistical code; not unique across levels.", zh="统计用区划代码"
    )
    level: Mapped[Level] = column(term(Level), en="Level of administration.", zh="行政层级")
    name: Mapped[str] = column(String(60), en="Full name.", zh="名称")
    valid_from: Mapped[date] = column(Date, en="First day it exists under this code.", zh="设立日期")
    valid_to: Mapped[date | None] = column(Date, en="First day it no longer exists.", zh="撤销日期")
    parent_id: Mapped[int | None] = column(
        ForeignKey("division.id"), index=True, en="The division it belongs to.", zh="上级区划"
    )
    path: Mapped[str] = column(
        String(120), en="Codes from the nation down; a territory is one range of it.", zh="层级路径"
    )

    __table_args__ = (
        UniqueConstraint("level", "code", "valid_from"),
        Index("ix_division_path", "path"),
        ordered("division", "valid_from", "valid_to"),
    )


class DivisionSuccessor(Entity):
    """What became of a division: the territory that took it over and with which share of its people."""

    __tablename__ = "division_successor"
    __zh__ = "区划沿革"

    division_id: Mapped[int] = column(ForeignKey("division.id"), index=True, en="The division that ended.", zh="原区划")
    successor_id: Mapped[int] = column(
        ForeignKey("division.id"), index=True, en="The division that took over.", zh="承继区划"
    )
    share: Mapped[Any] = column(Numeric(6, 5), en="Share of its people that went there, 0 to 1.", zh="人口比例")

    __table_args__ = (UniqueConstraint("division_id", "successor_id"),)


def within(division_id: ColumnElement[int], territory_id: Any) -> ColumnElement[bool]:
    """Whether a row's division lies in a territory: one range of the path index, no recursion."""
    inside, territory = aliased(Division), aliased(Division)
    found = select(inside.id).join(territory, inside.path.between(territory.path, territory.path + "~"))
    return division_id.in_(found.where(territory.id == territory_id))
