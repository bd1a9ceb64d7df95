"""Who asks, and their tokens: the query `me`, and mutations that issue, replace and revoke."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any

import strawberry
from sqlalchemy import select

from eldercare.api import ids
from eldercare.api.context import Context
from eldercare.api.inputs import enumeration, make, member
from eldercare.api.objects import Types
from eldercare.api.problem import Problem
from eldercare.api.wiring import Shown
from eldercare.kit.errors import EldercareError, Forbidden, InvalidInput
from eldercare.kit.term import Term
from eldercare.registry.access_token import AccessToken
from eldercare.registry.token_office import DAYS, Office
from eldercare.security.principal import ANYBODY, Principal, Role

MOST = 200


class TokenRole(Term):
    """The roles of the system; what each sees and may do stands in the policy."""

    VILLAGE_WORKER = "村(社区)工作人员", "worker of a village or community"
    TOWN_OFFICER = "乡镇(街道)经办", "officer of a town or street"
    COUNTY_ADMIN = "县(区)民政", "civil affairs of a county"
    CITY_ADMIN = "市民政", "civil affairs of a city"
    PROVINCE = "省级民政", "province or ministry"
    FACILITY_OPERATOR = "机构运营", "operator of facilities"
    PROVIDER = "服务商", "provider of services"
    CALL_AGENT = "12349 坐席", "agent of the hotline"
    INSPECTOR = "检查人员", "inspector"
    FINANCE_AUDITOR = "财政/审计", "finance and audit"
    PLANNER = "规划人员", "planner"
    PARTNER_API = "合作方接口", "partner's program"
    PUBLIC = "公众", "the public"
    SYSTEM = "系统", "the operator's own programs; no token carries it"


enumeration(TokenRole, {}, "角色")  # gives its values their descriptions, before the input names it


@strawberry.input(description="What a new token is to allow: never more than you have yourself. · 新令牌")
class CreateAccessTokenInput:
    """What a new token is to allow."""

    subject: str = strawberry.field(description="Whom it stands for, as logs will call them. · 主体")
    role: TokenRole = strawberry.field(description="The role it gives. · 角色")
    division: strawberry.ID | None = strawberry.field(default=None, description="The division it is for. · 区划")
    facilities: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="The facilities it is for. · 机构"
    )
    organisation: strawberry.ID | None = strawberry.field(
        default=None, description="The organisation it is for. · 组织"
    )
    schemes: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="The subsidy schemes it is for. · 补贴项目"
    )
    special_family: bool = strawberry.field(
        default=False, description="Whether special families are assigned to it. · 是否经办计生特殊家庭"
    )
    fields: list[str] = strawberry.field(
        default_factory=list, description="The fields that a partner's contract lists, as Person.name. · 合同字段"
    )
    scopes: list[str] = strawberry.field(
        default_factory=lambda: ["read"],
        description="What it allows: read, write, plan, export, reveal, admin. · 权限范围",
    )
    days: int = strawberry.field(default=DAYS, description="How long it lasts: 1 to 366 days. · 有效天数")
    note: str | None = strawberry.field(default=None, description="What it is for. · 用途")


Id = Annotated[strawberry.ID, strawberry.argument(description="The token's id. · 标识")]
Input = Annotated[CreateAccessTokenInput, strawberry.argument(description="What it is to allow. · 新令牌")]
Reason = Annotated[str | None, strawberry.argument(description="Why, for the audit trail. · 原因")]
Grace = Annotated[int, strawberry.argument(description="Hours for which the old one is still taken. · 宽限小时数")]

TOKEN: tuple[tuple[str, Any, str], ...] = (
    ("id", strawberry.ID, "Its id. · 标识"),
    ("prefix", str, "Its beginning, by which it is called; the secret is never shown again. · 前缀"),
    ("subject", str, "Whom it stands for. · 主体"),
    ("role", TokenRole, "The role it gives. · 角色"),
    ("division", "Division | None", "The division it is for. · 区划"),
    ("scopes", list[str], "What it allows. · 权限范围"),
    ("note", str | None, "What it is for. · 用途"),
    ("created_at", datetime, "When it was issued. · 签发时间"),
    ("created_by", str, "Who issued it. · 签发人"),
    ("ends_at", datetime, "From when on it is not taken. · 失效时间"),
    ("last_used_at", datetime | None, "When it was last used, to ten minutes. · 最近使用时间"),
)
VIEWER: tuple[tuple[str, Any, str], ...] = (
    ("id", str, "How logs and the audit trail call you. · 主体"),
    ("role", TokenRole, "The role your token gives. · 角色"),
    ("division", "Division | None", "The division you are here for. · 区划"),
    ("facilities", "list[Facility]", "The facilities you are here for. · 机构"),
    ("organisation", "Organisation | None", "The organisation you are here for. · 组织"),
    ("special_family", bool, "Whether special families are assigned to you. · 是否经办计生特殊家庭"),
    ("scopes", list[str], "What your token allows. · 权限范围"),
    ("tokens", "list[AccessToken]", "Your tokens that hold. · 我的令牌"),
)
PAYLOAD: tuple[tuple[str, Any, str], ...] = (
    ("access_token", "AccessToken | None", "The token after the change. · 令牌"),
    ("secret", str | None, "The whole token, shown this once; of a revocation nothing. · 令牌全文"),
    ("errors", list[Problem], "Why nothing was done; empty when it was. · 错误"),
)


class TokenShown:
    """A token as the fields of its type read it."""

    def __init__(self, found: AccessToken) -> None:
        self.id = ids.join("AccessToken", found.id)
        self.division = shown("Division", found.division_id)
        self.ends_at = found.ends_at()
        self._found = found

    def __getattr__(self, name: str) -> Any:
        """What the table says."""
        if name.startswith("__") or name == "digest":
            raise AttributeError(name)
        value = getattr(self._found, name)
        return TokenRole[value] if name == "role" else value


class Me:
    """Who asks, as the fields of the type Viewer read it."""

    def __init__(self, context: Context, viewer: Principal) -> None:
        self.id, self.role, self.special_family = viewer.id, TokenRole[viewer.role.value], viewer.special_family
        self.scopes = sorted(viewer.scopes)
        self.division = shown("Division", viewer.division_id)
        self.organisation = shown("Organisation", viewer.organisation_id)
        self.facilities = [Shown("Facility", key) for key in viewer.facility_ids]
        self.tokens = tokens_of(context, AccessToken.subject == viewer.id)


class Made:
    """What a mutation of tokens answers."""

    def __init__(self, token: TokenShown | None, secret: str | None, errors: list[Problem]) -> None:
        self.access_token, self.secret, self.errors = token, secret, errors


def make_query(types: Types) -> type:
    """The root fields that tell who asks."""
    space = types.space
    enumeration(TokenRole, space)
    _type("AccessToken", "A token by which somebody is known to the API. · 访问令牌", TOKEN, space)
    viewer = _type("Viewer", "Who asks. · 当前用户", VIEWER, space)
    token = space["AccessToken"]

    @strawberry.type(description="Who asks. · 身份")
    class IdentityQuery:
        """Who asks."""

        @strawberry.field(description="Who you are to the registry. · 当前用户")
        def me(self, info: strawberry.Info) -> viewer:  # type: ignore[valid-type]
            """Who asks."""
            return Me(info.context, viewer_of(info.context))

        @strawberry.field(description="The newest 200 tokens you issued, with those that have ended. · 签发的令牌")
        def issued_tokens(self, info: strawberry.Info) -> list[token]:  # type: ignore[valid-type]
            """The tokens that the viewer issued."""
            return tokens_of(info.context, AccessToken.created_by == viewer_of(info.context).id, ended=True)

    return IdentityQuery


def make_mutation(types: Types) -> type:
    """The mutations of tokens."""
    payload = _type("AccessTokenPayload", "What a change of tokens answers. · 令牌变更结果", PAYLOAD, types.space)

    @strawberry.type(description="Changes of tokens. · 令牌变更")
    class IdentityMutation:
        """Changes of tokens."""

        @strawberry.mutation(description="Issue a token; it is shown this once. · 签发令牌")
        def create_access_token(self, info: strawberry.Info, input: Input) -> payload:  # type: ignore[valid-type]
            """Issue a token."""
            return _carry_out(
                info.context, lambda office: office.issue(wanted(input), days=input.days, note=input.note)
            )

        @strawberry.mutation(
            description="Issue a token in the place of another, yours or one you could issue. · 轮换令牌"
        )
        def rotate_access_token(self, info: strawberry.Info, id: Id, grace_hours: Grace = 24) -> payload:  # type: ignore[valid-type]
            """Replace a token."""
            hours = timedelta(hours=max(-1, min(grace_hours, 10_000)))
            return _carry_out(info.context, lambda office: office.rotate(ids.key(id, "AccessToken"), grace=hours))

        @strawberry.mutation(description="Take a token back; servers refuse it within seconds. · 吊销令牌")
        def revoke_access_token(self, info: strawberry.Info, id: Id, reason: Reason = None) -> payload:  # type: ignore[valid-type]
            """Revoke a token."""
            return _carry_out(
                info.context, lambda office: (office.revoke(ids.key(id, "AccessToken"), reason=reason), None)
            )

    return IdentityMutation


def wanted(input: CreateAccessTokenInput) -> Principal:
    """The principal that an input describes."""
    if input.role is TokenRole.SYSTEM:
        raise InvalidInput(
            "TOKEN_ROLE", "No token carries the role SYSTEM.", remedy="Name the role of its holder.", path=("role",)
        )
    return Principal(
        input.subject,
        Role(input.role.value),
        None if input.division is None else ids.key(input.division, "Division"),
        tuple(ids.key(each, "Facility") for each in input.facilities),
        None if input.organisation is None else ids.key(input.organisation, "Organisation"),
        tuple(ids.key(each, "SubsidyScheme") for each in input.schemes),
        input.special_family,
        frozenset(input.fields),
        frozenset(input.scopes),
    )


def viewer_of(context: Context) -> Principal:
    """Who asks."""
    return context.viewer if isinstance(context.viewer, Principal) else ANYBODY


def tokens_of(context: Context, whose: Any, *, ended: bool = False) -> list[TokenShown]:
    """Tokens, the newest first."""
    found = context.session.scalars(select(AccessToken).where(whose).order_by(AccessToken.id.desc()).limit(MOST))
    at = datetime.now().astimezone()
    return [TokenShown(each) for each in found if ended or each.ends_at() > at]


def shown(noun: str, key: int | None) -> Shown | None:
    """A record to be shown, if there is one."""
    return None if key is None else Shown(noun, key)


def _carry_out(context: Context, act: Callable[[Office], tuple[AccessToken, Any]]) -> Made:
    """Do it in a savepoint; what is refused is answered."""
    viewer = viewer_of(context)
    try:
        if not viewer.scopes:
            raise Forbidden("FORBIDDEN", "You may not do this.", remedy="Ask with a token that allows it.")
        office = Office(context.session, context.services["keys"], viewer, context.through, context.request_id)
        with context.session.begin_nested():
            found, token = act(office)
            context.session.flush()
        return Made(TokenShown(found), token.text if token else None, [])
    except EldercareError as error:
        return Made(None, None, [Problem.of(error)])


def _type(name: str, description: str, fields: tuple[tuple[str, Any, str], ...], space: dict[str, Any]) -> Any:
    members = [member(each, of, text, space) for each, of, text in fields]
    return make(name, description, members, space)
