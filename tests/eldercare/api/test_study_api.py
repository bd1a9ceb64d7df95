"""Studies through the API: asked for, followed, read and cancelled."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Executor
from eldercare.api.schema import Api
from eldercare.jobs import Worker
from eldercare.planning.run import tasks
from small_county import DAY, fill

CREATE = """
mutation ($input: CreateStudyInput!) {
  createStudy(input: $input) {
    study { id state progress territory { name } asOf years replications seed scenarios { name title { zh } measures } failure { code } }
    errors { code message remedy path }
  }
}
"""
READ = """
query ($id: ID!) {
  study(id: $id) {
    state progress
    taken { what { zh } value assumed }
    outcome {
      indicators { code name { zh } unit kind better }
      scenarios {
        name changes { en zh }
        curves(indicators: ["occupancy"]) { indicator years { mean low high } whole { mean } }
        differences(indicators: ["placed"]) { indicator whole { mean low high } certain }
      }
      findings { zh en }
      chart(language: EN)
      table(language: ZH)
      csv
    }
  }
}
"""
BASE = {"name": "as-it-is", "title": {"en": "As it is", "zh": "维持现状"}}
MORE = {
    "name": "more",
    "title": {"en": "+10 nursing beds", "zh": "新增10张护理型床位"},
    "measures": [{"kind": "add_beds", "from": 0, "bed_type": "NURSING", "beds": 10}],
}
INPUT = {
    "territory": "990101",
    "asOf": "2020-05-19",
    "years": 2,
    "replications": 6,
    "seed": 3,
    "scenarios": [BASE, MORE],
}


@pytest.fixture
def ask(api: Api, engine: Engine, database_url: str) -> Iterator[Asker]:
    """Asks a registry with the small county."""
    with Session(engine) as session, session.begin():
        fill(session)
    loop = asyncio.new_event_loop()
    executor = Executor(api, open_reads(database_url, size=2), engine, today=lambda: DAY)
    yield Asker(loop, executor)
    loop.run_until_complete(executor.reads.close())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def created(ask: Asker, **more: Any) -> dict[str, Any]:
    """The payload of a mutation."""
    answer = ask(CREATE, {"input": {**INPUT, **more}})
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]["createStudy"]
    return found


def test_a_study_is_asked_for_worked_off_and_read(ask: Asker, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eldercare.jobs.worker.make_executor", ThreadPoolExecutor)
    payload = created(ask)
    assert payload["errors"] == []
    study = payload["study"]
    assert (study["state"], study["progress"], study["territory"]["name"]) == ("QUEUED", 0, "Test county")
    assert study["scenarios"][1]["measures"] == MORE["measures"]
    Worker(engine, tasks(), processes=1).run(once=True)
    read = ask(READ, {"id": study["id"]})["data"]["study"]
    assert (read["state"], read["progress"]) == ("DONE", 1)
    base, more = read["outcome"]["scenarios"]
    assert base["curves"][0]["years"][0]["mean"] == round(34 / 80, 6)
    assert more["curves"][0]["years"][0]["mean"] == round(34 / 90, 6)
    assert base["differences"] == []
    assert more["differences"][0]["indicator"] == "placed"
    assert more["changes"][0]["zh"]
    assert "总入住率" in read["outcome"]["table"]
    assert read["outcome"]["chart"]["data"]["values"]
    assert read["outcome"]["findings"]


def test_a_wrong_measure_is_answered_with_the_nearest_name_and_its_path(ask: Asker) -> None:
    wrong = {**MORE, "measures": [{"kind": "add_bed", "from": 0, "bed_type": "NURSING", "beds": 10}]}
    payload = created(ask, scenarios=[BASE, wrong])
    assert payload["study"] is None
    error = payload["errors"][0]
    assert error["path"][:4] == ["scenarios", "1", "measures", "0"]
    assert "add_beds" in error["remedy"]


def test_nothing_is_kept_of_a_refused_study(ask: Asker) -> None:
    created(ask, years=99)
    assert ask("{ studies { totalCount nodes { id } } }")["data"]["studies"] == {"totalCount": 0, "nodes": []}


def test_a_preset_may_be_changed_by_what_is_sent_with_it(ask: Asker) -> None:
    study = created(ask, preset="xiaoshan", scenarios=None)["study"]
    assert [each["name"] for each in study["scenarios"]] == ["as-it-is", "add-100", "convert-100"]
    assert (study["territory"]["name"], study["years"]) == ("Test county", 2)


def test_an_unknown_preset_is_answered_with_the_nearest(ask: Asker) -> None:
    error = created(ask, preset="xaioshan")["errors"][0]
    assert (error["code"], error["path"]) == ("PRESET_UNKNOWN", ["preset"])
    assert "xiaoshan" in error["remedy"]


def test_a_retry_under_the_same_key_makes_no_second_study(ask: Asker) -> None:
    first, second = (created(ask, idempotencyKey="once")["study"]["id"] for _ in range(2))
    assert first == second
    assert created(ask, idempotencyKey="once", seed=9)["errors"][0]["code"] == "IDEMPOTENCY_KEY_REUSED"


def test_a_study_is_cancelled(ask: Asker) -> None:
    study = created(ask)["study"]["id"]
    cancelled = "mutation ($id: ID!) { cancelStudy(id: $id) { study { state } errors { code } } }"
    answer = ask(cancelled, {"id": study})["data"]["cancelStudy"]
    assert answer == {"study": {"state": "CANCELLED"}, "errors": []}


def test_an_unknown_study_cannot_be_cancelled(ask: Asker) -> None:
    answer = ask('mutation { cancelStudy(id: "Study_99") { study { id } errors { code } } }')
    assert answer["data"]["cancelStudy"] == {"study": None, "errors": [{"code": "STUDY_UNKNOWN"}]}


def test_studies_are_paged_from_the_newest(ask: Asker) -> None:
    made = [created(ask, seed=seed)["study"]["id"] for seed in (1, 2, 3)]
    page = "query ($after: Cursor) { studies(first: 2, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } totalCount } }"
    first = ask(page)["data"]["studies"]
    assert [each["id"] for each in first["nodes"]] == made[:0:-1]
    assert (first["pageInfo"]["hasNextPage"], first["totalCount"]) == (True, 3)
    second = ask(page, {"after": first["pageInfo"]["endCursor"]})["data"]["studies"]
    assert ([each["id"] for each in second["nodes"]], second["pageInfo"]["hasNextPage"]) == (made[:1], False)


@pytest.mark.parametrize("first", [0, 101])
def test_a_page_of_another_size_is_refused(ask: Asker, first: int) -> None:
    answer = ask(f"{{ studies(first: {first}) {{ totalCount }} }}")
    assert answer["errors"][0]["extensions"]["code"] == "PAGE_SIZE"
    assert answer["data"] == {"studies": None}


def test_there_is_no_study_of_an_unknown_id(ask: Asker) -> None:
    assert ask('{ study(id: "Study_7") { id } }')["data"] == {"study": None}


def test_an_id_of_something_else_is_refused(ask: Asker) -> None:
    assert ask('{ study(id: "Facility_7") { id } }')["errors"][0]["extensions"]["code"] == "WRONG_TYPE_OF_ID"


def test_the_presets_and_the_form_of_measures_are_told(ask: Asker) -> None:
    answer = ask("{ studyPresets { name text } measureSchema }")["data"]
    assert answer["studyPresets"][0]["name"] == "xiaoshan"
    assert "add_beds" in str(answer["measureSchema"])
