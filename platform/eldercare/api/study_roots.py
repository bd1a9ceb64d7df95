"""The root fields of studies: one, a page of them, what may be asked for, and the mutations."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated, Any

import strawberry
from graphql import GraphQLResolveInfo

from eldercare.api import ids
from eldercare.api.context import Context
from eldercare.api.inputs import make, member
from eldercare.api.objects import Types
from eldercare.api.problem import Problem
from eldercare.api.scalars import Cursor, Document
from eldercare.api.streaming import Stream
from eldercare.api.study import CreateStudyInput, StudyShown, study_space
from eldercare.api.writing import author_of
from eldercare.kit.errors import EldercareError, InvalidInput, NotFound
from eldercare.planning import request as requests
from eldercare.planning import submission
from eldercare.planning.scenario import measure_schema
from eldercare.registry.permission import check_right

PAGE, LARGEST_PAGE = 20, 100
Id = Annotated[strawberry.ID, strawberry.argument(description="The id that the API gave. · 标识")]
First = Annotated[int, strawberry.argument(description="How many: 1 to 100. · 条数")]
After = Annotated[Cursor | None, strawberry.argument(description="Those behind this cursor. · 游标之后")]
Input = Annotated[CreateStudyInput, strawberry.argument(description="What it is to compare. · 测算要求")]


@strawberry.type(description="A study that comes with the product, to start one's own from. · 预设")
class StudyPreset:
    """A study that comes with the product."""

    name: str = strawberry.field(description="Its name. · 名称")
    text: str = strawberry.field(description="Its file, in YAML. · 文件内容")


class Facts:
    """An object of a made type whose fields are known by name."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    def read(self, info: "GraphQLResolveInfo[Any]") -> Any:
        """A field by its name in the schema."""
        return self.__dict__[info.field_name]


def make_query(types: Types) -> type:
    """The root fields that read studies."""
    space = study_space(types)
    _connection(space)
    one, page = space["Study"], space["StudyConnection"]

    @strawberry.type(description="Reads of studies. · 情景测算查询")
    class StudyQuery:
        """Reads of studies."""

        @strawberry.field(description="The study with this id; empty when there is none. · 情景测算")
        def study(self, info: strawberry.Info, id: Id) -> one | None:  # type: ignore[valid-type]
            """The study with this id."""
            key = ids.key(id, "Study")
            try:
                return StudyShown(submission.find(_context(info).session, key, _context(info).viewer))
            except NotFound:
                return None

        @strawberry.field(description="A page of studies, the newest first. · 情景测算列表")
        def studies(
            self,
            info: strawberry.Info,
            first: First = PAGE,
            after: After = None,
        ) -> page | None:  # type: ignore[valid-type]
            """A page of studies."""
            return _page(_context(info), first, after)

        @strawberry.field(description="Studies that come with the product. · 预设测算")
        def study_presets(self) -> list[StudyPreset]:
            """Studies that come with the product."""
            return [StudyPreset(name=name, text=requests.preset_text(name)) for name in requests.presets()]

        @strawberry.field(description="The JSON Schema of a scenario's measures. · 措施格式")
        def measure_schema(self) -> Document:
            """The JSON Schema of a scenario's measures."""
            return Document(measure_schema())

    return StudyQuery


def make_mutation(types: Types) -> type:
    """The mutations of studies."""
    payload = study_space(types)["StudyPayload"]

    @strawberry.type(description="Changes of studies. · 情景测算变更")
    class StudyMutation:
        """Changes of studies."""

        @strawberry.mutation(description="Freeze the registry, check the scenarios, and queue the work. · 创建情景测算")
        def create_study(
            self,
            info: strawberry.Info,
            input: Input,
        ) -> payload:  # type: ignore[valid-type]
            """Queue a study."""
            context = _context(info)
            return _payload(context, "createStudy", lambda: _create(context, input))

        @strawberry.mutation(description="Cancel a study; one that has ended stays as it is. · 取消情景测算")
        def cancel_study(self, info: strawberry.Info, id: Id) -> payload:  # type: ignore[valid-type]
            """Cancel a study."""
            context = _context(info)
            return _payload(
                context,
                "cancelStudy",
                lambda: submission.cancel_study(context.session, ids.key(id, "Study"), context.viewer),
            )

    return StudyMutation


