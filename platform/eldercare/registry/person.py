"""People: who they are, where they are registered and live, and with whom."""

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import (
    Alone,
    Entity,
    Validity,
    column,
    not_negative,
    only_where,
    ordered,
    reference,
    term,
)
from eldercare.security.privacy import Privacy, Reach


class Sex(Term):
    """Sex as in GB/T 2261.1."""

    UNKNOWN = "未知的性别", "unknown", "0"
    MALE = "男性", "male", "1"
    FEMALE = "女性", "female", "2"
    NOT_STATED = "未说明的性别", "not stated", "9"


class IdType(Term):
    """Kinds of identity documents."""

    RESIDENT_ID = "居民身份证", "resident identity card"
    RESIDENCE_PERMIT_HMT = "港澳台居民居住证", "residence permit for Hong Kong, Macao and Taiwan residents"
    PASSPORT = "护照", "passport"
    FOREIGN_PR = "外国人永久居留身份证", "foreign permanent resident card"
    NONE = "无证件", "no document"


class MaritalStatus(Term):
    """Marital status as in GB/T 2261.2."""

    UNMARRIED = "未婚", "never married"
    MARRIED = "已婚", "married"
    WIDOWED = "丧偶", "widowed"
    DIVORCED = "离婚", "divorced"
    NOT_STATED = "未说明", "not stated"


class Education(Term):
    """Schooling as on the information form of GB/T 42195."""

    ILLITERATE = "文盲", "illiterate"
    PRIMARY = "小学", "primary school"
    JUNIOR = "初中", "junior middle school"
    SENIOR = "高中/技校/中专", "senior middle or vocational school"
    COLLEGE = "大学专科及以上", "college or above"
    UNKNOWN = "不详", "unknown"


class Person(Entity):
    """An older person the registry knows; age is never stored."""

    __tablename__ = "person"
    __zh__ = "老年人"
    __reach__ = Reach(person="id")

    name: Mapped[str] = column(String(80), en="Full name.", zh="姓名", privacy=Privacy.NAME)
    sex: Mapped[Sex] = column(term(Sex), en="Sex.", zh="性别", completed=True, privacy=Privacy.PERSONAL)
    birth_date: Mapped[date] = column(
        Date, index=True, en="Date of birth.", zh="出生日期", completed=True, privacy=Privacy.BIRTH
    )
    birth_date_estimated: Mapped[bool] = column(
        Boolean,
        en="Whether the date of birth is an estimate.",
        zh="出生日期为估计",
        default=False,
        privacy=Privacy.PERSONAL,
    )
    id_type: Mapped[IdType] = column(
        term(IdType), en="Kind of identity document.", zh="证件类型", default=IdType.NONE, privacy=Privacy.IDENTITY
    )
    id_number: Mapped[bytes | None] = column(
        LargeBinary,
        en="Number of the identity document, encrypted.",
        zh="证件号码",
        secret=True,
        privacy=Privacy.IDENTITY,
    )
    id_digest: Mapped[bytes | None] = column(
        LargeBinary(32),
        en="Keyed digest of the number, for exact search.",
        zh="证件号码摘要",
        secret=True,
        derived=True,
        privacy=Privacy.IDENTITY,
    )
    id_prefix: Mapped[str | None] = column(
        String(6),
        en="First six characters of the number, which name an area.",
        zh="证件号码前六位",
        derived=True,
        privacy=Privacy.IDENTITY,
    )
    ethnicity: Mapped[str | None] = column(
        String(2), en="Ethnic group, code of GB/T 3304.", zh="民族代码", privacy=Privacy.PERSONAL
    )
    marital_status: Mapped[MaritalStatus | None] = column(
        term(MaritalStatus), en="Marital status.", zh="婚姻状况", privacy=Privacy.PERSONAL
    )
    education: Mapped[Education | None] = column(
        term(Education), en="Schooling.", zh="文化程度", privacy=Privacy.PERSONAL
    )
    phone: Mapped[bytes | None] = column(
        LargeBinary, en="Telephone number, encrypted.", zh="联系电话", secret=True, privacy=Privacy.CONTACT
    )
    emergency_contact: Mapped[bytes | None] = column(
        LargeBinary,
        en="Name and telephone of whom to call, encrypted.",
        zh="紧急联系人",
        secret=True,
        privacy=Privacy.CONTACT,
    )
    deceased_on: Mapped[date | None] = column(Date, en="Date of death.", zh="死亡日期", privacy=Privacy.PERSONAL)
    merged_into_id: Mapped[int | None] = reference(
        "person", en="The record that stands for this person since two were found to be one.", zh="合并至"
    )

    __table_args__ = (
        CheckConstraint("deceased_on IS NULL OR birth_date <= deceased_on", name="birth_before_death"),
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_merged_into_itself"),
        Index(
            "uq_person_id_number",
            "id_type",
            "id_digest",
            unique=True,
            **only_where("merged_into_id IS NULL AND id_digest IS NOT NULL"),
        ),
    )


