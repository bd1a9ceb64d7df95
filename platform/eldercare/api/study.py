"""Studies through the API: ask for one, see how far it is, read its outcome, cancel it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import strawberry

from eldercare.api import ids
from eldercare.api.inputs import enumeration, make, member
from eldercare.api.objects import Types
from eldercare.api.problem import Problem
from eldercare.api.scalars import Document
from eldercare.api.study_outcome import BilingualText, StudyOutcome, text_of
from eldercare.api.wiring import Shown
from eldercare.jobs import JobState
from eldercare.planning.submission import Progressed

PAGE, LARGEST_PAGE = 20, 100


@strawberry.type(description="A scenario as it was asked for. · 情景")
class StudyScenario:
    """A scenario as it was asked for."""

    name: str = strawberry.field(description="Its name. · 情景代码")
    title: BilingualText = strawberry.field(description="Its title. · 情景名称")
    measures: list[Document] = strawberry.field(description="Its measures, as they were sent. · 措施")


@strawberry.type(description="One line of what a study starts from. · 数据来源")
class StudyTaken:
    """One line of what a study starts from."""

    what: BilingualText = strawberry.field(description="What it is. · 项目")
    value: str = strawberry.field(description="Its value. · 数值")
    source: BilingualText = strawberry.field(description="Where it was taken from. · 来源")
    assumed: bool = strawberry.field(
        description="Whether it is an assumption that a planner should confirm. · 是否假设"
    )


FIELDS: tuple[tuple[str, Any, str], ...] = (
    ("id", strawberry.ID, "Its opaque global id. · 标识"),
    ("territory", "Division | None", "The territory it is about. · 测算地区"),
    ("as_of", date, "The day at which the registry was frozen. · 基准日期"),
    ("years", int, "Years simulated. · 测算年数"),
    ("replications", int, "Paired replications of every scenario. · 重复次数"),
    ("seed", int, "Seed of the random numbers. · 随机种子"),
    ("uncertain", bool, "Whether every replication draws its own value of uncertain parameters. · 是否抽取不确定参数"),
    ("scenarios", list[StudyScenario], "The scenarios, the base first. · 各情景"),
    ("taken", list[StudyTaken], "What it starts from, and where that was taken. · 数据来源"),
    ("baseline_hash", str, "Digest of the frozen start. · 基线摘要"),
    ("code_version", str, "Version of the simulation. · 程序版本"),
    ("state", "JobState", "Where it stands. · 状态"),
    ("progress", float, "Share of the work that is finished, 0 to 1. · 进度"),
    ("seconds_left", float | None, "Estimate of the seconds left, while it runs. · 预计剩余秒数"),
    ("created_at", datetime, "When it was asked for. · 提交时间"),
    ("started_at", datetime | None, "When work on it began. · 开始时间"),
    ("ended_at", datetime | None, "When it ended. · 结束时间"),
    ("failure", Problem | None, "Why it failed, if it did. · 失败原因"),
    ("outcome", StudyOutcome | None, "What came out, once it is there. · 测算结果"),
)


class StudyShown:
    """A study as the fields of the type Study read it."""

    def __init__(self, found: Progressed) -> None:
        study, job = found.study, found.job
        self._found = found
        self.id = ids.join("Study", study.id)
        self.territory = Shown("Division", study.territory_id)
        self.as_of, self.years = study.as_of, study.years
        self.replications, self.seed = study.replications, study.seed
        self.uncertain = bool(study.request.get("uncertain"))
        self.scenarios = [_scenario(each) for each in study.request["scenarios"]]
        self.taken = [_taken(each) for each in study.taken]
        self.baseline_hash, self.code_version = study.baseline, study.code_version
        self.state = job.state
        self.progress, self.seconds_left = job.progress, job.seconds_left
        self.created_at, self.started_at, self.ended_at = job.created, job.started, job.ended
        self.failure = _failure(found)

    @property
    def outcome(self) -> StudyOutcome | None:
        """What came out, read only when it is asked for."""
        found = self._found.outcome
        return None if found is None else StudyOutcome(found=found)


def _scenario(asked: Mapping[str, Any]) -> StudyScenario:
    measures = [Document(each) for each in asked["measures"]]
    return StudyScenario(name=asked["name"], title=text_of(asked["title"]), measures=measures)


def _taken(stored: Mapping[str, Any]) -> StudyTaken:
    what, source = text_of(stored["what"]), text_of(stored["source"])
    return StudyTaken(what=what, value=stored["value"], source=source, assumed=stored["assumed"])


def _failure(found: Progressed) -> Problem | None:
    """The job's sentence holds the remedy already."""
    job = found.job
    return None if job.error_code is None else Problem(code=job.error_code, message=job.error or "", remedy="", path=[])


@strawberry.input(description="A text in two languages. · 双语文本")
class BilingualInput:
    """A text in two languages."""

    en: str = strawberry.field(description="In English. · 英文")
    zh: str = strawberry.field(description="In Chinese. · 中文")


@strawberry.input(description="A scenario: a name, a title, and dated measures. · 情景")
class StudyScenarioInput:
    """A scenario."""

    name: str = strawberry.field(description="Its name: small letters, digits and hyphens. · 情景代码")
    title: BilingualInput = strawberry.field(description="Its title. · 情景名称")
    measures: list[Document] = strawberry.field(
        description="Its measures as `measureSchema` describes them; none for the base. · 措施", default_factory=list
    )


@strawberry.input(description="What a study is to compare: a preset, or scenarios of one's own. · 测算要求")
class CreateStudyInput:
    """What a study is to compare."""

    preset: str | None = strawberry.field(default=None, description="A preset to start from, such as xiaoshan. · 预设")
    territory: str | None = strawberry.field(default=None, description="Statistical code of the territory. · 区划代码")
    as_of: date | None = strawberry.field(default=None, description="The day to freeze the registry at. · 基准日期")
    years: int | None = strawberry.field(
        default=None, description="Years to simulate, 1 to 30; 10 by default. · 测算年数"
    )
    replications: int | None = strawberry.field(
        default=None, description="Paired replications, 2 to 2000; 100 by default. · 重复次数"
    )
    seed: int | None = strawberry.field(default=None, description="Seed of the random numbers. · 随机种子")
    uncertain: bool | None = strawberry.field(
        default=None,
        description="Whether every replication draws its own value of uncertain parameters. · 是否抽取不确定参数",
    )
    scenarios: list[StudyScenarioInput] | None = strawberry.field(
        default=None, description="The scenarios, the base first; instead of a preset's. · 各情景"
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description="A repeated request under the same key gives the same study. · 幂等键"
    )


def study_space(types: Types) -> Any:
    """The names that annotations of this module may use, with the type Study among them."""
    if "Study" not in types.space:
        enumeration(JobState, types.space, "测算状态")
        fields = [member(name, of, text, types.space) for name, of, text in FIELDS]
        make(
            "Study", "A comparison of scenarios over years, computed from the registry. · 情景测算", fields, types.space
        )
        payload = [
            member("study", "Study | None", "The study; empty when there are errors. · 情景测算", types.space),
            member("errors", list[Problem], "Why nothing was done; empty when it was. · 错误", types.space),
        ]
        make("StudyPayload", "What became of a study. · 测算变更结果", payload, types.space)
    return types.space
