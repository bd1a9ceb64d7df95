"""Filters: an input object over a noun becomes conditions on its rows; what is empty or unknown fails closed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select
from sqlalchemy import inspect as mapping
from sqlalchemy.orm import aliased

from eldercare.api import ids
from eldercare.api.catalogue import Catalogue, Shape
from eldercare.api.compiler.arguments import Leaf, Tree
from eldercare.api.compiler.parameters import Binder, same
from eldercare.api.compiler.sight import check_use, compared, sought
from eldercare.api.compiler.sql import contains, is_one_of, list_type
from eldercare.api.kind import KEY
from eldercare.api.noun import Many, Noun, One, Value, camel
from eldercare.kit.errors import InvalidInput
from eldercare.registry.division import Division, within
from eldercare.registry.query import View, in_force, visible
from eldercare.registry.scope import is_personal
from eldercare.security.privacy import Privacy

Condition = ColumnElement[bool]


class Filters:
    """Writes the conditions of filter inputs for one view."""

    def __init__(self, catalogue: Catalogue, binder: Binder, view: View) -> None:
        self.catalogue = catalogue
        self.binder = binder
        self.view = view

    def conditions(self, shape: Shape, given: Tree, row: Any) -> list[Condition]:
        """The conditions that an input object sets on a row of a shape; all of them must hold."""
        if not isinstance(given, dict) or not given:
            refuse(
                "EMPTY_FILTER", "A filter was sent with nothing in it.", "Leave the filter out, or name a field in it."
            )
        return [self._field(shape, name, each, row) for name, each in given.items()]

    def _field(self, shape: Shape, name: str, given: Tree, row: Any) -> Condition:
        if name in ("and", "or", "not"):
            return self._combined(shape, name, given, row)
        if name == "within":
            return self._within(shape, given, row)
        field = shape.fields[name]
        if isinstance(field, Value):
            return self._operators(field, given, row)
        if isinstance(field, One):
            return self._one(field, given, row)
        return self._many(field, given, row)

    def _combined(self, shape: Shape, name: str, given: Tree, row: Any) -> Condition:
        if name == "not":
            return complement(and_(*self.conditions(shape, given, row)))
        parts = given if isinstance(given, list) else []
        if not parts:
            refuse(
                "EMPTY_FILTER", f"`{name}` was sent with nothing in it.", f"Leave `{name}` out, or give it a filter."
            )
        return (and_ if name == "and" else or_)(*[and_(*self.conditions(shape, part, row)) for part in parts])

    def _operators(self, field: Value, given: Tree, row: Any) -> Condition:
        if not isinstance(given, dict) or not given:
            refuse(
                "EMPTY_FILTER", f"The filter of `{field.name}` has no operator.", "Name an operator, such as eq or in."
            )
        of = compared(field, row, self.view)
        return and_(*[self._operator(field, of, operator, leaf) for operator, leaf in given.items()])

    def _operator(self, field: Value, of: ColumnElement[Any], operator: str, leaf: Leaf) -> Condition:
        if leaf.value is None:
            refuse("NULL_FILTER", f"`{operator}` of `{field.name}` is null.", "Use isNull to ask for empty values.")
        if operator == "isNull":
            return of.is_(None) if leaf.value else of.is_not(None)
        if operator in ("in", "notIn"):
            return self._membership(field, of, operator, leaf)
        return OPERATORS[operator](of, self.binder.bind(leaf, field.kind.sql, converter(field)))

    def _membership(self, field: Value, of: ColumnElement[Any], operator: str, leaf: Leaf) -> Condition:
        if not leaf.value:
            refuse("EMPTY_LIST", f"`{operator}` of `{field.name}` has no values.", "Give at least one value.")
        each = converter(field)
        values = self.binder.bind(leaf, list_type(field.kind.sql), lambda found: [each(value) for value in found])
        condition = is_one_of(of, values)
        return condition if operator == "in" else complement(condition)

    def _one(self, field: One, given: Tree, row: Any) -> Condition:
        noun = self.catalogue.nouns[field.noun]
        target = aliased(noun.entity)
        inner = self.conditions(self.catalogue.shapes[field.noun], given, target)
        reach = [target.id == sought(field, row, self.view), *rows_of_reference(target, self.view)]
        return correlated(select(target.id).where(*reach, *inner), row)

    def _many(self, field: Many, given: Tree, row: Any) -> Condition:
        if not isinstance(given, dict) or not given:
            refuse("EMPTY_FILTER", f"The filter of `{field.name}` is empty.", "Use some, none or every.")
        return and_(*[self._quantified(field, name, each, row) for name, each in given.items()])

    def _quantified(self, field: Many, quantifier: str, given: Tree, row: Any) -> Condition:
        noun = self.catalogue.nouns[field.noun]
        related = aliased(noun.entity)
        inner = and_(*self.conditions(self.catalogue.shapes[field.noun], given, related))
        reach = [getattr(related, field.by) == row.id, *visible(related, self.view)]
        if quantifier == "every":
            inner = complement(inner)
        found = correlated(select(related.id).where(*reach, inner), row)
        return found if quantifier == "some" else not_(found)

    def _within(self, shape: Shape, given: Tree, row: Any) -> Condition:
        noun = shape.noun
        if noun is None or not isinstance(given, Leaf) or given.value is None:
            refuse("NULL_FILTER", "`within` is null.", "Send the id or the code of a division.")
        check_use(place_within(noun), self.view)
        return lies_within(self.catalogue, noun, row, self.view.over_all(), self._territory(given))

    def _territory(self, leaf: Leaf) -> Callable[[Any], Condition]:
        key = division_key(self.binder, leaf, self.view)
        return lambda division: within(division, key)


KEY_CODE = Division.__table__.c.code.type


def division_key(binder: Binder, leaf: Leaf, view: View) -> Any:
    """The key of the division that an id names, or a select of those that a twelve-digit code names at the view's date.

    A code is not unique across levels, nor over time: then all of them are meant.
    """
    if not leaf.value.isdigit():
        return binder.bind(leaf, KEY.sql, lambda text: ids.key(text, "Division"))
    code = binder.bind(leaf, KEY_CODE, same)
    territory = aliased(Division)
    return select(territory.id).where(territory.code == code, *in_force(territory, view))


def division_keys(binder: Binder, leaf: Leaf, view: View) -> Any:
    """A select of the keys of the divisions that a list of ids and twelve-digit codes names at the view's date."""
    territory: Any = aliased(Division)
    codes = binder.bind(leaf, list_type(KEY_CODE), lambda texts: [text for text in texts if text.isdigit()])
    keys = binder.bind(
        leaf,
        list_type(KEY.sql),
        lambda texts: [ids.key(text, "Division") for text in texts if not text.isdigit()],
    )
    named = and_(is_one_of(territory.code, codes), *in_force(territory, view))
    return select(territory.id).where(or_(named, is_one_of(territory.id, keys)))