class ResidenceBase(Term):
    """In which sense a person belongs to a division."""

    RESIDENT = "常住", "lives there"
    HUKOU = "户籍", "registered there"


class Residence(Entity):
    """Where a person lived or was registered, and from when to when."""

    __tablename__ = "residence"
    __zh__ = "居住与户籍"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("person_id", "base"))
    __reach__ = Reach(person="person_id")

    person_id: Mapped[int] = reference("person", en="The person.", zh="老年人", index=False)
    base: Mapped[ResidenceBase] = column(
        term(ResidenceBase), en="Lives there or is registered there.", zh="口径", privacy=Privacy.PERSONAL
    )
    division_id: Mapped[int] = reference("division", en="The division.", zh="区划", index=False)
    address: Mapped[bytes | None] = column(
        LargeBinary, en="Address, encrypted.", zh="详细地址", secret=True, privacy=Privacy.CONTACT
    )
    valid_from: Mapped[date] = column(Date, en="First day there.", zh="起始日期", privacy=Privacy.PERSONAL)
    valid_to: Mapped[date | None] = column(
        Date, en="First day no longer there.", zh="终止日期", privacy=Privacy.PERSONAL
    )

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index("ix_residence_person", "person_id", "base", "valid_from"),
        Index("ix_residence_division", "division_id", "base", "valid_from", "valid_to", "person_id"),
        Index(
            "uq_residence_open",
            "person_id",
            "base",
            unique=True,
            **only_where("valid_to IS NULL"),
        ),
    )


class LivingKind(Term):
    """With whom a person lives: the values of the information form of GB/T 42195."""

    ALONE = "独居", "alone"
    WITH_SPOUSE = "与配偶居住", "with spouse"
    WITH_CHILDREN = "与子女居住", "with children"
    WITH_PARENTS = "与父母居住", "with parents"
    WITH_SIBLINGS = "与兄弟姐妹居住", "with brothers or sisters"
    WITH_OTHER_RELATIVES = "与其他亲属居住", "with other relatives"
    WITH_NON_RELATIVES = "与非亲属关系的人居住", "with people who are not relatives"
    IN_INSTITUTION = "养老机构", "in an institution"


class LivingArrangement(Entity):
    """With whom a person lived, and from when to when."""

    __tablename__ = "living_arrangement"
    __zh__ = "居住情况"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("person_id",))
    __reach__ = Reach(person="person_id")

    person_id: Mapped[int] = reference("person", en="The person.", zh="老年人", index=False)
    kind: Mapped[LivingKind] = column(term(LivingKind), en="With whom.", zh="居住方式", privacy=Privacy.PERSONAL)
    children_count: Mapped[int | None] = column(
        Integer, en="Number of living children.", zh="子女数", privacy=Privacy.PERSONAL
    )
    children_nearby: Mapped[bool | None] = column(
        Boolean, en="Whether a child lives near.", zh="子女是否就近", privacy=Privacy.PERSONAL
    )
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期", privacy=Privacy.PERSONAL)
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期", privacy=Privacy.PERSONAL)

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        *not_negative("children_count"),
        Index("ix_living_arrangement_person", "person_id", "valid_from"),
        Index(
            "uq_living_arrangement_open",
            "person_id",
            unique=True,
            **only_where("valid_to IS NULL"),
        ),
    )
