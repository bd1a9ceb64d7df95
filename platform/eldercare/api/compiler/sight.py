"""How a viewer sees a field: clear, masked, or not at all, as an expression; and what may be done with what is not clear."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, cast, false, func, null

from eldercare.api.compiler.seal import masked_seal, seal
from eldercare.api.compiler.sql import json_names, word
from eldercare.api.noun import Dimension, Masked, Measure, One, Value, camel, plain
from eldercare.kit.errors import Forbidden
from eldercare.registry.person import IdType
from eldercare.registry.publication import setting
from eldercare.registry.query import View
from eldercare.registry.scope import pays, person_of
from eldercare.registry.scope_people import is_served
from eldercare.registry.viewer import Viewer
from eldercare.security.policy import Scope, Sight
from eldercare.security.privacy import Privacy

LONGEST_NAME = 80
STAR, SOMEBODY = "*", "某"
HIDDEN_DIGITS = 12
BY_ROW = (Sight.PAYER, Sight.OPEN)


def expression(value: Value, row: Any, view: View) -> ColumnElement[Any]:
    """The one place where a field's value enters what is shown: as its viewer sees it."""
    if isinstance(value, Masked):
        return _told(value.told, row, view)
    if not value.owner:
        return compared(value, row, view)
    of = plain(value, row, view)
    found = seal(value.sealed, of) if value.sealed else of
    how = sight_of(value, view)
    if how in (Sight.CLEAR, Sight.LARGE):
        return large(value, row, view, found)
    veiled = _veiled(value, row, of, how, view.viewer)
    if how in BY_ROW:
        return case((_holds(how, row, view), found), else_=veiled)
    return veiled


def compared(value: Value, row: Any, view: View) -> ColumnElement[Any]:
    """A field's value to filter, order or group by; refused for a viewer who does not see it clear, whatever there is."""
    check_use(value, view)
    return large(value, row, view, plain(value, row, view))


def large(field: Value | Measure, row: Any, view: View, of: ColumnElement[Any]) -> ColumnElement[Any]:
    """A value that rests on a count of people, empty for a viewer who sees no small ones where it is one."""
    if sight_of(field, view) is not Sight.LARGE:
        return of
    counts = getattr(field, "counts", None)
    if counts is None:
        return of  # a group or a report, whose parts were asked before they were summed
    return case((counts(row, view.over_all()) >= setting("smallest"), of))


def check_count(view: View) -> None:
    """Refuse to count people for a viewer to whom they are told only as they are published."""
    if view.viewer is not None and view.viewer.rights.counts is Scope.NOBODY:
        raise Forbidden(
            "PUBLISHED_ONLY",
            "People are counted for you only as it is published, by quarter and with small counts withheld.",
            remedy="Ask `publishedCounts`.",
        )


def check_use(value: Value | One | Dimension | Measure, view: View) -> None:
    """Refuse to compute with a field that the viewer does not see clear; in sums, one that is only counted may be used."""
    if not usable(value, view):
        name = camel(value.name)
        raise Forbidden(
            "FIELD_HIDDEN",
            f"`{name}` is not shown to you as it is, so nothing can be found, ordered, grouped or summed by it.",
            remedy=f"Leave `{name}` out of filters, orders, groups and measures.",
        )


def usable(value: Value | One | Dimension | Measure, view: View) -> bool:
    """Whether a viewer may filter, order or group by a field."""
    how = sight_of(value, view)
    return how in (Sight.CLEAR, Sight.LARGE) or (how is Sight.COUNTED and view.counting)


def sight_of(field: Value | One | Dimension | Measure, view: View) -> Sight:
    """How a field is seen; what nobody said is seen by nobody."""
    if view.viewer is None or field.privacy is Privacy.OPEN:
        return Sight.CLEAR
    if field.privacy is None:
        return Sight.HIDDEN
    return view.viewer.sight(field.privacy, f"{getattr(field, 'owner', '')}.{camel(field.name)}")


