"""Returns as the API shows them: what is owed, an edition as it was printed, and the commands that issue it."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from sqlalchemy import Date, literal, select
from sqlalchemy.orm import aliased

from eldercare import registry
from eldercare.api import ids
from eldercare.api.context import Context
from eldercare.api.inputs import enumeration
from eldercare.api.named import Command
from eldercare.api.objects import Types
from eldercare.api.wiring import Shown
from eldercare.registry.edition import ReturnEdition
from eldercare.registry.query import View, visible
from eldercare.registry.viewer import constant, viewer_of
from eldercare.reporting import issue
from eldercare.reporting.form import Period, Return
from eldercare.reporting.printing import differences, number, text
from eldercare.reporting.returns import RETURNS, ReturnCode

Id = Annotated[strawberry.ID, strawberry.argument(description="The id of an edition. · 报表版次标识")]


@strawberry.type(description="A column of a return. · 报表栏目")
class ReturnColumn:
    """A column of a return."""

    name: str = strawberry.field(description="Its name. · 栏目代码")
    en: str = strawberry.field(description="Its header in English. · 英文表头")
    zh: str = strawberry.field(description="Its header in Chinese. · 中文表头")
    kind: str = strawberry.field(
        description="What its cells hold: COUNT, DECIMAL, RATE, YUAN, WAN_YUAN, TEXT, DAY or FLAG. · 栏目类型"
    )
    unit: str = strawberry.field(description="The unit of its numbers; may be empty. · 单位")


@strawberry.type(description="A cell of a return as printed. · 单元格")
class ReturnCell:
    """A cell of a return."""

    column: str = strawberry.field(description="The column it stands in. · 栏目代码")
    text: str | None = strawberry.field(description="As it is read on paper; empty when it is unknown. · 文字")
    number: float | None = strawberry.field(description="As a number, where it is one. · 数值")


@strawberry.type(description="A row of a return. · 报表行")
class ReturnRow:
    """A row of a return."""

    key: str = strawberry.field(description="What names the row in every edition. · 行标识")
    cells: list[ReturnCell] = strawberry.field(description="Its cells, in the order of the columns. · 单元格")


@strawberry.type(description="A sum that must come out right, and whether it does. · 校验")
class ReturnCheck:
    """A check of a return."""

    code: str = strawberry.field(description="Which check. · 校验代码")
    en: str = strawberry.field(description="What must hold, in English. · 英文说明")
    zh: str = strawberry.field(description="What must hold, in Chinese. · 中文说明")
    holds: bool = strawberry.field(description="Whether it holds. · 是否通过")
    row: str | None = strawberry.field(description="The row in which it does not hold. · 行")
    expected: float | None = strawberry.field(description="The number that the sum should give. · 应为")
    found: float | None = strawberry.field(description="The number that the sum gives. · 实为")


@strawberry.type(description="A table of a return as printed. · 报表表格")
class ReturnTable:
    """A table of a return."""

    code: str = strawberry.field(description="Its code. · 表代码")
    en: str = strawberry.field(description="Its title in English. · 英文标题")
    zh: str = strawberry.field(description="Its title in Chinese. · 中文标题")
    columns: list[ReturnColumn] = strawberry.field(description="Its columns. · 栏目")
    rows: list[ReturnRow] = strawberry.field(description="Its rows. · 行")
    total: ReturnRow | None = strawberry.field(description="The total row: sums, and rates of summed parts. · 合计")
    checks: list[ReturnCheck] = strawberry.field(description="The sums that were checked. · 校验结果")


@strawberry.type(description="A cell in which a corrected edition differs from the one before. · 更正差异")
class ReturnDifference:
    """A cell that was put right."""

    table: str = strawberry.field(description="The table. · 表代码")
    row: str = strawberry.field(description="The row. · 行标识")
    column: str = strawberry.field(description="The column. · 栏目代码")
    old: str | None = strawberry.field(description="What stood there. · 原值")
    new: str | None = strawberry.field(description="What stands there now. · 新值")
    change: float | None = strawberry.field(description="By how much, for numbers. · 差额")


@strawberry.type(description="A return that is owed upward. · 报表")
class OwedReturn:
    """A return that is owed upward."""

    en: str = strawberry.field(description="Its name in English. · 英文名称")
    zh: str = strawberry.field(description="Its name in Chinese. · 中文名称")
    owner: str = strawberry.field(description="Who owes it to whom, in English. · 填报关系(英文)")
    owner_zh: str = strawberry.field(description="Who owes it to whom, in Chinese. · 填报关系")
    basis: str = strawberry.field(description="Where its form comes from. · 依据")


def table_of(found: Mapping[str, Any]) -> ReturnTable:
    """A printed table as the API shows it."""
    names = [column["name"] for column in found["columns"]]
    columns = [ReturnColumn(**column) for column in found["columns"]]
    rows = [ReturnRow(key=row["key"], cells=_cells(names, row["cells"])) for row in found["rows"]]
    total = None if found["total"] is None else ReturnRow(key="total", cells=_cells(names, found["total"]))
    checks = [ReturnCheck(**check) for check in found["checks"]]
    return ReturnTable(
        code=found["code"], en=found["en"], zh=found["zh"], columns=columns, rows=rows, total=total, checks=checks
    )


def _cells(names: list[str], values: list[Any]) -> list[ReturnCell]:
    return [
        ReturnCell(column=name, text=text(value), number=None if (n := number(value)) is None else float(n))
        for name, value in zip(names, values, strict=True)
    ]


def find(context: Context, key: int) -> ReturnEdition | None:
    """The edition of a key, if this viewer may see it."""
    row: Any = aliased(ReturnEdition)
    view = View(literal(context.today, Date()), viewer=viewer_of(context.viewer, constant))
    return context.session.scalars(select(row).where(row.id == key, *visible(row, view))).one_or_none()


def _made(types: Types) -> tuple[Any, Any]:
    """The types of a return's form and of a printed edition."""
    Edition = types["ReturnEdition"]
    Code = types[enumeration(ReturnCode, types.space, "报表代码")]
    Often = types[enumeration(Period, types.space, "报表周期")]

    @strawberry.type(description="A kind of return with its code. · 报表种类")
    class ReturnForm(OwedReturn):
        """A kind of return."""

        code: Code = strawberry.field(description="Its code. · 报表代码")  # type: ignore[valid-type]
        period: Often = strawberry.field(description="How often it is due. · 报表周期")  # type: ignore[valid-type]
        tables: list[str] = strawberry.field(description="The titles of its tables, in Chinese. · 表格标题")

    @strawberry.type(description="An edition of a return as it was printed. · 已印报表")
    class PrintedReturn:
        """An edition as it was printed."""

        edition: Edition | None = strawberry.field(description="The edition. · 版次")  # type: ignore[valid-type]
        tables: list[ReturnTable] = strawberry.field(description="Its tables. · 表格")
        corrected: Edition | None = strawberry.field(  # type: ignore[valid-type]
            description="The edition it puts right. · 被更正版次"
        )
        differences: list[ReturnDifference] = strawberry.field(
            description="Each cell in which it differs from that one. · 更正差异"
        )

    return ReturnForm, PrintedReturn


