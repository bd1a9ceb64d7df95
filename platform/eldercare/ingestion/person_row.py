"""One row about a person as every import sees it, whether it came from a file or a message, and what it may say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from eldercare.kit.term import Term
from eldercare.registry.entity import Quality
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import Education, IdType, LivingKind, MaritalStatus, ResidenceBase, Sex

NEW = "NEW"
"""What `sameAs` says of somebody who is not one of those with the same particulars."""


class Problem(NamedTuple):
    """Why a row cannot be used: the field, a stable code, a sentence and a remedy; it never repeats the value."""

    field: str
    code: str
    message: str
    remedy: str


class Part(NamedTuple):
    """A field that a row may have: its name, its kind (text, code, date, or the terms it is one of), and its Chinese term.

    A code is text in which a full-width digit means the digit. `column` is the person's column it fills.
    """

    name: str
    kind: str | type[Term]
    zh: str
    column: str = ""
    many: bool = False


PARTS = (
    Part("sourceRecord", "code", "来源记录号"),
    Part("name", "text", "姓名", "name"),
    Part("sex", Sex, "性别", "sex"),
    Part("birthDate", "date", "出生日期", "birth_date"),
    Part("idType", IdType, "证件类型", "id_type"),
    Part("idNumber", "code", "证件号码", "id_number"),
    Part("ethnicity", "code", "民族代码", "ethnicity"),
    Part("maritalStatus", MaritalStatus, "婚姻状况", "marital_status"),
    Part("education", Education, "文化程度", "education"),
    Part("phone", "code", "联系电话", "phone"),
    Part("emergencyContact", "text", "紧急联系人", "emergency_contact"),
    Part("verifiedOn", "date", "最近核实日期", "verified_on"),
    Part("quality", Quality, "数据质量", "quality"),
    Part("division", "code", "居住区划代码"),
    Part("base", ResidenceBase, "口径"),
    Part("since", "date", "居住起始日期"),
    Part("address", "text", "详细地址"),
    Part("living", LivingKind, "居住方式"),
    Part("categories", GroupCategory, "人群类别", many=True),
    Part("categoriesSince", "date", "类别起始日期"),
    Part("sameAs", "code", "同一人"),
)
"""All that a row may say."""

BY_NAME = {part.name: part for part in PARTS}


@dataclass(frozen=True)
class PersonRow:
    """A row: its number, what it says of the person by column, where and how they live, and what is wrong with it."""

    number: int
    source_record: str | None = None
    person: Mapping[str, Any] = field(default_factory=dict)
    division: str | None = None
    base: ResidenceBase = ResidenceBase.RESIDENT
    since: date | None = None
    address: str | None = None
    living: LivingKind | None = None
    categories: tuple[GroupCategory, ...] = ()
    categories_since: date | None = None
    same_as: str | None = None
    problems: tuple[Problem, ...] = ()


def row_of(number: int, said: Mapping[str, Any], problems: tuple[Problem, ...] = ()) -> PersonRow:
    """A row from what it says, by the names of the parts."""
    person = {part.column: said[part.name] for part in PARTS if part.column and said.get(part.name) is not None}
    return PersonRow(
        number=number,
        source_record=said.get("sourceRecord"),
        person=person,
        division=said.get("division"),
        base=said.get("base") or ResidenceBase.RESIDENT,
        since=said.get("since"),
        address=said.get("address"),
        living=said.get("living"),
        categories=tuple(dict.fromkeys(said.get("categories") or ())),
        categories_since=said.get("categoriesSince"),
        same_as=said.get("sameAs"),
        problems=problems,
    )
