"""What every record of the registry has: a key, a version, its provenance and, where it applies, a validity."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar, NamedTuple, cast

from sqlalchemy import CheckConstraint, Date, DateTime, Enum, ForeignKey, Integer, String, Table, text
from sqlalchemy.orm import Mapped, MappedColumn, declared_attr, mapped_column

from eldercare.kit.db import Base, Key
from eldercare.kit.term import Term
from eldercare.security.privacy import Privacy, Reach


class Quality(Term):
    """How far a record can be trusted."""

    VERIFIED = "已核实", "verified"
    REPORTED = "上报", "reported"
    ESTIMATED = "估计", "estimated"
    AMBIGUOUS = "有歧义", "ambiguous"
    INCOMPLETE = "不完整", "incomplete"
    IMPLAUSIBLE = "不可信", "implausible"


class Validity(NamedTuple):
    """The columns that say when a row holds: [start, end), both calendar dates in Asia/Shanghai; an empty end is open.

    Without an end column the row tells of something that happened: it holds from its day on.
    """

    start: str
    end: str = ""


class Alone(NamedTuple):
    """That rows with the same values in some columns never hold at the same time.

    `only` limits it to rows whose column has one of the values; `gapless` rows follow each other without a day between.
    """

    by: tuple[str, ...]
    only: tuple[str, tuple[str, ...]] | None = None
    gapless: bool = False


def column(
    *args: Any,
    en: str,
    zh: str,
    secret: bool = False,
    planned: bool = False,
    derived: bool = False,
    completed: bool = False,
    commanded: bool = False,
    privacy: Privacy | None = None,
    **options: Any,
) -> MappedColumn[Any]:
    """A column that says what it means, once, for the API, the data dictionary and file headers.

    `en` and `zh` are its meaning and its Chinese term; `secret` columns hold ciphertext or keyed digests and are never shown;
    `planned` dates may lie in the future; `derived` columns are computed by the registry and cannot be sent in; `completed`
    ones may be left out where the registry can tell them from the rest; `commanded` ones are set by named commands alone, whose
    rules would otherwise be walked around; `privacy` says what it tells about a person.
    """
    info = {"zh": zh, "secret": secret, "planned": planned, "derived": derived, "completed": completed}
    info |= {"commanded": commanded, "privacy": privacy}
    return mapped_column(*args, doc=en, info=info, **options)


def term(kind: type[Term]) -> Enum:
    """The column type of an enumeration: stored as text with no database-side list, so that a new value is no migration."""
    return Enum(
        kind, native_enum=False, create_constraint=False, length=40, values_callable=lambda k: [m.value for m in k]
    )


def now() -> datetime:
    """This instant, with its offset."""
    return datetime.now(UTC)


class Record(Base):
    """Anything the registry keeps under a key, with a version that counts its changes."""

    __abstract__ = True
    __zh__: ClassVar[str] = ""
    __validity__: ClassVar[Validity | None] = None
    __alone__: ClassVar[Alone | None] = None
    __reach__: ClassVar[Reach | None] = None
    __final__: ClassVar[str] = ""
    """The remedy when a record of this noun should be changed; such records never are."""
    __commanded__: ClassVar[bool] = False
    """Whether it is written by named commands alone, and not by create, correct, end and annul of the API."""

    id: Mapped[int] = mapped_column(Key, primary_key=True, sort_order=-10)
    version: Mapped[int] = column(
        Integer,
        en="Counts the changes of this record; send it back to refuse a lost update.",
        zh="版本",
        default=1,
        derived=True,
        privacy=Privacy.OPEN,
    )
    recorded_at: Mapped[datetime] = column(
        DateTime(timezone=True),
        en="When this version was recorded.",
        zh="记录时间",
        default=now,
        derived=True,
        privacy=Privacy.OPEN,
    )


class Entity(Record):
    """A record with its provenance: which source said so and how far it can be trusted."""

    __abstract__ = True

    source_record: Mapped[str | None] = column(
        String(120), en="The record's key in the system it came from.", zh="来源记录号", privacy=Privacy.NOTE
    )
    quality: Mapped[Quality] = column(
        term(Quality),
        en="How far the record can be trusted.",
        zh="数据质量",
        default=Quality.REPORTED,
        privacy=Privacy.OPEN,
    )
    verified_on: Mapped[date | None] = column(
        Date, en="When somebody last confirmed it.", zh="最近核实日期", privacy=Privacy.OPEN
    )

    @declared_attr
    def source_id(cls) -> Mapped[int]:
        """Where the record came from; every record has a source."""
        return column(ForeignKey("source.id"), en="Where the record came from.", zh="来源")


def ordered(start: str, end: str) -> CheckConstraint:
    """A validity must end after it starts; the database holds it."""
    return CheckConstraint(f"{end} IS NULL OR {start} < {end}", name=f"{start}_before_{end}")


def not_negative(*names: str) -> list[CheckConstraint]:
    """Counts and amounts are never below zero; the database holds it."""
    return [CheckConstraint(f"{name} IS NULL OR {name} >= 0", name=f"{name}_not_negative") for name in names]


def reference(target: str, *, en: str, zh: str, index: bool = True, **options: Any) -> MappedColumn[Any]:
    """A column that names another record by its key, indexed unless told otherwise."""
    return column(ForeignKey(f"{target}.id"), en=en, zh=zh, index=index, **options)


def sorted_text(length: int) -> String:
    """Text that both databases compare byte by byte, so that a range of an index means the same on both."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def only_where(condition: str) -> dict[str, Any]:
    """The condition of a partial index, for both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def table_of(noun: type[Record]) -> Table:
    """The table of a noun."""
    return cast(Table, noun.__table__)


def names_of(noun: type[Record]) -> tuple[str, ...]:
    """The names of a noun's columns, the key first."""
    return tuple(table_of(noun).c.keys())
