"""Jobs and their finished batches, as the database holds them."""

from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.functions import FunctionElement

from eldercare.kit.db import Base, Key
from eldercare.kit.term import Term
from eldercare.registry.entity import column, term


class JobState(Term):
    """Where a job stands."""

    QUEUED = "排队中", "waiting for a worker"
    RUNNING = "运行中", "being worked off"
    DONE = "已完成", "finished"
    FAILED = "失败", "given up; the error says why"
    CANCELLED = "已取消", "cancelled by a person"


class Job(Base):
    """Work that outlives a request, cut into batches; whoever holds the lease works it off."""

    __tablename__ = "job"
    __zh__ = "后台任务"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = column(String(40), en="What kind of work it is.", zh="任务类型")
    specification: Mapped[Any] = column(JSON, en="What is to be done, as its kind understands it.", zh="任务说明")
    batches: Mapped[int] = column(Integer, en="Number of batches it is cut into.", zh="批次总数")
    author: Mapped[str | None] = column(String(120), en="Who asked for it.", zh="提交人")
    state: Mapped[JobState] = column(term(JobState), en="Where it stands.", zh="状态", default=JobState.QUEUED)
    cancelled: Mapped[bool] = column(Boolean, en="Whether somebody asked to cancel it.", zh="已请求取消", default=False)
    owner: Mapped[str | None] = column(String(120), en="The worker that holds it.", zh="执行者")
    lease_until: Mapped[float | None] = column(
        Float, en="When its worker counts as dead, in seconds since 1970 by the database's clock.", zh="租约到期"
    )
    attempt: Mapped[int] = column(
        Integer, en="Counts the take-overs; only the writer with the latest number is heard.", zh="执行次数", default=0
    )
    strikes: Mapped[int] = column(
        Integer,
        en="Take-overs since the last finished batch; too many and the job is given up.",
        zh="连续失败",
        default=0,
    )
    not_before: Mapped[float] = column(
        Float, en="Earliest time of the next take-over, in seconds since 1970.", zh="最早执行时间", default=0.0
    )
    created: Mapped[float] = column(Float, en="When it was asked for, in seconds since 1970.", zh="提交时间")
    started: Mapped[float | None] = column(Float, en="When it was first taken up.", zh="开始时间")
    ended: Mapped[float | None] = column(Float, en="When it was finished, given up or cancelled.", zh="结束时间")
    error_code: Mapped[str | None] = column(
        String(60), en="Stable code of the error it was given up for.", zh="错误代码"
    )
    error: Mapped[str | None] = column(Text, en="The error and its remedy in a sentence.", zh="错误说明")

    __table_args__ = (
        Index("ix_job_state", "state", "not_before"),
        CheckConstraint("batches > 0", name="batches"),
    )


class JobBatch(Base):
    """The result of one finished batch; it is never computed again."""

    __tablename__ = "job_batch"
    __zh__ = "任务批次结果"

    job_id: Mapped[int] = column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True, en="The job.", zh="任务")
    number: Mapped[int] = column(Integer, primary_key=True, en="Its number, from 0.", zh="批次号")
    result: Mapped[Any] = column(JSON, en="What came out.", zh="结果")
    ended: Mapped[float] = column(Float, en="When it was finished, in seconds since 1970.", zh="完成时间")


class Clock(FunctionElement[float]):
    """The database's clock in seconds since 1970: workers on several machines agree on it whatever theirs say."""

    inherit_cache = True
    type = Float()


@compiles(Clock, "sqlite")
def _sqlite_clock(_element: Clock, _compiler: Any, **_options: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(Clock, "postgresql")
def _postgres_clock(_element: Clock, _compiler: Any, **_options: Any) -> str:
    return "extract(epoch FROM clock_timestamp())::float8"
