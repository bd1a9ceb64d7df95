"""Administrative divisions with their history, their successors and a path that makes a territory one index range."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, Date, Index, Numeric, Select, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, aliased

from eldercare.kit.term import Term
from eldercare.registry.entity import Alone, Entity, Validity, column, ordered, reference, sorted_text, term
from eldercare.security.privacy import Reach


class Level(Term):
    """The levels of administration."""

    NATION = "国家", "nation"
    PROVINCE = "省级", "province"
    CITY = "地级", "prefecture-level city"
    COUNTY = "县级", "county or district"
    TOWN = "乡级", "town, township or street"
    VILLAGE = "村级", "village or community"


class UrbanRural(Term):
    """Whether a place counts as urban or rural."""

    URBAN = "城镇", "urban"
    RURAL = "乡村", "rural"


class Division(Entity):
    """A territory of administration at one time; a change of code or boundary ends it and names its successors."""

    __tablename__ = "division"
    __zh__ = "行政区划"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("level", "code"))
    __reach__ = Reach(division="id", everybody=True)

    code: Mapped[str] = column(
        String(12), en="Twelve-digit statistical code; not unique across levels.", zh="统计用区划代码"
    )
    level: Mapped[Level] = column(term(Level), en="Level of administration.", zh="行政层级")
    name: Mapped[str] = column(String(60), en="Full name.", zh="名称")
    short_name: Mapped[str | None] = column(String(40), en="Short name.", zh="简称")
    kind: Mapped[str | None] = column(
        String(40), en="What kind of division it is, such as a street, a town or a functional zone.", zh="区划类型"
    )
    gb2260: Mapped[str | None] = column(
        String(6), en="Six-digit code of GB/T 2260; functional zones have none.", zh="行政区划代码"
    )
    urban_rural: Mapped[UrbanRural | None] = column(term(UrbanRural), en="Urban or rural.", zh="城乡")
    valid_from: Mapped[date] = column(Date, en="First day it exists under this code.", zh="设立日期")
    valid_to: Mapped[date | None] = column(Date, en="First day it no longer exists.", zh="撤销日期")
    parent_id: Mapped[int | None] = reference("division", en="The division it belongs to.", zh="上级区划")
    path: Mapped[str] = column(
        sorted_text(120), en="Codes from the nation down; a territory is one range of it.", zh="层级路径", derived=True
    )

    __table_args__ = (
        UniqueConstraint("level", "code", "valid_from"),
        Index("ix_division_path", "path"),
        CheckConstraint("length(code) = 12", name="code_length"),
        ordered("valid_from", "valid_to"),
    )


class DivisionSuccessor(Entity):
    """What became of a division: the territory that took it over and with which share of its people."""

    __tablename__ = "division_successor"
    __zh__ = "区划沿革"
    __reach__ = Reach(division="division_id", everybody=True)

    division_id: Mapped[int] = reference("division", en="The division that ended.", zh="原区划")
    successor_id: Mapped[int] = reference("division", en="The division that took over.", zh="承继区划")
    share: Mapped[Decimal | None] = column(
        Numeric(6, 5), en="Share of its people that went there, 0 to 1.", zh="人口比例"
    )

    __table_args__ = (
        UniqueConstraint("division_id", "successor_id"),
        CheckConstraint("share IS NULL OR (share > 0 AND share <= 1)", name="share"),
    )


def path_of(parent_path: str, code: str) -> str:
    """The path of a division: its parent's path, a slash and its own code."""
    return f"{parent_path}/{code}"


def within(division_id: Any, territory_id: Any) -> ColumnElement[bool]:
    """Whether a row's division lies in a territory: one range of the path index, no recursion.

    The territory is given by its key, or by a select of the keys of several, in one of which the division must lie.
    """
    inside, territory = aliased(Division), aliased(Division)
    found = select(inside.id).join(territory, inside.path.between(territory.path, territory.path + "~"))
    several = isinstance(territory_id, Select)
    meant = territory.id.in_(territory_id) if several else territory.id == territory_id
    inside_it: ColumnElement[bool] = division_id.in_(found.where(meant))
    return inside_it