def make_subscription(types: Types) -> type:
    """The subscription that follows a study."""
    study = study_space(types)["Study"]

    @strawberry.type(description="Studies, followed. · 情景测算订阅")
    class StudySubscription:
        """Studies, followed."""

        @strawberry.subscription(description="A study each time it has come further, until it ends. · 情景测算进度")
        async def study_progress(self, info: strawberry.Info, id: Id) -> AsyncGenerator[study, None]:  # type: ignore[valid-type]
            """A study each time it has come further."""
            stream: Stream = info.context
            key, told = ids.key(id, "Study"), None
            while True:
                found = await stream.in_thread(lambda context: submission.find(context.session, key))
                state = found.job.state, found.job.finished
                if state != told:
                    told = state
                    yield StudyShown(found)
                if found.job.ended is not None:
                    return
                await asyncio.sleep(stream.pulse.interval)

    return StudySubscription


def asked(input: CreateStudyInput) -> requests.Request:
    """What an input asks for: its own values over those of its preset."""
    values: dict[str, Any] = {
        name: value
        for name in ("territory", "as_of", "years", "replications", "seed", "uncertain")
        if (value := getattr(input, name)) is not None
    }
    if input.scenarios is not None:
        values["scenarios"] = [strawberry.asdict(each) for each in input.scenarios]
    return requests.asked({**(requests.preset_values(input.preset) if input.preset else {}), **values})


def _create(context: Context, input: CreateStudyInput) -> submission.Progressed:
    return submission.create(
        context.session,
        asked(input),
        author=author_of(context),
        principal=context.viewer,
        idempotency_key=input.idempotency_key,
    )


def _payload(context: Context, right: str, act: Any) -> Facts:
    """What a mutation answers: the study, or why nothing was done."""
    try:
        check_right(context.viewer, right, "plan")
        with context.session.begin_nested():
            return Facts(study=StudyShown(act()), errors=[])
    except EldercareError as error:
        return Facts(study=None, errors=[Problem.of(error)])


def _page(context: Context, first: int, after: Cursor | None) -> Facts:
    if not 1 <= first <= LARGEST_PAGE:
        raise InvalidInput(
            "PAGE_SIZE", f"first is {first}.", remedy=f"Ask for 1 to {LARGEST_PAGE} studies.", path=("first",)
        )
    before = None if after is None else ids.key(str(after), "Study")
    found = submission.found(context.session, before=before, first=first + 1, principal=context.viewer)
    nodes = [StudyShown(each) for each in found[:first]]
    info = Facts(
        hasNextPage=len(found) > first,
        hasPreviousPage=before is not None,
        startCursor=nodes[0].id if nodes else None,
        endCursor=nodes[-1].id if nodes else None,
    )
    edges = [Facts(cursor=each.id, node=each) for each in nodes]
    return Facts(
        nodes=nodes, edges=edges, page_info=info, total_count=submission.count(context.session, context.viewer)
    )


def _connection(space: dict[str, Any]) -> None:
    """The page types of studies, in the form of all others."""
    edge = [
        member("cursor", "Cursor", "Where it stands in the list. · 游标", space),
        member("node", "Study", "The study. · 情景测算", space),
    ]
    make("StudyEdge", "A study in a list. · 情景测算列表项", edge, space)
    fields = [
        member("edges", "list[StudyEdge]", "The studies with their cursors. · 列表项", space),
        member("nodes", "list[Study]", "The studies. · 情景测算", space),
        member("page_info", "PageInfo", "Where this page stands in the list. · 分页信息", space),
        member("total_count", "int", "How many studies there are. · 总数", space),
    ]
    make("StudyConnection", "A page of studies. · 情景测算分页", fields, space)


def _context(info: strawberry.Info) -> Context:
    context: Context = info.context
    return context
