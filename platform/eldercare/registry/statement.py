"""Yearly statements of facilities: what the annual statistics ask for and no other record tells."""

from decimal import Decimal

from sqlalchemy import Integer, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Entity, column, not_negative, reference, term
from eldercare.registry.money import money
from eldercare.security.privacy import Reach


class Heating(Term):
    """How a facility is heated."""

    CENTRAL = "集中供暖", "central heating"
    COAL = "燃煤", "coal"
    GAS = "燃气", "gas"
    AIR_CONDITIONER = "空调", "air conditioner"
    NONE = "无", "none"


class FacilityStatement(Entity):
    """What a facility states of itself for a year: grounds, staff, assets, money, and what it grows."""

    __tablename__ = "facility_statement"
    __zh__ = "机构年报"
    __reach__ = Reach(facility="facility_id")

    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构")
    year: Mapped[int] = column(Integer, en="The year.", zh="年度")
    heating: Mapped[Heating | None] = column(term(Heating), en="How it is heated.", zh="供暖方式")
    outdoor_area: Mapped[Decimal | None] = column(
        Numeric(12, 2), en="Outdoor activity area, square metres.", zh="室外活动场地面积"
    )
    indoor_area: Mapped[Decimal | None] = column(
        Numeric(12, 2), en="Indoor activity area, square metres.", zh="室内活动场地面积"
    )
    staff: Mapped[int | None] = column(Integer, en="Staff at the end of the year.", zh="职工人数")
    certified_staff: Mapped[int | None] = column(
        Integer, en="Of those with a certificate of care.", zh="持证护理员人数"
    )
    fixed_assets: Mapped[int | None] = money(en="Fixed assets.", zh="固定资产")
    management_funds: Mapped[int | None] = money(en="Management funds.", zh="管理经费")
    sideline_income: Mapped[int | None] = money(en="Income from side lines.", zh="院办经济收入")
    expenditure: Mapped[int | None] = money(en="Expenditure of the year.", zh="年度支出")
    support_standard: Mapped[int | None] = money(en="Support standard a person and year.", zh="供养标准(年)")
    vegetable_area: Mapped[Decimal | None] = column(Numeric(12, 2), en="Vegetable garden, mu.", zh="菜地面积(亩)")
    vegetable_output: Mapped[int | None] = column(Integer, en="Vegetables grown, kilograms.", zh="蔬菜产量(公斤)")

    __table_args__ = (
        UniqueConstraint("facility_id", "year"),
        *not_negative("staff", "certified_staff", "fixed_assets", "management_funds", "support_standard"),
    )
