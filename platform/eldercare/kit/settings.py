"""Every setting of the platform, with where its value came from."""

import os
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from eldercare.kit.errors import InvalidInput

PREFIX = "ELDERCARE_"
FILE = "eldercare.toml"


class Settings(BaseSettings):
    """What an operator may set: the environment wins over the file, the file over the default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    database_url: str = Field(
        "sqlite:///var/eldercare.sqlite",
        description="Address of the registry: sqlite:///path or postgresql+psycopg://user:password@host/database.",
    )
    pool_size: int = Field(
        10, ge=1, le=500, description="Connections kept open to PostgreSQL by each process; others wait for one."
    )
    key_file: Path = Field(
        Path("var/keys.json"),
        description="File with the keys that encrypt ID numbers, phones and addresses; keep it outside the database and its backups.",
    )
    host: str = Field("127.0.0.1", description="Network address the server listens on; 0.0.0.0 listens on all.")
    port: int = Field(8000, ge=0, le=65535, description="Port the server listens on; 0 takes any free one.")
    body_limit: int = Field(
        1_000_000, ge=1_000, description="Largest request in bytes; a longer one is refused before it is read."
    )
    import_rows: int = Field(500, ge=1, le=500, description="Most rows of one importPeople; files have no such limit.")
    query_tokens: int = Field(4000, ge=100, le=100_000, description="Most lexical tokens of a GraphQL document.")
    query_depth: int = Field(16, ge=3, le=100, description="Most levels of fields of a GraphQL document.")
    query_aliases: int = Field(200, ge=0, le=10_000, description="Most aliases of a GraphQL document.")
    query_directives: int = Field(50, ge=0, le=1_000, description="Most directives of a GraphQL document.")
    query_cost: int = Field(
        60_000,
        ge=1_000,
        description="Most objects a request may ask for, counted before it is executed (docs/http.md says how).",
    )
    statement_seconds: float = Field(
        30.0, gt=0, le=3600, description="Seconds after which a statement of a read is stopped."
    )
    concurrent_requests: int = Field(
        64, ge=1, le=10_000, description="Requests that each process answers at the same time; others wait."
    )
    waiting_requests: int = Field(
        256, ge=0, le=100_000, description="Requests that may wait; one more is told at once to come back (503)."
    )
    waiting_seconds: float = Field(10.0, gt=0, le=300, description="Seconds a request waits before it is told so.")
    feed_interval: float = Field(
        1.0, ge=0.05, le=60, description="Seconds between two looks for changes, while anybody follows them."
    )
    stream_connections: int = Field(
        1_000, ge=0, le=100_000, description="Connections that may follow at the same time, over WebSocket or SSE."
    )
    stream_operations: int = Field(20, ge=1, le=1_000, description="Operations that one WebSocket may follow.")
    stream_keep_alive: float = Field(
        20.0,
        gt=0,
        le=300,
        description="Seconds after which a quiet connection is sent a sign of life, and its token is looked at again.",
    )
    trusted_documents: Path | None = Field(
        None, description="Folder with manifests of trusted documents, which are asked for by their id."
    )
    trusted_only: bool = Field(False, description="Whether documents that are not trusted are refused.")
    allowed_origins: tuple[str, ...] = Field(
        (), description="Origins of web pages that may call the API, such as https://desk.example; none by default."
    )
    usage_interval: float = Field(
        60.0, ge=1, le=86_400, description="Seconds between two notes of which clients used which fields."
    )
    traces: Literal["off", "console", "otlp"] = Field(
        "off", description="Where OpenTelemetry's spans go; they need the extra otel, and hold no values."
    )
    metrics_key: SecretStr = Field(
        SecretStr(""),
        description="Key that Prometheus sends to /metrics as bearer token; without one there are no metrics.",
    )
    anonymous: Literal["refused", "public"] = Field(
        "refused",
        description="Who asks without a token: refused with 401, or public with what everybody may know, for open data.",
    )
    token_refresh: float = Field(
        5.0,
        ge=1.0,
        le=60.0,
        description="Seconds for which a token is believed before it is looked up again: a revocation takes effect within them.",
    )
    rate_limit: int = Field(
        6000,
        ge=0,
        description="Requests of one principal in a minute, in each process: several processes allow as many times more; 0 is without limit.",
    )
    rate_burst: int = Field(1000, ge=1, description="Requests of one principal at once.")
    anonymous_rate: int = Field(
        600, ge=1, description="Requests in a minute from one address without a token, where those are answered."
    )
    failure_rate: int = Field(
        10,
        ge=1,
        description="Refused tokens in a minute from one address; more wait, tokens that were accepted before go on.",
    )
    oidc_issuer: str = Field(
        "", description="Address of an OpenID Connect issuer whose tokens are accepted besides our own; empty is none."
    )
    oidc_audience: str = Field("", description="The audience that its tokens must name.")
    oidc_algorithms: list[str] = Field(
        ["RS256", "ES256"], description="The signatures it may use; only those with a private key of its own."
    )
    oidc_keys_url: str = Field("", description="Where its keys are; found by discovery unless said.")
    oidc_leeway: float = Field(30.0, ge=0.0, le=300.0, description="Seconds by which its clock may differ.")
    oidc_floor: float = Field(
        30.0, ge=0.0, le=3600.0, description="Least seconds between two fetches of its keys for a key nobody knows."
    )
    oidc_claims: dict[str, str] = Field(
        {},
        description="Which claim says what, as JSON, where it is not the usual one: id, role, division, facilities, "
        "organisation, schemes, special_family, fields, scopes.",
    )
    oidc_roles: dict[str, str] = Field(
        {}, description="Its names of roles, as JSON, with ours: one that is ours already need not be named."
    )
    job_workers: int = Field(
        1,
        ge=0,
        le=64,
        description="Jobs worked off at the same time inside the server; 0 leaves them to `eldercare work`.",
    )
    job_processes: int = Field(
        0,
        ge=0,
        le=256,
        description="Processes that one job may use for its batches; 0 means one less than the processors.",
    )
    job_lease: float = Field(
        30.0,
        ge=1.0,
        le=3600.0,
        description="Seconds without a sign of life after which another worker takes a job over.",
    )
    idempotency_days: int = Field(
        30,
        ge=1,
        le=3660,
        description="Days for which a mutation sent again under its idempotencyKey is known; workers forget older ones.",
    )
    job_queue: int = Field(200, ge=1, description="Jobs that may wait; one more is refused with a remedy.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severity that is logged."
    )
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="How a log line looks; auto means console on a terminal and JSON otherwise."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then what `load` read from the file."""
        return env_settings, init_settings


