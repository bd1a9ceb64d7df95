"""Ratings of facilities and caregivers under schemes that say who may give which level."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, Index, Integer, Numeric, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Alone, Entity, Validity, column, not_negative, ordered, reference, term
from eldercare.security.privacy import Reach


class RatingScheme(Term):
    """The schemes of rating; whom each rates, at which levels and by whom stands in the rules."""

    INSTITUTION_STAR = "养老机构等级(星级)", "stars of institutions, 1 to 5"
    HOME_CARE_A = "居家养老服务中心等级(A级)", "A-levels of home-care centres, 1 to 5"
    INTEGRITY = "信用等级", "credit grade, 1 to 5"
    CAREGIVER_MEDAL = "金银铜牌护理员", "medals of caregivers, bronze to gold"


class RatingSubject(Term):
    """What a scheme rates."""

    FACILITY = "机构", "facilities"
    CAREGIVER = "养老护理员", "caregivers"


class RatingStatus(Term):
    """Where a rating stands; only valid ones are shown to the public."""

    APPLIED = "已申请", "applied for"
    SELF_ASSESSED = "已自评", "self-assessed"
    REVIEWED = "已评审", "reviewed"
    PUBLICISED = "公示中", "publicised"
    VALID = "有效", "valid"
    EXPIRED = "已过期", "expired"
    REVOKED = "已撤销", "revoked"


class Rating(Entity):
    """The level a facility or a caregiver was given under a scheme, by whom, and until when; or the way there.

    What is stored as its status is the latest step; what it was at a date follows from the days of the steps.
    """

    __tablename__ = "rating"
    __zh__ = "等级评定"
    __validity__ = Validity("issued_on", "valid_to")
    __alone__ = Alone(("facility_id", "scheme"), only=("status", ("VALID",)))
    __reach__ = Reach(facility="facility_id", everybody=True)

    facility_id: Mapped[int | None] = reference("facility", en="The facility rated.", zh="机构", index=False)
    caregiver_id: Mapped[int | None] = reference("caregiver", en="The caregiver rated.", zh="护理员")
    scheme: Mapped[RatingScheme] = column(term(RatingScheme), en="The scheme.", zh="评定体系")
    level: Mapped[int] = column(Integer, en="The level; what it is called depends on the scheme.", zh="等级")
    score: Mapped[Decimal | None] = column(Numeric(7, 2), en="The score it rests on.", zh="得分")
    status: Mapped[RatingStatus] = column(
        term(RatingStatus), en="Where it stands.", zh="状态", default=RatingStatus.VALID
    )
    issuer_id: Mapped[int | None] = reference("division", en="The division that gave it.", zh="评定单位区划")
    applied_on: Mapped[date | None] = column(Date, en="The day it was applied for.", zh="申请日期")
    self_assessed_on: Mapped[date | None] = column(Date, en="The day of the self-assessment.", zh="自评日期")
    reviewed_on: Mapped[date | None] = column(Date, en="The day of the review.", zh="评审日期")
    publicised_on: Mapped[date | None] = column(Date, en="The day it was publicised.", zh="公示日期")
    issued_on: Mapped[date | None] = column(Date, en="The day it was given.", zh="评定日期")
    valid_to: Mapped[date | None] = column(Date, en="First day it is no longer valid.", zh="失效日期", planned=True)
    revoke_reason: Mapped[str | None] = column(String(300), en="Why it was revoked.", zh="撤销原因")

    __table_args__ = (
        ordered("issued_on", "valid_to"),
        *not_negative("level", "score"),
        CheckConstraint("(facility_id IS NULL) <> (caregiver_id IS NULL)", name="one_subject"),
        CheckConstraint("status NOT IN ('VALID', 'REVOKED') OR issued_on IS NOT NULL", name="given"),
        Index("ix_rating_facility", "facility_id", "scheme", "issued_on"),
    )
