"""Group operation: the five unifications of each facility, brands, and which facility works under which."""

from datetime import date

from sqlalchemy import Date, Index, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Alone, Entity, Validity, column, only_where, ordered, reference, term
from eldercare.security.privacy import Reach


class Unification(Term):
    """The five things a group unifies in its facilities."""

    BRAND = "统一品牌", "brand"
    MANAGEMENT_STANDARDS = "统一管理标准", "management standards"
    PERSONNEL = "统一人员管理", "personnel management"
    FINANCE_PROCUREMENT = "统一财务采购", "finance and procurement"
    HARDWARE = "统一硬件配套", "hardware support"


class UnificationState(Term):
    """How far a unification is at a facility."""

    NOT_STARTED = "未启动", "not begun"
    UNDER_WAY = "推进中", "under way"
    DONE = "已完成", "done"


class UnificationItem(Entity):
    """How far one of the five unifications was at a facility of a group, from when to when."""

    __tablename__ = "unification_item"
    __zh__ = "五统一进展"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("facility_id", "item"))
    __reach__ = Reach(facility="facility_id")

    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构", index=False)
    item: Mapped[Unification] = column(term(Unification), en="What is unified.", zh="统一事项")
    state: Mapped[UnificationState] = column(term(UnificationState), en="How far it is.", zh="进展")
    note: Mapped[str | None] = column(String(300), en="What was done.", zh="说明")
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期")

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index("ix_unification_item_facility", "facility_id", "item", "valid_from"),
        Index("uq_unification_item_open", "facility_id", "item", unique=True, **only_where("valid_to IS NULL")),
    )


class Brand(Entity):
    """A brand that a group of operators works under."""

    __tablename__ = "brand"
    __zh__ = "养老品牌"
    __validity__ = Validity("valid_from", "valid_to")
    __reach__ = Reach(organisation="group_id")

    name: Mapped[str] = column(String(80), en="Name.", zh="品牌名称")
    group_id: Mapped[int] = reference("organisation", en="The group it belongs to.", zh="集团")
    division_id: Mapped[int | None] = reference("division", en="Where it is promoted.", zh="培育地区")
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期")

    __table_args__ = (ordered("valid_from", "valid_to"),)


class FacilityBrand(Entity):
    """That a facility works under a brand, from when to when."""

    __tablename__ = "facility_brand"
    __zh__ = "机构品牌"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("facility_id",))
    __reach__ = Reach(facility="facility_id")

    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构", index=False)
    brand_id: Mapped[int] = reference("brand", en="The brand.", zh="养老品牌")
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期")

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index("ix_facility_brand_facility", "facility_id", "valid_from"),
        Index("uq_facility_brand_open", "facility_id", unique=True, **only_where("valid_to IS NULL")),
    )