def make_query(types: Types) -> type:
    """The root fields that read returns."""
    ReturnForm, PrintedReturn = _made(types)

    @strawberry.type(description="Reads of returns. · 报表查询")
    class ReturnQuery:
        """Reads of returns."""

        @strawberry.field(description="The returns that are owed upward. · 应报报表")
        def return_forms(self) -> list[ReturnForm]:  # type: ignore[valid-type]
            """The returns that are owed upward."""
            return [ReturnForm(**_told(each)) for each in RETURNS]

        @strawberry.field(
            description="An edition of a return with its tables as printed; empty when there is none. · 已印报表"
        )
        def printed_return(self, info: strawberry.Info, id: Id) -> PrintedReturn | None:  # type: ignore[valid-type]
            """An edition with its tables."""
            found = find(info.context, ids.key(id, "ReturnEdition"))
            if found is None:
                return None
            content = issue.printed_content(found)
            old = None if found.corrects_id is None else find(info.context, found.corrects_id)
            cells = [] if old is None else differences(issue.printed_content(old), content)
            told: Any = {
                "edition": Shown("ReturnEdition", found.id),
                "corrected": None if old is None else Shown("ReturnEdition", old.id),
            }
            return PrintedReturn(  # type: ignore[no-any-return]
                tables=[table_of(each) for each in content["tables"]],
                differences=[_difference(each) for each in cells],
                **told,
            )

    return ReturnQuery


def _difference(cell: dict[str, Any]) -> ReturnDifference:
    change = cell["change"]
    return ReturnDifference(**{**cell, "change": None if change is None else float(change)})


def _told(declared: Return) -> dict[str, Any]:
    return {
        "code": ReturnCode[declared.code],
        "period": declared.period,
        "en": declared.en,
        "zh": declared.zh,
        "owner": declared.owner_en,
        "owner_zh": declared.owner_zh,
        "basis": declared.basis,
        "tables": [table.zh for table in declared.tables],
    }


TEXTS = {
    "code": ("Which return.", "报表代码"),
    "division_id": ("Whose return it is.", "填报区划"),
    "period": ("Which period: 2026-03, 2026-Q1, 2026, or a day.", "报表期间"),
    "as_of": ("The day whose state it shows; the last of the period, or today, unless said.", "数据截止日期"),
    "edition_id": ("The edition.", "报表版次"),
    "reason": ("Why it is put right, or handed in although a check fails.", "原因"),
}
IDS = {"division_id": "Division", "edition_id": "ReturnEdition"}
COMMANDS = (
    Command(
        "openReturn",
        registry.ReturnEdition,
        issue.open_return,
        "Draw up a return of a division for a period, and freeze what it shows.",
        "编制报表",
        texts=TEXTS,
        nouns=IDS,
    ),
    Command(
        "submitReturn",
        registry.ReturnEdition,
        issue.submit_return,
        "Hand a return in; one whose checks fail needs a reason.",
        "报送报表",
        texts=TEXTS,
        nouns=IDS,
    ),
    Command(
        "correctReturn",
        registry.ReturnEdition,
        issue.correct_return,
        "Draw a return up again for the same day from what is known now; the old edition stays as printed.",
        "更正报表",
        texts=TEXTS,
        nouns=IDS,
    ),
)
