"""Every example in a docstring of the simulation is run."""

import doctest
import importlib
from pathlib import Path

import pytest

import eldersim

FOLDER = Path(eldersim.__file__).parent
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if ">>>" in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"eldersim.{name}"))
    assert found.attempted > 0
    assert found.failed == 0
