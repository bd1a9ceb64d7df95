"""Organisations: authorities, operators, groups with a brand and their members."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Index, LargeBinary, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Alone, Entity, Validity, column, only_where, ordered, reference, term
from eldercare.security.privacy import Reach


class OrganisationKind(Term):
    """What an organisation is in law."""

    GOVERNMENT = "机关", "government body"
    PUBLIC_INSTITUTION = "事业单位", "public institution"
    STATE_ENTERPRISE = "国有企业", "state-owned enterprise"
    ENTERPRISE = "企业", "private enterprise"
    SOCIAL_SERVICE_ORG = "社会服务机构", "social service organisation"
    ASSOCIATION = "社会团体", "association"
    MEDICAL = "医疗卫生机构", "medical institution"


class Organisation(Entity):
    """A body that runs, owns, assesses or authorises; an operator group is one that has members."""

    __tablename__ = "organisation"
    __zh__ = "组织"
    __validity__ = Validity("established_on", "dissolved_on")
    __reach__ = Reach(organisation="id", division="division_id", everybody=True)

    name: Mapped[str] = column(String(120), en="Full name.", zh="名称")
    kind: Mapped[OrganisationKind] = column(term(OrganisationKind), en="What it is in law.", zh="组织类型")
    uscc: Mapped[str | None] = column(
        String(18), en="Unified social credit code, 18 characters (GB 32100).", zh="统一社会信用代码"
    )
    brand: Mapped[str | None] = column(String(80), en="The brand it works under.", zh="品牌")
    division_id: Mapped[int | None] = reference("division", en="Where it has its seat.", zh="所在区划")
    parent_id: Mapped[int | None] = reference("organisation", en="The body above it.", zh="上级单位")
    legal_representative: Mapped[bytes | None] = column(
        LargeBinary, en="Its legal representative, encrypted.", zh="法定代表人", secret=True
    )
    registration_authority: Mapped[str | None] = column(String(120), en="Who registered it.", zh="登记机关")
    established_on: Mapped[date | None] = column(Date, en="When it was established.", zh="成立日期")
    dissolved_on: Mapped[date | None] = column(Date, en="First day it no longer exists.", zh="注销日期")

    __table_args__ = (
        Index("uq_organisation_uscc", "uscc", unique=True, **only_where("uscc IS NOT NULL")),
        CheckConstraint("uscc IS NULL OR length(uscc) = 18", name="uscc_length"),
        ordered("established_on", "dissolved_on"),
    )


class OrganisationMembership(Entity):
    """That an organisation belonged to an operator group, and from when to when."""

    __tablename__ = "organisation_membership"
    __zh__ = "集团成员"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("member_id",))
    __reach__ = Reach(organisation="group_id", everybody=True)

    group_id: Mapped[int] = reference("organisation", en="The operator group.", zh="集团")
    member_id: Mapped[int] = reference("organisation", en="The member.", zh="成员")
    valid_from: Mapped[date] = column(Date, en="First day of membership.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer a member.", zh="终止日期")

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        CheckConstraint("group_id <> member_id", name="not_its_own_member"),
        Index("uq_organisation_membership_open", "member_id", unique=True, **only_where("valid_to IS NULL")),
    )
