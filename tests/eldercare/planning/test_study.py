"""A study from the registry to its outcome, by the job table and in the foreground, on both databases."""

import contextlib
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from eldercare.jobs import Job, JobBatch, JobState, Worker
from eldercare.kit.errors import Conflict, InvalidInput, NotFound
from eldercare.planning.request import Request, asked
from eldercare.planning.run import run_study, tasks
from eldercare.planning.study import Study, StudyBaseline
from eldercare.planning.submission import cancel_study, create, ensure, find, found
from eldercare.registry import Stay, idempotency

SCENARIOS = [
    {"name": "as-it-is", "title": {"en": "As it is", "zh": "维持现状"}},
    {
        "name": "more",
        "title": {"en": "+10 nursing beds", "zh": "新增10张护理型床位"},
        "measures": [{"kind": "add_beds", "from": 0, "bed_type": "NURSING", "beds": 10}],
    },
    {
        "name": "converted",
        "title": {"en": "10 converted", "zh": "改造10张"},
        "measures": [{"kind": "convert_beds", "from": 0, "from_type": "ORDINARY", "to_type": "NURSING", "beds": 10}],
    },
]


def request(**more: Any) -> Request:
    """Three scenarios for the small county over two years, in two batches."""
    values = {"territory": "990101", "as_of": "2020-05-19", "years": 2, "replications": 12, "seed": 7}
    return asked({**values, "scenarios": SCENARIOS, **more})


def queued(engine: Engine, wanted: Request) -> int:
    """A study that waits for a worker."""
    with Session(engine) as session, session.begin():
        return create(session, wanted).study.id


def outcome_of(engine: Engine, study: int) -> str | None:
    """The stored text of an outcome."""
    with Session(engine) as session:
        return find(session, study).study.outcome


def test_the_registry_becomes_a_study_whose_bytes_do_not_depend_on_the_workers(county_engine: Engine) -> None:
    """The workers are processes on SQLite and threads on PostgreSQL: starting processes is most of the time."""
    executor = ThreadPoolExecutor if county_engine.dialect.name == "postgresql" else None
    study = queued(county_engine, request())
    Worker(county_engine, tasks(), processes=2, executor=executor).run(once=True)
    with Session(county_engine) as session:
        done = find(session, study)
    assert done.job.state is JobState.DONE, done.job.error
    assert done.outcome is not None
    base, more, converted = done.outcome.compared
    assert base.curve("occupancy").years[0].mean == round(34 / 80, 6)
    assert more.curve("occupancy").years[0].mean == round(34 / 90, 6)
    assert converted.curve("occupancy").years[0].mean == round(34 / 80, 6)
    assert [each.curve("nursing_beds").years[0].mean for each in done.outcome.compared] == [20, 30, 30]
    assert done.outcome.scenarios[1].changes[0].zh == "新增措施：期初在全区域新增10张护理型床位。"
    assert done.study.outcome == run_study(county_engine, request(), processes=1).to_json()


def test_another_seed_gives_other_numbers(sqlite_engine: Engine, fill_county: Any) -> None:
    with Session(sqlite_engine) as session, session.begin():
        fill_county(session)
    one, other = (run_study(sqlite_engine, request(seed=seed), processes=1) for seed in (1, 2))
    assert one.compared != other.compared
    assert one.baseline_hash == other.baseline_hash


@pytest.mark.usefixtures("in_threads")
def test_a_study_keeps_its_start_when_the_registry_changes(sqlite_engine: Engine, fill_county: Any) -> None:
    with Session(sqlite_engine) as session, session.begin():
        fill_county(session)
    before = run_study(sqlite_engine, request(), processes=1).to_json()
    study = queued(sqlite_engine, request())
    with Session(sqlite_engine) as session, session.begin():
        session.execute(update(Stay).where(Stay.id == 1).values(admitted_on=date(2012, 2, 2)))
    Worker(sqlite_engine, tasks(), processes=1).run(once=True)
    assert outcome_of(sqlite_engine, study) == before
    assert run_study(sqlite_engine, request(), processes=1).to_json() != before


def test_studies_of_one_start_keep_it_once(county_engine: Engine) -> None:
    queued(county_engine, request())
    queued(county_engine, request(seed=8))
    with Session(county_engine) as session:
        assert session.scalar(select(func.count()).select_from(StudyBaseline)) == 1
        assert [each.study.seed for each in found(session)] == [8, 7]


def test_a_repeated_request_under_one_key_gives_the_same_study(session: Session, county: Any) -> None:
    first = create(session, request(), author="planner", idempotency_key="k").study.id
    assert create(session, request(), author="planner", idempotency_key="k").study.id == first
    assert create(session, request(), author="another", idempotency_key="k").study.id != first
    with pytest.raises(Conflict) as caught:
        create(session, request(seed=9), author="planner", idempotency_key="k")
    assert caught.value.code == "IDEMPOTENCY_KEY_REUSED"


