"""Strawberry types made from the catalogue: objects, connections, and the root fields of Query."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import strawberry
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from eldercare.api import scalars
from eldercare.api.catalogue import Catalogue, Shape, lower
from eldercare.api.inputs import Annotation, Namespace, annotation_of, make, mark, member, noun_inputs, summary_inputs
from eldercare.api.noun import Argument, Many, Noun, One, Report, Rows, Value, bilingual, camel

AS_OF = bilingual("The business date that is looked at; today in Asia/Shanghai unless said otherwise.", "业务日期")
HISTORY = bilingual("Whether records are shown too that have ended or not begun on that date.", "是否包含历史记录")


class Types:
    """Every type that follows from a catalogue, by name; annotations may name any of them, in any order."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.space: Namespace = {"strawberry_ID": strawberry.ID, "Cursor": scalars.Cursor, "kind_Date": date}
        self._node()
        for shape in catalogue.shapes.values():
            self._object(shape)
        self._page_info()
        for name in catalogue.nouns:
            shape = catalogue.shapes[name]
            self._connection(shape)
            noun_inputs(catalogue, shape, self.space)
            if f"{name}Group" in catalogue.shapes:
                summary_inputs(catalogue, shape, catalogue.shapes[f"{name}Group"], self.space)
        self.query = make("Registry", bilingual("Reads of the registry.", "查询"), self._roots(), self.space)

    def __getitem__(self, name: str) -> Any:
        """The Strawberry type of a name."""
        return self.space[name]

    def _node(self) -> None:
        key = member("id", strawberry.ID, bilingual("Its opaque global id.", "标识"), self.space)
        made = type("Node", (), {"id": key})
        text = bilingual("Anything that has a global id.", "可标识对象")
        self.space["Node"] = strawberry.interface(made, name="Node", description=text)

    def _object(self, shape: Shape) -> None:
        fields = [self._field(shape, field) for field in shape.fields.values()]
        mark(shape, fields)
        bases = {"bases": (self.space["Node"],)} if shape.noun else {}
        make(shape.name, shape.description, fields, self.space, **bases)

    def _field(self, shape: Shape, field: Any) -> StrawberryField:
        text = bilingual(field.en, field.zh)
        if isinstance(field, Value):
            of = annotation_of(field.kind, self.space, field.zh)
            return member(field.name, of if field.always else f"{of} | None", text, self.space)
        if isinstance(field, One):
            return member(field.name, f"{field.noun} | None", text, self.space)
        if isinstance(field, Rows):
            return member(field.name, f"list[{field.shape}]", text, self.space)
        assert isinstance(field, Many)
        found = member(field.name, f"{field.noun}Connection", text, self.space)
        found.arguments = [*self._page_arguments(field.noun), self._argument("history", "bool | None", HISTORY)]
        return found

    def _argument(self, name: str, of: str, description: str) -> StrawberryArgument:
        annotation = Annotation(of, namespace=self.space)
        return StrawberryArgument(name, camel(name), annotation, description=description)

    def _page_arguments(self, noun: str) -> list[StrawberryArgument]:
        return [
            self._argument("filter", f"{noun}Filter | None", bilingual("Which of them.", "筛选条件")),
            self._argument("order_by", f"list[{noun}Order] | None", bilingual("In which order.", "排序")),
            self._argument(
                "first", "int | None", bilingual("How many from the front: 0 to 500, by default 50.", "前几条")
            ),
            self._argument("after", "Cursor | None", bilingual("Those behind this cursor.", "游标之后")),
            self._argument("last", "int | None", bilingual("How many from the end: 0 to 500.", "后几条")),
            self._argument("before", "Cursor | None", bilingual("Those in front of this cursor.", "游标之前")),
        ]

    def _page_info(self) -> None:
        fields = {
            "has_next_page": ("bool", "Whether records follow behind this page.", "是否有下一页"),
            "has_previous_page": ("bool", "Whether records stand in front of this page.", "是否有上一页"),
            "start_cursor": ("Cursor | None", "The cursor of the first record of this page.", "首条游标"),
            "end_cursor": ("Cursor | None", "The cursor of the last record of this page.", "末条游标"),
        }
        made = [member(name, of, bilingual(en, zh), self.space) for name, (of, en, zh) in fields.items()]
        make("PageInfo", bilingual("Where a page stands in its list.", "分页信息"), made, self.space)

    def _connection(self, shape: Shape) -> None:
        name, zh, space = shape.name, shape.noun.entity.__zh__ if shape.noun else "", self.space
        edge = [
            member("cursor", "Cursor", bilingual("Where it stands in the list.", "游标"), space),
            member("node", name, bilingual("The record.", zh), space),
        ]
        make(f"{name}Edge", bilingual(f"A record of the type {name} in a list.", f"{zh}列表项"), edge, space)
        fields = [
            member("edges", f"list[{name}Edge]", bilingual("The records with their cursors.", "列表项"), space),
            member("nodes", f"list[{name}]", bilingual("The records.", zh), space),
            member("page_info", "PageInfo", bilingual("Where this page stands in the list.", "分页信息"), space),
            member("total_count", "int", bilingual("How many records the whole list has.", "总数"), space),
        ]
        make(f"{name}Connection", bilingual(f"A page of records of the type {name}.", f"{zh}分页"), fields, space)

    def _roots(self) -> Iterable[StrawberryField]:
        as_of = self._argument("as_of", "kind_Date | None", AS_OF)
        history = self._argument("history", "bool | None", HISTORY)
        key = self._argument("id", "strawberry_ID", bilingual("The id that the API gave.", "标识"))
        for noun in self.catalogue.nouns.values():
            yield self._root(
                lower(noun.name), f"{noun.name} | None", f"The {_words(noun)} with this id.", noun, [key, as_of]
            )
            arguments = [*self._page_arguments(noun.name), as_of, history]
            text = f"A page of {noun.plural}, those of today unless asOf or history say otherwise."
            yield self._root(noun.plural, f"{noun.name}Connection | None", text, noun, arguments)
            if noun.summary:
                yield self._summary(noun, as_of, history)
        for report in self.catalogue.reports.values():
            yield self._report(report, as_of)
        ids = self._argument("ids", "list[strawberry_ID]", bilingual("Up to 100 ids.", "标识列表"))
        yield self._plain("node", "Node | None", bilingual("Anything by its id.", "按标识查询"), [key, as_of])
        text = bilingual("Things by their ids, in the order of the ids; empty where there is none.", "按标识批量查询")
        yield self._plain("nodes", "list[Node | None] | None", text, [ids, as_of])

    def _summary(self, noun: Noun, as_of: Any, history: Any) -> StrawberryField:
        arguments = [
            self._argument(
                "group_by", f"list[{noun.name}GroupBy] | None", bilingual("By what; one total without.", "分组维度")
            ),
            self._argument("filter", f"{noun.name}Filter | None", bilingual("Which records are counted.", "筛选条件")),
            self._argument("having", f"{noun.name}Having | None", bilingual("Which groups are shown.", "分组条件")),
            self._argument("order_by", f"list[{noun.name}GroupOrder] | None", bilingual("In which order.", "排序")),
            self._argument("first", "int | None", bilingual("How many groups: up to 5000, by default 500.", "前几组")),
        ]
        text = f"Counts and measures of {noun.plural}, in groups."
        name = f"{lower(noun.name)}Summary"
        return self._root(name, f"list[{noun.name}Group] | None", text, noun, [*arguments, as_of, history])

    def _report(self, report: Report, as_of: Any) -> StrawberryField:
        arguments = [self._report_argument(each) for each in report.arguments]
        of = report.shape if report.single else f"list[{report.shape}]"
        return self._plain(report.name, f"{of} | None", bilingual(report.en, report.zh), [*arguments, as_of])

    def _report_argument(self, argument: Argument) -> StrawberryArgument:
        of = annotation_of(argument.kind, self.space, argument.zh)
        of = f"list[{of}]" if argument.many else of
        annotation = of if argument.required else f"{of} | None"
        return self._argument(argument.name, annotation, bilingual(argument.en, argument.zh))

    def _root(self, name: str, of: str, text: str, noun: Noun, arguments: list[Any]) -> StrawberryField:
        return self._plain(name, of, bilingual(text, noun.entity.__zh__), arguments)

    def _plain(self, name: str, of: str, description: str, arguments: list[Any]) -> StrawberryField:
        found = member(name, of, description, self.space)
        found.arguments = arguments
        return found


def _words(noun: Noun) -> str:
    """A noun's name as words.

    >>> from types import SimpleNamespace
    >>> _words(SimpleNamespace(name="CareRiskEvent"))
    'care risk event'
    """
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in noun.name).strip()
