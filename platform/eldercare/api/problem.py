"""The one shape of a mutation's errors: code, sentence, remedy and where in the input."""

from typing import Self

import strawberry

from eldercare.kit.errors import EldercareError


@strawberry.type(description="Why a mutation did not do what was asked; nothing was changed. · 错误")
class Problem:
    """Why a mutation did not do what was asked."""

    code: str = strawberry.field(description="Stable code of the error. · 错误代码")
    message: str = strawberry.field(description="What is wrong, in a sentence. · 错误说明")
    remedy: str = strawberry.field(description="What to do about it. · 处理办法")
    path: list[str] = strawberry.field(description="Where in the input, from outside in. · 位置")

    @classmethod
    def of(cls, error: EldercareError) -> Self:
        """The error as it is answered."""
        return cls(
            code=error.code, message=error.message, remedy=error.remedy, path=[camel(part) for part in error.path]
        )


def camel(part: str | int) -> str:
    """A part of a path as the schema writes it.

    >>> camel("as_of"), camel(0), camel("UPPER_DRESSING")
    ('asOf', '0', 'UPPER_DRESSING')
    """
    if str(part).isupper():
        return str(part)
    first, *rest = str(part).split("_")
    return first + "".join(word.capitalize() for word in rest)
