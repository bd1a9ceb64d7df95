"""Imports: each file or message that was brought in, what came of each row, and which record of which system a person is."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Entity, Record, Validity, column, not_negative, reference, term
from eldercare.security.privacy import Privacy, Reach


class ImportStatus(Term):
    """How far an import is."""

    RUNNING = "导入中", "under way, or broken off and to be gone on with"
    DONE = "已完成", "every row has its outcome"


class RowOutcome(Term):
    """What came of one row of an import."""

    CREATED = "新增", "somebody new was recorded"
    LINKED = "关联", "the person was known from another source and is linked to this one"
    UPDATED = "补充", "the person was known from this source, and what was empty is filled"
    UNCHANGED = "无变化", "the person was known from this source, and nothing is new"
    CONFLICT = "冲突", "what the row says contradicts what is recorded; nothing was overwritten"
    REFUSED = "拒收", "the row cannot be used as it is"


class ImportBatch(Entity):
    """A file or message of people brought in from another system: who did it, when, by which feed, and what came of it."""

    __tablename__ = "import_batch"
    __zh__ = "导入批次"
    __validity__ = Validity("imported_on", "")
    __reach__ = Reach(division="division_id")
    __commanded__ = True

    system: Mapped[str] = column(String(80), en="The system it came from.", zh="来源系统")
    document: Mapped[str] = column(String(300), en="Name of the file or message.", zh="文件名")
    sha256: Mapped[str] = column(
        String(64),
        en="SHA-256 of the file in hexadecimal; of a message, a digest that nobody else can compute.",
        zh="内容摘要",
        index=True,
    )
    fingerprint: Mapped[str] = column(
        String(64),
        en="SHA-256 of all that decides what the import does: system, content, feed, decisions, and for whom it is done.",
        zh="导入指纹",
        unique=True,
    )
    feed: Mapped[str] = column(String(80), en="The feed that read it.", zh="数据接入模板")
    division_id: Mapped[int | None] = reference(
        "division", en="The territory for which it was brought in; empty when the operator did it.", zh="导入区划"
    )
    imported_by: Mapped[str] = column(String(120), en="Who brought it in.", zh="导入人")
    imported_on: Mapped[date] = column(Date, en="The day it began.", zh="导入日期")
    ended_on: Mapped[date | None] = column(Date, en="The day its last row was done.", zh="完成日期")
    status: Mapped[ImportStatus] = column(
        term(ImportStatus), en="How far it is.", zh="状态", default=ImportStatus.RUNNING
    )
    row_count: Mapped[int] = column(Integer, en="Rows of the content.", zh="总行数")
    done: Mapped[int] = column(Integer, en="Rows that have their outcome.", zh="已处理行数", default=0)
    created: Mapped[int] = column(Integer, en="Rows that recorded somebody new.", zh="新增数", default=0)
    linked: Mapped[int] = column(Integer, en="Rows about people known from another source.", zh="关联数", default=0)
    updated: Mapped[int] = column(Integer, en="Rows that filled what was empty.", zh="补充数", default=0)
    unchanged: Mapped[int] = column(Integer, en="Rows that said nothing new.", zh="无变化数", default=0)
    conflicts: Mapped[int] = column(Integer, en="Rows that contradict what is recorded.", zh="冲突数", default=0)
    refused: Mapped[int] = column(Integer, en="Rows that could not be used.", zh="拒收数", default=0)
    reports: Mapped[int] = column(
        Integer, en="Reports of changes that were raised, to be verified.", zh="提请核实数", default=0
    )

    __table_args__ = (
        *not_negative(
            "row_count", "done", "created", "linked", "updated", "unchanged", "conflicts", "refused", "reports"
        ),
        CheckConstraint("done <= row_count", name="done_of_all"),
    )


class ImportRow(Record):
    """What came of one row of an import, and why, if it was not taken as it was; it never repeats what the row says."""

    __tablename__ = "import_row"
    __zh__ = "导入明细"
    __reach__ = Reach(person="person_id", via="batch")
    __commanded__ = True

    batch_id: Mapped[int] = reference("import_batch", en="The import.", zh="导入批次", index=False)
    number: Mapped[int] = column(
        Integer,
        en="Number of the row: in a file the header is 1, as a spreadsheet counts; in a message the first row is 1.",
        zh="行号",
        privacy=Privacy.OPEN,
    )
    source_record: Mapped[str | None] = column(
        String(120), en="The record's key in the system it came from.", zh="来源记录号", privacy=Privacy.NOTE
    )
    outcome: Mapped[RowOutcome] = column(
        term(RowOutcome), en="What came of it.", zh="处理结果", privacy=Privacy.PERSONAL
    )
    fields: Mapped[str | None] = column(
        String(200),
        en="The fields it is about: those that were filled, contradict, or cannot be used.",
        zh="涉及字段",
        privacy=Privacy.PERSONAL,
    )
    code: Mapped[str | None] = column(
        String(60), en="Stable code of why it was not taken as it was.", zh="原因代码", privacy=Privacy.PERSONAL
    )
    message: Mapped[str | None] = column(
        String(1000), en="The reason in a sentence.", zh="原因说明", privacy=Privacy.PERSONAL
    )
    remedy: Mapped[str | None] = column(
        String(1000), en="What to do about it.", zh="处理办法", privacy=Privacy.PERSONAL
    )
    person_id: Mapped[int | None] = reference("person", en="The person it turned out to be about.", zh="老年人")

    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("outcome IN ('CONFLICT', 'REFUSED') OR person_id IS NOT NULL", name="about_somebody"),
        CheckConstraint("outcome NOT IN ('CONFLICT', 'REFUSED') OR code IS NOT NULL", name="says_why"),
    )


class SourceLink(Entity):
    """That a person is a record of another system; without a number of that record, that the system knows the person."""

    __tablename__ = "source_link"
    __zh__ = "来源关联"
    __validity__ = Validity("first_seen_on", "")
    __reach__ = Reach(person="person_id")
    __commanded__ = True

    person_id: Mapped[int] = reference("person", en="The person.", zh="老年人", index=False)
    system: Mapped[str] = column(String(80), en="The system.", zh="来源系统", privacy=Privacy.PERSONAL)
    first_seen_on: Mapped[date] = column(
        Date, en="The day it was first brought in.", zh="首次导入日期", privacy=Privacy.PERSONAL
    )
    last_seen_on: Mapped[date] = column(
        Date, en="The day it was last brought in.", zh="最近导入日期", privacy=Privacy.PERSONAL
    )
    first_batch_id: Mapped[int] = reference(
        "import_batch", en="The import it was first seen in.", zh="首次导入批次", privacy=Privacy.PERSONAL
    )
    last_batch_id: Mapped[int] = reference(
        "import_batch", en="The import it was last seen in.", zh="最近导入批次", privacy=Privacy.PERSONAL
    )

    __table_args__ = (
        UniqueConstraint("system", "source_record"),
        CheckConstraint("first_seen_on <= last_seen_on", name="first_before_last"),
        Index("ix_source_link_person", "person_id", "system"),
    )
