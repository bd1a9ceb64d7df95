"""The shape of the house: what may import what, how long things may be, what must be said and what must not."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for root in ("platform", "simulation") for path in (ROOT / root).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
PROGRAMS = sorted(path for root in ("bench", "docs") for path in (ROOT / root).rglob("*.py"))
FILE_LINES, FUNCTION_LINES, TEST_LINES = 400, 50, 60
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
CONTRACTS = CONFIG["contracts"]

type_of_function = ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, type_of_function))


def test_imports_point_down() -> None:
    done = lint(ROOT, [str(ROOT / "platform"), str(ROOT / "simulation")])
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", [*SOURCES, *TESTS, *PROGRAMS], ids=name)
def test_a_file_says_what_it_holds_and_is_short(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    first = (ast.get_docstring(tree) or "").split("\n")[0]
    assert first.endswith((".", "?")), "a module opens with a sentence that says what it holds"
    if path.parent.name == "versions":
        return  # a migration is a record of what was done; Alembic wants it in two functions
    assert text.count("\n") <= FILE_LINES
    limit = TEST_LINES if path in TESTS else FUNCTION_LINES
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions(tree)}
    assert {which: length for which, length in lengths.items() if length > limit} == {}


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_everything_public_is_described(path: Path) -> None:
    assert [node.name for node in public(ast.parse(path.read_text("utf-8"))) if not ast.get_docstring(node)] == []


def public(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Public classes and functions of a module and of its classes, those inside functions left out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_nobody_uses_what_is_private_to_another_module(path: Path) -> None:
    taken = [
        f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("eldercare", "eldersim"))
        for alias in node.names
        if alias.name.startswith("_")
    ]
    assert taken == []


def test_no_package_hides_the_standard_library() -> None:
    """A regular package called `platform` would break even `import uuid`."""
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not (ROOT / "simulation" / "__init__.py").exists()
    assert list(ROOT.glob("tests/**/__init__.py")) == []


# Each contract is seen to fail: a tiny copy of the house that keeps it, and one that breaks just it.


def modules() -> set[str]:
    """Every module that a contract names, so that the tiny house has what the contracts speak of."""
    found = {"eldercare", "eldersim"}
    for contract in CONTRACTS:
        for container in contract.get("containers", []):
            rooms = [room for layer in contract["layers"] for room in re.split(r"[|:]", layer)]
            found |= {f"{container}.{room.strip(' ()')}" for room in rooms}
        for key in ("source_modules", "forbidden_modules", "protected_modules", "allowed_importers", "modules"):
            found |= {each for each in contract.get(key, []) if each.startswith(("eldercare", "eldersim"))}
    return {each for each in found if "*" not in each}


def violation(contract: dict[str, Any]) -> tuple[str, str]:
    """A module, and the line in it that breaks the contract."""
    match contract["type"]:
        case "layers":
            container, layers = contract["containers"][0], contract["layers"]
            top, bottom = (re.split(r"[|:]", layers[n])[0].strip(" ()") for n in (0, -1))
            return f"{container}.{bottom}", f"import {container}.{top}"
        case "protected":
            return "eldercare.registry", f"import {contract['protected_modules'][0]}"
        case "forbidden":
            return contract["source_modules"][0], f"import {contract['forbidden_modules'][-1]}"
        case "acyclic_siblings":
            return f"{contract['ancestors'][0]}.jobs", f"import {contract['ancestors'][0]}.api"
    raise AssertionError(f"say how a contract of type {contract['type']} is broken")


def build(folder: Path, lines: dict[str, str]) -> None:
    for module in sorted(modules()):
        package = folder.joinpath(*module.split("."))
        package.mkdir(parents=True, exist_ok=True)
    for package in [path for path in folder.rglob("*") if path.is_dir()]:
        module = package.relative_to(folder).as_posix().replace("/", ".")
        (package / "__init__.py").write_text(lines.get(module, "") + "\n")
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    (folder / "pyproject.toml").write_text(text[text.index("[tool.importlinter]") :], "utf-8")


def lint(folder: Path, path: list[str]) -> "subprocess.CompletedProcess[str]":
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    code = f"import sys; sys.path[:0] = {path!r}; {program}"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def broken(done: "subprocess.CompletedProcess[str]") -> set[str]:
    return set(re.findall(r"^(.+?) BROKEN", done.stdout, re.MULTILINE))


def test_a_house_that_keeps_the_contracts_passes(tmp_path: Path) -> None:
    build(tmp_path, {})
    done = lint(tmp_path, [str(tmp_path)])
    assert (broken(done), done.returncode) == (set(), 0), done.stdout + done.stderr


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract["name"])
def test_a_broken_contract_is_noticed(contract: dict[str, Any], tmp_path: Path) -> None:
    module, line = violation(contract)
    lines = {module: line}
    if contract["type"] == "acyclic_siblings":
        lines[line.removeprefix("import ")] = f"import {module}"
    build(tmp_path, lines)
    assert contract["name"] in broken(lint(tmp_path, [str(tmp_path)]))


def test_a_new_room_must_be_declared(tmp_path: Path) -> None:
    build(tmp_path, {})
    (tmp_path / "eldercare" / "cellar").mkdir()
    (tmp_path / "eldercare" / "cellar" / "__init__.py").write_text("")
    assert "The platform is a stack" in broken(lint(tmp_path, [str(tmp_path)]))


# What must not be written down.

# written backwards, so that this file names none either
REGISTRIES = [name[::-1] for name in ("gro.ipyp", "gro.detsohnohtyp", "gro.sjmpn", "moc.sjmpn")]
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home|Users|tmp)/\w")


def committed() -> list[Path]:
    """The files of the repository; outside a checkout, those of the folders that are shipped."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return [ROOT / each for each in done.stdout.split("\0") if each and (ROOT / each).is_file()]
    shipped = ("platform", "simulation", "tests", "bench", "docs")
    return [path for folder in shipped for path in (ROOT / folder).rglob("*") if path.is_file()]


def test_no_file_names_a_package_registry_or_a_path_of_somebodys_machine() -> None:
    found = []
    for path in committed():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name(path)}: {host}" for host in REGISTRIES if host in text]
        found += [f"{name(path)}: {match.group()}" for match in MACHINE.finditer(text)]
    assert found == []


def test_the_lock_pins_by_hash_and_names_no_host() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in text
    pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert [pin for pin in pins if "==" not in pin] == []
    assert text.count("--hash=") >= len(pins)