def refers(field: One, row: Any, view: View) -> ColumnElement[Any]:
    """The key that a reference leads to, empty for a viewer who may not know it."""
    key = field.key(row, view.over_all())
    how = sight_of(field, view)
    if how is Sight.CLEAR:
        return key
    if how in BY_ROW:
        return case((_holds(how, row, view), key))
    return case((false(), key))


def sought(field: One, row: Any, view: View) -> ColumnElement[Any]:
    """The key that a reference leads to, to filter or order through it; refused as a hidden value is."""
    check_use(field, view)
    return field.key(row, view.over_all())


def _told(fields: tuple[Value | One, ...], row: Any, view: View) -> ColumnElement[Any]:
    """The names of those of these fields that the viewer of a row does not see as they are."""
    always = [camel(f.name) for f in fields if sight_of(f, view) not in (Sight.CLEAR, *BY_ROW)]
    found: ColumnElement[Any] = json_names(always)
    for how in BY_ROW:
        if more := [camel(f.name) for f in fields if sight_of(f, view) is how]:
            found = case((_holds(how, row, view), found), else_=json_names([*always, *more]))
    return found


def _veiled(value: Value, row: Any, of: ColumnElement[Any], how: Sight, viewer: Viewer | None) -> ColumnElement[Any]:
    """What is shown instead of a value that is not clear."""
    assert viewer is not None
    if how not in (Sight.MASKED, Sight.OPEN, Sight.INITIALS) or value.kind.sql.python_type is not str:
        return cast(null(), value.kind.sql)
    if value.privacy is Privacy.NAME and not value.sealed:
        surnames = viewer.policy.compound_surnames
        return somebody(of, surnames) if how is Sight.INITIALS else masked_name(of, surnames)
    if value.sealed and value.privacy is Privacy.CONTACT:
        return masked_seal(value.sealed, of)
    if value.sealed and value.privacy is Privacy.IDENTITY:
        return masked_number(of, row, viewer)
    return cast(null(), value.kind.sql)


def masked_number(number: ColumnElement[Any], row: Any, viewer: Viewer) -> ColumnElement[Any]:
    """The number of a citizen, of which at most the area it begins with is shown; of other documents nothing is.

    Where the area is not kept in the clear beside the number, as in a report of a change, nothing of it is shown either.
    """
    if not hasattr(row, "id_prefix"):
        return case((number.is_not(None), word(STAR * HIDDEN_DIGITS)))
    area = func.substr(row.id_prefix, 1, viewer.policy.identity_head)
    head = case((row.id_type == IdType.RESIDENT_ID, area), else_=word(""))
    return case((number.is_not(None), head.concat(word(STAR * HIDDEN_DIGITS))))


def masked_name(name: ColumnElement[Any], compound: tuple[str, ...]) -> ColumnElement[Any]:
    """A name of which only the surname is kept: 王** and 欧阳*; of two characters the first is the surname."""
    kept = _surname(name, compound)
    stars = func.substr(word(STAR * LONGEST_NAME), 1, func.length(name) - kept)
    return case((func.length(name) < 2, word(STAR)), else_=func.substr(name, 1, kept).concat(stars))


def somebody(name: ColumnElement[Any], compound: tuple[str, ...]) -> ColumnElement[Any]:
    """A name as papers write it when they name nobody: 王某, 欧阳某."""
    return func.substr(name, 1, _surname(name, compound)).concat(word(SOMEBODY))


def _surname(name: ColumnElement[Any], compound: tuple[str, ...]) -> ColumnElement[Any]:
    longer = and_(func.length(name) > 2, func.substr(name, 1, 2).in_([word(each) for each in compound]))
    return case((longer, 2), else_=1)


def _holds(how: Sight, row: Any, view: View) -> ColumnElement[bool]:
    """Whether the condition of a sight is met by a row."""
    assert view.viewer is not None
    if how is Sight.PAYER:
        return pays(row, view.viewer, view.as_of)
    return is_served(person_of(row), view.viewer, view.as_of, now=True)
