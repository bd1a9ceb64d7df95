"""The change feed through the API: a connection for those who poll, a subscription for those who stay."""

from collections.abc import AsyncGenerator, Collection
from datetime import datetime
from functools import partial
from typing import Annotated, Any

import strawberry

from eldercare.api import ids
from eldercare.api.compiler.arguments import Leaf
from eldercare.api.compiler.filters import Filters
from eldercare.api.context import Context
from eldercare.api.inputs import enumeration, make, member
from eldercare.api.noun import Noun, camel
from eldercare.api.objects import Types
from eldercare.api.ordinary import Literals
from eldercare.api.scalars import Cursor
from eldercare.api.streaming import Stream
from eldercare.api.study_roots import Facts
from eldercare.api.wiring import Shown
from eldercare.kit.errors import InvalidInput
from eldercare.registry import changelog, feed
from eldercare.registry.feed import EventKind, Eyes, Spot
from eldercare.registry.query import View, entity_class
from eldercare.registry.viewer import constant, viewer_of

PAGE, LARGEST_PAGE = 50, 500
BEGINNING = Spot(0, 0)
QUIET = 30.0
"""Seconds after which a follower is told where it stands, though nothing for it has happened."""

First = Annotated[int, strawberry.argument(description="How many: 1 to 500, by default 50. · 条数")]
Portion = Annotated[int, strawberry.argument(description="How many in one message: 1 to 500, by default 50. · 条数")]
After = Annotated[
    Cursor | None, strawberry.argument(description="Those behind this cursor; from the beginning without. · 游标之后")
]
Since = Annotated[
    Cursor | None, strawberry.argument(description="Those behind this cursor; from now on without. · 游标之后")
]
Nouns = Annotated[
    list[str] | None,
    strawberry.argument(description="Only records of these types, such as Facility; all without. · 对象类型"),
]
Within = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Only what belongs to this division: its id or twelve-digit code. · 所属区划范围"),
]


class Asked:
    """What a follower asked for: nouns, and perhaps a division in which their records must lie."""

    def __init__(self, types: Types, nouns: Collection[str] | None, division: str | None) -> None:
        known = types.catalogue.nouns
        for name in nouns or ():
            if name not in known:
                raise InvalidInput(
                    "NOUN_UNKNOWN",
                    f"There is no type {name}.",
                    remedy="Name types of records, such as Facility.",
                    path=("nouns",),
                )
        self.types, self.division = types, division
        wanted = known.values() if nouns is None else [known[name] for name in nouns]
        self.nouns = {noun.entity: noun for noun in wanted if division is None or placed(noun)}
        if division is not None and not division.isdigit():
            ids.key(division, "Division")

    def eyes(self, context: Context) -> Eyes:
        """The eyes of whoever asks, narrowed to the division."""
        narrowed = self._inside if self.division is not None else None
        return Eyes(context.session, context.viewer, context.today, narrowed)

    def fields(self, event: feed.Event) -> list[str]:
        """The fields of the API that changed."""
        shape = self.types.catalogue.shapes[event.noun.__name__]
        names = (camel(name.removesuffix("_id")) for name in event.columns)
        return [name for name in names if name in shape.fields]

    def _inside(self, entity: Any, view: View) -> list[Any]:
        name = entity_class(entity).__name__
        catalogue = self.types.catalogue
        filters = Filters(catalogue, Literals(self.sqlite), view)
        return list(filters.conditions(catalogue.shapes[name], {"within": Leaf(self.division)}, entity))

    sqlite = True


def placed(noun: Noun) -> bool:
    """Whether it is known in which division the records of a noun lie."""
    return bool(noun.place or noun.located or noun.place_of)


def read(context: Context, asked: Asked, after: Spot, first: int) -> feed.Page:
    """A page of the feed."""
    asked.sqlite = context.engine.dialect.name == "sqlite"
    return feed.page(asked.eyes(context), after, first=first, nouns=asked.nouns)


def read_and_tell(context: Context, asked: Asked, after: Spot, first: int) -> tuple[feed.Page, set[int]]:
    """A page of the feed and the people it tells of."""
    found = read(context, asked, after, first)
    return found, whose(context, found)


def whose(context: Context, found: feed.Page) -> set[int]:
    """The people a page tells of, for the audit trail; the operator's own programs are not told on it."""
    told = viewer_of(context.viewer, constant) is not None
    return feed.people_in(context.session, found.events) if told else set()


def shown(asked: Asked, found: feed.Page, after: Spot, people: Collection[int] = ()) -> Facts:
    """A page of the feed as a connection, with the people it tells of beside it."""
    nodes, cursors = [_shown(asked, event) for event in found.events], [str(event.spot) for event in found.events]
    edges = [Facts(cursor=cursor, node=node) for cursor, node in zip(cursors, nodes, strict=True)]
    info = Facts(
        hasNextPage=found.more,
        hasPreviousPage=after != Spot(),
        startCursor=cursors[0] if cursors else None,
        endCursor=str(max(found.spot, BEGINNING)),
    )
    return Facts(edges=edges, nodes=nodes, page_info=info, people=people)


