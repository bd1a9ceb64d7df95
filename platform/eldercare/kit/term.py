"""Enumerations whose every value carries its Chinese and English label."""

from enum import EnumMeta, StrEnum
from typing import Any


class TermMeta(EnumMeta):
    """Gives each member its own name as its value, so that a declaration says only the labels."""

    def __new__(mcs, name: str, bases: tuple[type, ...], members: Any, **options: Any) -> "TermMeta":
        """Put the member's name in front of its labels before the enum machinery sees them."""
        for key in list(members._member_names):
            dict.__setitem__(members, key, (key, *members[key]))
        return super().__new__(mcs, name, bases, members, **options)


class Term(StrEnum, metaclass=TermMeta):
    """A closed list of values; each member is `CODE = zh, en[, note]` and its value is its own name.

    >>> class Sex(Term):
    ...     FEMALE = "女", "female"
    >>> Sex.FEMALE.value, Sex.FEMALE.zh, Sex.FEMALE.en
    ('FEMALE', '女', 'female')
    """

    zh: str
    en: str
    note: str

    def __new__(cls, code: str, zh: str, en: str, note: str = "") -> "Term":
        """Make the member from its name and labels."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh, member.en, member.note = zh, en, note
        return member
