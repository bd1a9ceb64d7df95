"""Operating contracts: who runs a facility, on which terms, from when to when."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Numeric, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Alone, Entity, Validity, column, only_where, ordered, reference, term
from eldercare.registry.facility import OperatingMode
from eldercare.security.privacy import Reach


class PriceRule(Term):
    """How prices are set under a contract."""

    GOVERNMENT_PRICE = "政府定价", "set by the government"
    GUIDED = "政府指导价", "guided by the government"
    MARKET = "市场调节价", "set by the market"


class OperatingContract(Entity):
    """That an organisation runs a facility, on which terms, from when to when."""

    __tablename__ = "operating_contract"
    __zh__ = "运营合同"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("facility_id",))
    __reach__ = Reach(facility="facility_id", everybody=True)

    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构", index=False)
    operator_id: Mapped[int] = reference("organisation", en="Who runs it.", zh="运营方")
    mode: Mapped[OperatingMode] = column(term(OperatingMode), en="How it is run.", zh="运营方式")
    group_operation: Mapped[bool] = column(
        Boolean, en="Whether it is run as part of a group.", zh="集团化运营", default=False
    )
    reserved_share_min: Mapped[Decimal | None] = column(
        Numeric(6, 5), en="Least share of beds kept for people the government supports, 0 to 1.", zh="最低预留比例"
    )
    price_rule: Mapped[PriceRule | None] = column(term(PriceRule), en="How prices are set.", zh="价格机制")
    number: Mapped[str | None] = column(String(60), en="Number of the contract.", zh="合同编号")
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期", planned=True)
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期", planned=True)

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        CheckConstraint("reserved_share_min IS NULL OR reserved_share_min BETWEEN 0 AND 1", name="reserved_share_min"),
        Index("ix_operating_contract_facility", "facility_id", "valid_from"),
        Index("uq_operating_contract_open", "facility_id", unique=True, **only_where("valid_to IS NULL")),
    )