@dataclass(frozen=True, slots=True)
class Line:
    """One setting as it is shown: its value with passwords left out, and where the value came from."""

    name: str
    variable: str
    value: str
    origin: str
    default: str
    meaning: str


def load(file: Path | None = None, *, database: str | None = None) -> Settings:
    """The settings from the environment and the file (`ELDERCARE_FILE` or eldercare.toml, which need not exist).

    `database` is the address of another registry than the settings name.
    """
    try:
        found = Settings(**_read(file or settings_file()))
    except ValidationError as error:
        raise _explained(error) from None
    return found.model_copy(update={"database_url": database}) if database else found


def settings_file() -> Path:
    """The file settings are read from."""
    return Path(os.environ.get(f"{PREFIX}FILE", FILE))


def describe(settings: Settings, file: Path | None = None) -> list[Line]:
    """Every setting with its present value and origin; no password is ever shown."""
    path = file or settings_file()
    written = _read(path)
    return [_line(settings, name, field, written, path) for name, field in Settings.model_fields.items()]


def public(value: Any) -> str:
    """A value as text, with the password of a database address replaced by stars."""
    text = str(value)
    if "://" not in text:
        return text
    try:
        return make_url(text).render_as_string(hide_password=True)
    except ArgumentError:
        return "(unreadable address)"


def _line(settings: Settings, name: str, field: FieldInfo, written: dict[str, Any], path: Path) -> Line:
    variable = PREFIX + name.upper()
    value, default = getattr(settings, name), field.default
    if variable in {key.upper() for key in os.environ}:
        origin = "environment"
    elif name in written:
        origin = str(path)
    else:
        origin = "default" if value == default else "command line"
    return Line(name, variable, public(value), origin, public(default), field.description or "")


def _read(path: Path) -> dict[str, Any]:
    """What the file says; names it does not know are refused, because a misspelt setting silently does nothing."""
    if not path.exists():
        return {}
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InvalidInput(
            "SETTINGS_FILE", f"The settings file {path} cannot be read: {error}.", remedy="Correct it, or remove it."
        ) from None
    for name in values:
        if name not in Settings.model_fields:
            near = get_close_matches(name, Settings.model_fields, n=1)
            raise InvalidInput(
                "SETTING_UNKNOWN",
                f"The settings file {path} sets {name!r}, which does not exist.",
                remedy=(f"Did you mean {near[0]!r}? " if near else "") + "`eldercare settings` lists all.",
                path=(name,),
            )
    return values


def _explained(error: ValidationError) -> InvalidInput:
    """The first thing wrong, in our words; the value itself is left out, it may be a secret."""
    first = error.errors(include_input=False, include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else "?"
    field = Settings.model_fields.get(name)
    return InvalidInput(
        "SETTING_INVALID",
        f"The setting {name!r} cannot be used: {first['msg']}.",
        remedy=f"Set {PREFIX}{name.upper()} or {name} in {settings_file()}. {field.description if field else ''}".strip(),
        path=(name,),
    )
