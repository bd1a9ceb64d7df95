"""Policy documents: plans, notices, standards and measures, to whom they are addressed and what they set out to do."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.division import Level
from eldercare.registry.entity import Entity, Validity, column, ordered, reference, term
from eldercare.security.privacy import Reach


class DocumentKind(Term):
    """Kinds of policy documents."""

    LAW = "法律法规", "law or regulation"
    PLAN = "规划", "plan"
    IMPLEMENTATION_PLAN = "实施方案", "implementation plan"
    NOTICE = "通知", "notice"
    STANDARD = "标准", "standard"
    GROUP_STANDARD = "团体标准", "standard of an association"
    MEASURES = "办法", "measures"
    OTHER = "其他", "other"


class PolicyDocument(Entity):
    """A document that sets rules or aims; one of which only the existence is known has no title."""

    __tablename__ = "policy_document"
    __zh__ = "政策文件"
    __validity__ = Validity("valid_from", "valid_to")
    __reach__ = Reach(division="division_id", everybody=True)

    code: Mapped[str] = column(String(60), en="Its own code in the registry.", zh="文件代码")
    title: Mapped[str | None] = column(String(200), en="Title; empty when it is only known to exist.", zh="文件名称")
    number: Mapped[str | None] = column(String(80), en="Number of the document, such as 民办发〔2020〕39号.", zh="文号")
    kind: Mapped[DocumentKind] = column(term(DocumentKind), en="What kind it is.", zh="文件类型")
    level: Mapped[Level] = column(term(Level), en="The level of administration that issued it.", zh="层级")
    division_id: Mapped[int | None] = reference("division", en="The division whose authority issued it.", zh="发文区划")
    issuer: Mapped[str | None] = column(String(120), en="Who issued it.", zh="发文单位")
    issued_on: Mapped[date | None] = column(Date, en="The day it was issued.", zh="发文日期")
    valid_from: Mapped[date | None] = column(Date, en="First day it is in force.", zh="施行日期", planned=True)
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="废止日期", planned=True)
    supersedes_id: Mapped[int | None] = reference("policy_document", en="The document it replaces.", zh="替代文件")

    __table_args__ = (
        UniqueConstraint("code"),
        ordered("valid_from", "valid_to"),
        CheckConstraint("supersedes_id IS NULL OR supersedes_id <> id", name="not_itself"),
    )


class PolicyAddressee(Entity):
    """To whom a document is addressed."""

    __tablename__ = "policy_addressee"
    __zh__ = "主送单位"
    __reach__ = Reach(everybody=True)

    document_id: Mapped[int] = reference("policy_document", en="The document.", zh="政策文件", index=False)
    name: Mapped[str] = column(String(120), en="Whom it is addressed to.", zh="主送单位名称")
    division_id: Mapped[int | None] = reference("division", en="The division it stands for.", zh="所属区划")

    __table_args__ = (UniqueConstraint("document_id", "name"),)


class PlanMeasure(Entity):
    """A measure of a plan, under one of its aspects."""

    __tablename__ = "plan_measure"
    __zh__ = "规划措施"
    __reach__ = Reach(everybody=True)

    document_id: Mapped[int] = reference("policy_document", en="The plan.", zh="规划文件", index=False)
    aspect: Mapped[int] = column(Integer, en="The number of the aspect it belongs to.", zh="方面序号")
    aspect_name: Mapped[str] = column(String(120), en="What the aspect is about.", zh="方面名称")
    number: Mapped[int | None] = column(Integer, en="Its number in the plan.", zh="措施序号")
    text: Mapped[str | None] = column(String(500), en="What is to be done.", zh="措施内容")

    __table_args__ = (
        CheckConstraint("aspect >= 1", name="aspect"),
        Index("uq_plan_measure", "document_id", "aspect", "number", unique=True),
    )
