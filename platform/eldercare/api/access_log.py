"""Who read or changed a person's record, as the person may be told it: `personAccessLog`."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from sqlalchemy import Date, func, literal, select
from sqlalchemy.orm import aliased

from eldercare.api import ids
from eldercare.api.compiler.filters import rows_of_reference
from eldercare.api.context import Context
from eldercare.api.inputs import enumeration, make, member
from eldercare.api.objects import Types
from eldercare.api.scalars import Cursor
from eldercare.api.study_roots import Facts
from eldercare.api.token_roots import TokenRole
from eldercare.kit.errors import Forbidden, InvalidInput
from eldercare.registry import AuditDocument, AuditPerson, Person
from eldercare.registry.access_token import aware
from eldercare.registry.audit import Action
from eldercare.registry.audit_check import about
from eldercare.registry.query import View
from eldercare.registry.viewer import constant, viewer_of
from eldercare.security.policy import Sight
from eldercare.security.principal import Role
from eldercare.security.privacy import Privacy

PAGE, LARGEST_PAGE = 50, 500
MAY = (Role.COUNTY_ADMIN, Role.CITY_ADMIN, Role.SYSTEM)
"""Who may tell people who read their record: a county and above, for the people of their own territory."""

Of = Annotated[strawberry.ID, strawberry.argument(description="The person. · 老年人")]
First = Annotated[int, strawberry.argument(description="How many: 1 to 500. · 条数")]
After = Annotated[Cursor | None, strawberry.argument(description="Those behind this cursor. · 游标之后")]

ACCESS: tuple[tuple[str, Any, str], ...] = (
    ("at", datetime, "When. · 时间"),
    ("principal", str, "Who, as tokens call them. · 操作主体"),
    ("role", TokenRole | None, "In which role; empty for one that there is no longer. · 角色"),
    ("action", "Action", "What was done. · 操作"),
    ("noun", str, "To which kind of record. · 对象类型"),
    ("reason", str | None, "Why, where it was said and free text may be shown to you. · 原因"),
    ("operation", str | None, "The name of the operation it was done through. · 操作名"),
    ("document", str | None, "The document it was done through, without literal values. · 请求文档"),
    ("request_id", str | None, "The request it was part of. · 请求编号"),
)


def make_query(types: Types) -> type:
    """The root field that tells who read a person's record."""
    space = types.space
    enumeration(Action, space, "操作")
    make("PersonAccess", "One reading or change of a person's record. · 查阅记录", _members(ACCESS, space), space)
    page = _connection(space)

    @strawberry.type(description="Who read whose record. · 查阅日志")
    class AccessLogQuery:
        """Who read whose record."""

        @strawberry.field(
            description="Who read or changed a person's record, the newest first; for a county and above. · 查阅日志"
        )
        def person_access_log(
            self, info: strawberry.Info, person: Of, first: First = PAGE, after: After = None
        ) -> page | None:  # type: ignore[valid-type]
            """Who read or changed a person's record."""
            return _log(info.context, ids.key(person, "Person"), first, after)

    return AccessLogQuery


def _log(context: Context, person: int, first: int, after: Cursor | None) -> Facts | None:
    if context.viewer.role not in MAY:
        raise Forbidden("FORBIDDEN", "You may not see who read a record.", remedy="Ask the county.")
    if not 1 <= first <= LARGEST_PAGE:
        raise InvalidInput("PAGE_SIZE", f"first is {first}.", remedy=f"Ask for 1 to {LARGEST_PAGE}.", path=("first",))
    if not _is_seen(context, person):
        return None
    context.people |= set() if context.viewer.role is Role.SYSTEM else {person}
    before = None if after is None else ids.key(str(after), "AuditEvent")
    connection = context.session.connection()
    rows = about(connection, person, before, first + 1)
    nodes = [_shown(context, row) for row in rows[:first]]
    cursors = [ids.join("AuditEvent", row.number) for row in rows[:first]]
    info = Facts(
        hasNextPage=len(rows) > first,
        hasPreviousPage=before is not None,
        startCursor=cursors[0] if cursors else None,
        endCursor=cursors[-1] if cursors else None,
    )
    edges = [Facts(cursor=cursor, node=node) for cursor, node in zip(cursors, nodes, strict=True)]
    count = connection.scalar(select(func.count()).select_from(AuditPerson).where(AuditPerson.person_id == person))
    return Facts(nodes=nodes, edges=edges, page_info=info, total_count=count)


def _is_seen(context: Context, person: int) -> bool:
    """Whether the viewer sees this person: somebody else's and nobody look the same."""
    today, entity = literal(context.today, Date()), aliased(Person)
    view = View(today, viewer=viewer_of(context.viewer, constant), today=today)
    found = select(entity.id).where(entity.id == person, *rows_of_reference(entity, view))
    return context.session.scalar(found) is not None


def _shown(context: Context, row: Any) -> Facts:
    viewer = viewer_of(context.viewer, constant)
    clear = viewer is None or viewer.sight(Privacy.NOTE) is Sight.CLEAR
    document = None if row.document is None else context.session.get(AuditDocument, row.document)
    return Facts(
        at=aware(row.recorded_at),
        principal=row.principal,
        role=TokenRole[row.role] if row.role in TokenRole.__members__ else None,
        action=row.action,
        noun=row.noun,
        reason=row.reason if clear else None,
        operation=row.operation,
        document=document.text if document else None,
        request_id=row.request_id,
    )


def _connection(space: dict[str, Any]) -> Any:
    """The page types, in the form of all others."""
    edge = (
        ("cursor", "Cursor", "Where it stands in the list. · 游标"),
        ("node", "PersonAccess", "The reading or change. · 查阅记录"),
    )
    make("PersonAccessEdge", "A reading or change in a list. · 查阅记录列表项", _members(edge, space), space)
    fields = (
        ("edges", "list[PersonAccessEdge]", "The readings and changes with their cursors. · 列表项"),
        ("nodes", "list[PersonAccess]", "The readings and changes. · 查阅记录"),
        ("page_info", "PageInfo", "Where this page stands in the list. · 分页信息"),
        ("total_count", "int", "How many there are. · 总数"),
    )
    title = "A page of readings and changes. · 查阅记录分页"
    return make("PersonAccessConnection", title, _members(fields, space), space)


def _members(fields: tuple[tuple[str, Any, str], ...], space: dict[str, Any]) -> list[Any]:
    return [member(name, of, text, space) for name, of, text in fields]
