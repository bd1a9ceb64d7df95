"""Characters are counted by the stated rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eldercare.registry.character_count import characters


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("养老", 2),
        ("养老。", 3),
        ("养 老\n", 2),
        ("2020年", 2),
        ("a b", 2),
        ("ab,c", 3),
        ("５Ａ级", 3),
        ("34.87%", 4),
    ],
)
def test_each_character_and_mark_counts_one_and_each_run_of_letters_one(text: str, count: int) -> None:
    assert characters(text) == count


@given(st.text(alphabet="养老，。 \nab12", max_size=30), st.text(alphabet="养老，。", max_size=10))
def test_chinese_behind_a_text_adds_its_length(text: str, more: str) -> None:
    assert characters(text + more) == characters(text) + len(more)