def _shown(asked: Asked, event: feed.Event) -> Facts:
    name = event.noun.__name__
    return Facts(
        type=name,
        id=ids.join(name, event.key),
        kind=event.kind,
        fields=asked.fields(event),
        version=event.version,
        recorded_at=event.recorded_at,
        record=None if event.gone else Shown(name, event.key),
    )


def make_query(types: Types) -> type:
    """The root field that reads the feed."""
    page = feed_space(types)["ChangeEventConnection"]

    @strawberry.type(description="Reads of the change feed. · 变更订阅查询")
    class FeedQuery:
        """Reads of the change feed."""

        @strawberry.field(
            description="What has changed, in an order that never changes: keep endCursor, and ask for what lies behind it. · 变更"
        )
        def changes(
            self,
            info: strawberry.Info,
            first: First = PAGE,
            after: After = None,
            nouns: Nouns = None,
            division: Within = None,
        ) -> page | None:  # type: ignore[valid-type]
            """A page of the feed."""
            start = Spot.read(str(after or ""))
            asked = Asked(types, nouns, division)
            found = read(info.context, asked, start, held(first))
            info.context.people |= whose(info.context, found)
            return shown(asked, found, start)

    return FeedQuery


def make_subscription(types: Types) -> type:
    """The subscription that follows the feed."""
    page = feed_space(types)["ChangeEventConnection"]

    @strawberry.type(description="The change feed, followed. · 变更订阅")
    class FeedSubscription:
        """The change feed, followed."""

        @strawberry.subscription(
            description="What changes from now on, or behind a cursor; after a break, go on behind the last endCursor. · 变更订阅"
        )
        async def changes(
            self,
            info: strawberry.Info,
            first: Portion = PAGE,
            after: Since = None,
            nouns: Nouns = None,
            division: Within = None,
        ) -> AsyncGenerator[page, None]:  # type: ignore[valid-type]
            """Pages of the feed."""
            stream: Stream = info.context
            asked, size = Asked(types, nouns, division), held(first)
            start = Spot.read(str(after)) if after else None
            async for event in follow(stream, asked, start, size):
                yield event

    return FeedSubscription


async def follow(stream: Stream, asked: Asked, after: Spot | None, size: int) -> AsyncGenerator[Any, None]:
    """Pages of the feed behind a place, as they come; the first says where it begins."""
    with stream.pulse.listening() as listener:
        if after is None:
            after = await stream.in_thread(lambda context: Spot(*changelog.latest(context.session)))
            yield shown(asked, feed.Page([], after, False), after)
        told = after
        while True:
            found, people = await stream.in_thread(partial(read_and_tell, asked=asked, after=after, first=size))
            moved, after = found.spot != told, found.spot
            if found.events or (moved and not found.more and listener.quiet(QUIET)):
                yield shown(asked, found, told, people)
                told = after
                listener.spoke()
            if not found.more:
                await listener.wait(QUIET)


def held(first: int) -> int:
    """The size of a page, which must be allowed."""
    if not 1 <= first <= LARGEST_PAGE:
        raise InvalidInput(
            "PAGE_SIZE", f"first is {first}.", remedy=f"Ask for 1 to {LARGEST_PAGE} changes.", path=("first",)
        )
    return first


def feed_space(types: Types) -> Any:
    """The names that annotations of this module may use, with the types of the feed among them."""
    space = types.space
    if "ChangeEvent" in space:
        return space
    enumeration(EventKind, space, "变更类型")
    space["datetime"] = datetime
    event = [
        member("type", "str", "The type of the record, such as Facility. · 对象类型", space),
        member("id", "strawberry_ID", "The id of the record. · 标识", space),
        member("kind", "EventKind", "What became of it. · 变更类型", space),
        member("fields", "list[str]", "Which of its fields changed; none when it is new or gone. · 变更字段", space),
        member("version", "int", "The version it had then. · 版本", space),
        member("recorded_at", "datetime", "When. · 记录时间", space),
        member("record", "Node | None", "The record as you see it now; empty when it is gone. · 记录", space),
    ]
    make("ChangeEvent", "Something that became of a record. · 变更", event, space)
    edge = [
        member("cursor", "Cursor", "Where it stands in the feed. · 游标", space),
        member("node", "ChangeEvent", "The change. · 变更", space),
    ]
    make("ChangeEventEdge", "A change in a page of the feed. · 变更列表项", edge, space)
    fields = [
        member("edges", "list[ChangeEventEdge]", "The changes with their cursors. · 列表项", space),
        member("nodes", "list[ChangeEvent]", "The changes. · 变更", space),
        member(
            "page_info",
            "PageInfo",
            "Where this page stands; endCursor also moves on when it is empty. · 分页信息",
            space,
        ),
    ]
    make("ChangeEventConnection", "A page of the change feed. · 变更分页", fields, space)
    return space
