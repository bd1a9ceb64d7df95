"""The page about the model is what the code says now."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_is_up_to_date() -> None:
    specification = importlib.util.spec_from_file_location("model_page", ROOT / "docs" / "model_page.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    assert (ROOT / "docs" / "model.md").read_text("utf-8") == module.model_page(), "run `make docs`"
