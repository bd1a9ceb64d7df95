"""Ratings of facilities under schemes that say who may give which level."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, Index, Integer, Numeric
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Alone, Entity, Validity, column, not_negative, ordered, reference, term
from eldercare.security.privacy import Reach


class RatingScheme(Term):
    """The schemes of rating; which kinds and levels each takes stands in the rules."""

    INSTITUTION_STAR = "养老机构等级(星级)", "stars of institutions, 1 to 5"
    HOME_CARE_A = "居家养老服务中心等级(A级)", "A-levels of home-care centres, 1 to 5"
    INTEGRITY = "信用等级", "credit grade, 1 to 5"


class RatingStatus(Term):
    """Where a rating stands; only valid ones are shown to the public."""

    APPLIED = "已申请", "applied for"
    SELF_ASSESSED = "已自评", "self-assessed"
    REVIEWED = "已评审", "reviewed"
    PUBLICISED = "公示中", "publicised"
    VALID = "有效", "valid"
    REVOKED = "已撤销", "revoked"


class Rating(Entity):
    """The level a facility was given under a scheme, by whom, and until when."""

    __tablename__ = "rating"
    __zh__ = "等级评定"
    __validity__ = Validity("issued_on", "valid_to")
    __alone__ = Alone(("facility_id", "scheme"), only=("status", ("VALID",)))
    __reach__ = Reach(facility="facility_id", everybody=True)

    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构", index=False)
    scheme: Mapped[RatingScheme] = column(term(RatingScheme), en="The scheme.", zh="评定体系")
    level: Mapped[int] = column(Integer, en="The level; what it is called depends on the scheme.", zh="等级")
    score: Mapped[Decimal | None] = column(Numeric(7, 2), en="The score it rests on.", zh="得分")
    status: Mapped[RatingStatus] = column(
        term(RatingStatus), en="Where it stands.", zh="状态", default=RatingStatus.VALID
    )
    issuer_id: Mapped[int | None] = reference("division", en="The division that gave it.", zh="评定单位区划")
    issued_on: Mapped[date] = column(Date, en="The day it was given.", zh="评定日期")
    valid_to: Mapped[date | None] = column(Date, en="First day it is no longer valid.", zh="失效日期", planned=True)

    __table_args__ = (
        ordered("issued_on", "valid_to"),
        *not_negative("level", "score"),
        Index("ix_rating_facility", "facility_id", "scheme", "issued_on"),
    )