OPERATORS: dict[str, Callable[[Any, Any], Condition]] = {
    "eq": lambda of, value: of == value,
    "ne": lambda of, value: complement(of == value),
    "lt": lambda of, value: of < value,
    "lte": lambda of, value: of <= value,
    "gt": lambda of, value: of > value,
    "gte": lambda of, value: of >= value,
    "contains": contains,
    "startsWith": lambda of, value: func.substr(of, 1, func.length(value)) == value,
}


def place_within(noun: Noun) -> Value:
    """What `within` asks of a row, as a field: where somebody belongs is told of a person like anything else."""
    kind = Privacy.PERSONAL if is_personal(noun.entity) else Privacy.OPEN
    return Value("within", KEY, lambda row, view: row.id, "", "", privacy=kind, owner=noun.name)


def lies_within(
    catalogue: Catalogue, noun: Noun, row: Any, view: View, inside: Callable[[Any], Condition]
) -> Condition:
    """Whether a row of a noun belongs to the territory for which `inside` tests a division's key."""
    if noun.located:
        return noun.located(row.id, view, inside)
    if noun.place_of:
        field = reference(catalogue, noun, noun.place_of)
        there, key = catalogue.nouns[field.noun], field.key(row, view)
        if there.located:
            return there.located(key, view, inside)
        target = aliased(there.entity)
        lies = lies_within(catalogue, there, target, view, inside)
        return correlated(select(target.id).where(target.id == key, lies), row)
    assert noun.place is not None
    return inside(noun.place(row, view))


def reference(catalogue: Catalogue, noun: Noun, name: str) -> One:
    """A reference of a noun by its name."""
    field = catalogue.shapes[noun.name].fields[camel(name)]
    assert isinstance(field, One)
    return field


def converter(field: Value) -> Callable[[Any], Any]:
    """How a value that was sent becomes the database's."""
    if field.kind is KEY:
        return lambda text: ids.key(text, field.noun)
    return stored_text if field.kind.sql.python_type is str else same


def stored_text(text: str) -> str:
    """A text that a database can hold; one that none can is `InvalidInput` (BAD_TEXT)."""
    if "\0" in text or (not text.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in text)):
        refuse("BAD_TEXT", "A text holds a character that cannot be stored.", "Leave out NUL and unpaired surrogates.")
    return str(text)


def complement(condition: Condition) -> Condition:
    """True where the condition is false or unknown, so that a filter and its negation share no row and miss none."""
    return not_(func.coalesce(condition, false()))


def rows_of_reference(entity: Any, view: View) -> list[Condition]:
    """Which records a reference may reach: what a record refers to is shown even when it has ended."""
    return visible(entity, replace(view, history=True))


def correlated(found: Any, row: Any) -> Condition:
    """Whether a select that refers to the row finds anything."""
    return exists(found.correlate(selectable(row)))


def selectable(row: Any) -> Any:
    """What a row is selected from: an alias's table or subquery, or the subquery itself."""
    inspected = mapping(row, raiseerr=False)
    return inspected.selectable if inspected is not None and hasattr(inspected, "mapper") else row


def refuse(code: str, message: str, remedy: str) -> NoReturn:
    """Raise the error for a filter that cannot be used."""
    raise InvalidInput(code, message, remedy=remedy)
