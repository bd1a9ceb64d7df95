"""Compiles modules of rules with numba if it is there; the same modules stay importable, and interpreted, as they are."""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import sys
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

WITHOUT_NUMBA = (
    "numba is not installed: the simulation runs interpreted, which gives the same results and takes about 30 times as long. "
    "Install the extra 'fast' to compile it."
)
FIRST_TIME = "Compiling the rules of the simulation for this machine: once, for about twenty seconds."

logger = logging.getLogger("eldersim")


@cache
def can_compile() -> bool:
    """Whether numba is there; says once if it is not."""
    found = importlib.util.find_spec("numba") is not None
    if not found:
        warnings.warn(WITHOUT_NUMBA, stacklevel=2)
    return found


def compiled(modules: Sequence[ModuleType]) -> dict[str, Any]:
    """The functions named in each module's ``RULES``, compiled; a module may use those of the modules before it.

    The cache on disk is kept by the content of all these modules: numba alone would not see that a rule called from
    another file has changed.
    """
    # optional and only partly typed, so it is taken as it is
    numba: Any = importlib.import_module("numba")

    folder = cache_folder(modules)
    if not any(folder.rglob("*.nbi")):
        logger.warning(FIRST_TIME)
    options: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(folder)
    try:
        done: dict[str, Any] = {}
        for module in modules:
            # the compiler's cache needs a module with a file, hence a copy loaded from the rules' own file
            copy = _second_copy(module, f"{module.__name__}_compiled")
            for name in done.keys() & vars(copy).keys():
                setattr(copy, name, done[name])
            for rule in copy.RULES:
                inline = "always" if rule.__name__ in getattr(copy, "INLINE", ()) else "never"
                done[rule.__name__] = numba.njit(**options, inline=inline)(rule)
                setattr(copy, rule.__name__, done[rule.__name__])
        return done
    finally:
        numba.config.CACHE_DIR = before


def cache_folder(modules: Sequence[ModuleType]) -> Path:
    """Where the machine code of these modules is kept: beside them, or in the user's cache if that cannot be written.

    The environment variable ELDERSIM_CACHE names another folder.
    """
    content = hashlib.sha256()
    for module in modules:
        content.update(Path(str(module.__file__)).read_bytes())
    chosen = os.environ.get("ELDERSIM_CACHE")
    if chosen:
        return Path(chosen) / f"compiled-{content.hexdigest()[:12]}"
    here = Path(__file__).parent / "__pycache__"
    base = here if os.access(here if here.is_dir() else here.parent, os.W_OK) else Path.home() / ".cache" / "eldersim"
    return base / f"compiled-{content.hexdigest()[:12]}"


def _second_copy(module: ModuleType, name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, module.__file__)
    assert specification is not None, "the rules are a file"
    assert specification.loader is not None, "the rules are a file"
    copy = importlib.util.module_from_spec(specification)
    sys.modules[name] = copy
    specification.loader.exec_module(copy)
    return copy
