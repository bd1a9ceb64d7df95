"""Log lines are read by machines and hold nothing about a person."""

import json
import logging

import pytest
import structlog

from eldercare.kit import log

pytestmark = pytest.mark.usefixtures("log_kept")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_event_carries_its_room_and_the_request(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(form="json")
    with structlog.contextvars.bound_contextvars(request="r1"):
        log.get("web").info("answered", status=200)
    (line,) = lines(capsys)
    assert (line["room"], line["request"], line["event"], line["status"]) == ("web", "r1", "answered", 200)


def test_what_belongs_to_a_person_is_withheld(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(form="json")
    log.get("api").info("asked", variables={"idNumber": "990101193001011234"}, token="secret")
    assert "990101193001011234" not in (text := capsys.readouterr().err)
    assert '"secret"' not in text


def test_lines_of_other_libraries_have_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(form="json")
    logging.getLogger("uvicorn").info("up on %s", 8000)
    (line,) = lines(capsys)
    assert (line["event"], line["level"]) == ("up on 8000", "info")


def test_less_than_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(level="warning", form="json")
    log.get("web").info("answered")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_traceback_shows_no_local_variables(capsys: pytest.CaptureFixture[str], form: str) -> None:
    log.configure(form=form)
    number = "".join(["990101", "193001011234"])
    try:
        raise ValueError(len(number))
    except ValueError as error:
        log.get("api").error("unexpected", exc_info=error)
    assert "ValueError: 18" in (text := capsys.readouterr().err)
    assert number not in text
