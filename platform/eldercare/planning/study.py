"""Studies as the database holds them: what was asked, the frozen baseline, and the outcome once it is there."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eldercare.kit.db import Base, Key
from eldercare.registry.entity import column


class StudyBaseline(Base):
    """A frozen start of studies, kept once however many studies start from it; it holds no name and no registry key of a person."""

    __tablename__ = "study_baseline"
    __zh__ = "测算基线"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = column(LargeBinary, en="The baseline, compressed.", zh="基线内容")


class Study(Base):
    """A comparison of scenarios: immutable once asked for; its job says how far it is."""

    __tablename__ = "study"
    __zh__ = "情景测算"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    territory_id: Mapped[int] = column(
        ForeignKey("division.id"), index=True, en="The territory it is about.", zh="测算地区"
    )
    as_of: Mapped[date] = column(Date, en="The day the registry was frozen at.", zh="基准日期")
    years: Mapped[int] = column(Integer, en="Years simulated.", zh="测算年数")
    replications: Mapped[int] = column(Integer, en="Paired replications of every scenario.", zh="重复次数")
    seed: Mapped[int] = column(Integer, en="Seed of the random numbers.", zh="随机种子")
    request: Mapped[Any] = column(JSON, en="All that was asked for, scenarios included.", zh="测算要求")
    taken: Mapped[Any] = column(JSON, en="Where the starting figures were taken from.", zh="数据来源说明")
    baseline: Mapped[str] = column(
        ForeignKey("study_baseline.digest"), index=True, en="Digest of the frozen start.", zh="基线摘要"
    )
    code_version: Mapped[str] = column(String(40), en="Version of the simulation.", zh="程序版本")
    job_id: Mapped[int | None] = column(
        ForeignKey("job.id"), unique=True, en="The job that computes it.", zh="后台任务"
    )
    author: Mapped[str] = column(String(120), en="Who asked for it.", zh="提交人", default="")
    fingerprint: Mapped[str] = column(String(64), index=True, en="Digest of what was asked for.", zh="要求摘要")
    outcome: Mapped[str | None] = column(Text, en="The outcome as JSON text; empty until it is there.", zh="测算结果")

    __table_args__ = (
        CheckConstraint("years > 0", name="years"),
        CheckConstraint("replications > 1", name="replications"),
    )