def test_two_equal_requests_at_the_same_moment_are_one_study(
    county_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have looked and found nothing under the key before either goes on: still the work is done once."""
    together, own = threading.Barrier(2, timeout=0.5), idempotency.recall

    def looked(*given: Any, **more: Any) -> Any:
        known = own(*given, **more)
        with contextlib.suppress(threading.BrokenBarrierError):
            together.wait()
        return known

    monkeypatch.setattr(idempotency, "recall", looked)
    studies: list[int] = []

    def ask() -> None:
        with Session(county_engine) as session, session.begin():
            studies.append(create(session, request(), author="planner", idempotency_key="k").study.id)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(county_engine) as session:
        assert list(session.scalars(select(Study.id))) == [studies[0]]
        assert session.scalar(select(func.count()).select_from(Job)) == 1
    assert studies == [studies[0]] * 2


def test_a_wrong_measure_is_refused_before_anything_is_queued(session: Session, county: Any) -> None:
    wrong = [
        SCENARIOS[0],
        {**SCENARIOS[1], "measures": [{"kind": "add_beds", "from": 0, "bed_typ": "NURSING", "beds": 1}]},
    ]
    with pytest.raises(InvalidInput) as caught:
        create(session, request(scenarios=wrong))
    assert caught.value.path[:4] == ("scenarios", 1, "measures", 0)
    assert "bed_type" in caught.value.remedy
    assert session.scalar(select(func.count()).select_from(Study)) == 0


def test_an_unknown_facility_is_answered_with_the_nearest(session: Session, county: Any) -> None:
    measure = {"kind": "add_beds", "from": 0, "bed_type": "NURSING", "beds": 1, "facility": "T2"}
    with pytest.raises(InvalidInput) as caught:
        create(session, request(scenarios=[SCENARIOS[0], {**SCENARIOS[1], "measures": [measure]}]))
    assert caught.value.path[:2] == ("scenarios", 1)
    assert "T1" in caught.value.remedy


@pytest.mark.usefixtures("in_threads")
def test_a_cancelled_study_has_no_outcome(county_engine: Engine) -> None:
    study = queued(county_engine, request())
    with Session(county_engine) as session, session.begin():
        assert cancel_study(session, study).job.state is JobState.CANCELLED
    Worker(county_engine, tasks(), processes=1).run(once=True)
    assert outcome_of(county_engine, study) is None


def test_an_unknown_study_is_told(session: Session) -> None:
    with pytest.raises(NotFound) as caught:
        find(session, 77)
    assert caught.value.code == "STUDY_UNKNOWN"


@pytest.mark.usefixtures("in_threads")
def test_an_equal_study_is_not_computed_again(sqlite_engine: Engine, fill_county: Any) -> None:
    with Session(sqlite_engine) as session, session.begin():
        fill_county(session)
    told: list[tuple[int, int]] = []
    first = ensure(sqlite_engine, request(), processes=1, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (2, 2)
    assert ensure(sqlite_engine, request(), processes=1) == first
    with Session(sqlite_engine) as session:
        assert len(found(session)) == 1
        session.execute(update(Stay).where(Stay.id == 1).values(admitted_on=date(2012, 2, 2)))
        session.commit()
    assert ensure(sqlite_engine, request(), processes=1) != first


@pytest.mark.usefixtures("in_threads")
def test_two_workers_share_the_queue_and_give_the_same_outcomes(postgres_engine: Engine, fill_county: Any) -> None:
    with Session(postgres_engine) as session, session.begin():
        fill_county(session)
    asked_for = [request(seed=seed, years=1) for seed in (1, 2)]
    studies = [queued(postgres_engine, each) for each in asked_for]
    workers = [
        threading.Thread(target=Worker(postgres_engine, tasks(), processes=1).run, kwargs={"once": True})
        for _ in studies
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    alone = [run_study(postgres_engine, each, processes=1).to_json() for each in asked_for]
    assert [outcome_of(postgres_engine, study) for study in studies] == alone


WORKER = """
import sys
from eldercare.jobs import Worker
from eldercare.kit.db import open_engine
from eldercare.planning import run
engine = open_engine(sys.argv[1])
Worker(engine, run.tasks(), lease=1.0, processes=1).run(once=True)
engine.dispose()
"""


@pytest.mark.long
@pytest.mark.usefixtures("in_threads")
def test_a_killed_worker_repeats_no_finished_batch(sqlite_engine: Engine, sqlite_url: str, fill_county: Any) -> None:
    with Session(sqlite_engine) as session, session.begin():
        fill_county(session)
    wanted = request(replications=160)
    study = queued(sqlite_engine, wanted)
    first = subprocess.Popen([sys.executable, "-c", WORKER, sqlite_url], stderr=subprocess.DEVNULL)
    try:
        kept = wait_for_batches(sqlite_engine, 2)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    time.sleep(1.2)
    Worker(sqlite_engine, tasks(), lease=5.0, processes=1).run(once=True)
    with Session(sqlite_engine) as session:
        again = {row[0]: row[1] for row in session.execute(select(JobBatch.number, JobBatch.ended))}
    assert {number: again[number] for number in kept} == kept
    assert outcome_of(sqlite_engine, study) == run_study(sqlite_engine, wanted, processes=1).to_json()


def wait_for_batches(engine: Engine, least: int) -> dict[int, float]:
    """When so many batches are finished: their numbers and the instants they ended."""
    for _ in range(3600):
        with Session(engine.execution_options(readonly=True)) as session:
            found = {row[0]: row[1] for row in session.execute(select(JobBatch.number, JobBatch.ended))}
        if len(found) >= least:
            return found
        time.sleep(0.05)
    raise AssertionError("The worker finished no batch within three minutes.")
