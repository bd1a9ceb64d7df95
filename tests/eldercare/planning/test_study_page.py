"""A study as a page and as images."""

import sys
from pathlib import Path

import pytest

from eldercare.kit.errors import InvalidInput, Unavailable
from eldercare.planning.export import write
from eldercare.planning.page import render_page
from eldercare.planning.picture import png, svg
from two_scenarios import outcome


def test_the_page_needs_no_network_and_no_script() -> None:
    page = render_page(outcome(), "zh")
    assert "<script" not in page
    assert "src=" not in page
    assert "href=" not in page.replace("xlink:href", "")
    assert page.startswith('<!doctype html>\n<html lang="zh">')


def test_the_page_shows_findings_chart_comparison_and_sources() -> None:
    page = render_page(outcome(), "zh")
    for part in ("结论", "<svg", "总入住率", "-1.00 %", "基线", "假设"):
        assert part in page


def test_names_from_outside_are_escaped() -> None:
    named = outcome().model_copy(update={"territory_name": "<b>x</b>"})
    assert "<b>x</b>" not in render_page(named)


def test_the_chart_is_drawn_as_an_image() -> None:
    assert svg(outcome()).startswith("<svg")
    assert png(outcome()).startswith(b"\x89PNG")


def test_without_the_drawing_package_the_page_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(Unavailable, match="vl-convert-python"):
        svg(outcome())
    assert "eldercare[charts]" in render_page(outcome())


@pytest.mark.parametrize(
    ("name", "begins"),
    [("a.html", b"<!doctype"), ("a.svg", b"<svg"), ("a.PNG", b"\x89PNG"), ("a.csv", b"scenario,"), ("a.json", b"{")],
)
def test_the_ending_of_a_file_names_its_form(tmp_path: Path, name: str, begins: bytes) -> None:
    write(outcome(), tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_an_ending_that_means_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"a\.doc") as caught:
        write(outcome(), tmp_path / "a.doc")
    assert ".html" in caught.value.remedy


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        write(outcome(), tmp_path / "nowhere" / "a.csv")
    assert caught.value.code == "OUTPUT_FILE"
