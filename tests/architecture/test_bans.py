"""What no file of the repository holds."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from support.source_tree import ROOT, SRC, Module, modules, repository_files

PYTHON_FILES = [path for path in repository_files() if path.suffix == ".py"]
MOST_BYTES = 500_000
MOST_CONSTANTS = 60
"""A literal with more is a table: it belongs into a TSV or JSON file, with its origin."""

BROAD_HANDLERS = {
    "src/tanemaki/engine/gates.py": "hands the error to the record's own task, which ends the run with it",
    "src/tanemaki/engine/outcomes.py": "a step's failure becomes a row, or ends the run with its traceback",
    "src/tanemaki/engine/parcel.py": "tries whether an exception can be sent; tells it in another one where it cannot",
    "src/tanemaki/engine/worker_main.py": "tells the run, which raises it there",
    "src/tanemaki/engine/workers.py": "hands a worker's error to the record's own task, which ends the run with it",
    "src/tanemaki/engine/schedule.py": "hands the error to the run, which stops and raises it",
    "src/tanemaki/verify/sandbox/inside.py": "foreign code's exception is its result: the process outside is told",
    "src/tanemaki/run/event_loop.py": "carries the error out of the thread that runs the loop, and raises it there",
}
"""Where everything may be caught without raising it on the spot, and what becomes of it."""

# Put together here, so that this file does not hold them itself.
MARKS = {
    "a path of one machine": re.compile("/" + r"(work|root)/(?!\{)"),
    "a package registry's host": re.compile("py" + r"pi\.org|python" + r"hosted\.org|registry\.npm" + r"js"),
    "a type error that is hushed": re.compile("# type: " + "ignore"),
    "code that coverage does not count": re.compile("pragma: " + "no cover"),
    "a task without its condition": re.compile(r"\b(TO" + r"DO(?!\()|FIX" + r"ME|XX" + r"X)\b"),
    "a merge that was not finished": re.compile("^(<<<<" + "<<<|>>>>" + ">>>) ", re.MULTILINE),
}


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def texts() -> list[Path]:
    binary = {".parquet", ".gguf", ".gz", ".zst", ".png", ".sqlite"}
    return [path for path in repository_files() if path.suffix not in binary and path.name != "LICENSE"]


@pytest.mark.parametrize("what", MARKS)
def test_no_file_holds(what: str) -> None:
    holding = []
    for path in texts():
        found = MARKS[what].search(path.read_bytes().decode("utf-8", "replace"))
        if found:
            holding.append(f"{shown(path)}: {found[0]}")
    assert holding == []


def test_no_file_is_large() -> None:
    assert {
        shown(path): path.stat().st_size for path in repository_files() if path.stat().st_size > MOST_BYTES
    } == {}


def test_there_are_files_to_look_at() -> None:
    names = {shown(path) for path in repository_files()}
    assert {"pyproject.toml", "Makefile", "LICENSE", ".ci/run", "src/tanemaki/py.typed"} <= names


def calls(tree: ast.AST) -> list[tuple[str, ast.Call]]:
    return [(ast.unparse(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def swallows(handler: ast.ExceptHandler) -> bool:
    """Whether a handler catches everything and does not end by raising it again."""
    names = set(re.findall(r"\w+", ast.unparse(handler.type))) if handler.type else {"BaseException"}
    last = handler.body[-1]
    raises_again = isinstance(last, ast.Raise) and last.exc is None
    return bool(names & {"Exception", "BaseException"}) and not raises_again


@pytest.mark.parametrize("path", PYTHON_FILES, ids=shown)
def test_a_failure_is_never_caught_in_the_dark(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    lines = [handler.lineno for handler in handlers if swallows(handler)]
    assert not lines or shown(path) in BROAD_HANDLERS, f"lines {lines}"


@pytest.mark.parametrize("name", BROAD_HANDLERS)
def test_the_list_of_broad_handlers_is_no_longer_than_needed(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    assert any(isinstance(node, ast.ExceptHandler) and swallows(node) for node in ast.walk(tree))


TESTS = [path for path in PYTHON_FILES if shown(path).startswith("tests/")]


@pytest.mark.parametrize("path", TESTS, ids=shown)
def test_a_test_neither_mocks_nor_patches_nor_sleeps_nor_gives_up(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [name for name, _ in calls(tree)]
    assert "monkeypatch.setattr" not in names, "one seam: a scripted model"
    assert "time.sleep" not in names
    # The server of the tests may be slow: that is what it is for.
    sleeps = (
        [node for name, node in calls(tree) if name == "asyncio.sleep"]
        if path.name.startswith("test_")
        else []
    )
    naps = [node for node in sleeps if ast.unparse(node.args[0]) != "0"]
    assert [node.lineno for node in naps] == [], "only a turn of the loop: asyncio.sleep(0)"
    marks = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    given_up = {"pytest.skip", "pytest.xfail", "pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail"}
    assert marks & given_up == set()


@pytest.mark.parametrize("path", TESTS, ids=shown)
def test_a_test_is_a_sentence_that_asserts(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            assert len(node.name.split("_")) > 2, f"{node.name} says nothing"
            code = ast.unparse(node)
            checks = "assert" in code or "pytest.raises" in code or "pytest.fail" in code or "check" in code
            assert checks, f"{node.name} cannot fail"


@pytest.mark.parametrize("module", modules(), ids=str)
def test_tables_are_not_python(module: Module) -> None:
    for node in module.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            constants = [one for one in ast.walk(node.value) if isinstance(one, ast.Constant)]
            assert len(constants) <= MOST_CONSTANTS, f"line {node.lineno}: {len(constants)} constants"


@pytest.mark.parametrize("module", modules(), ids=str)
def test_every_draw_has_a_name(module: Module) -> None:
    imported = {one.module for one in module.imports}
    assert imported.isdisjoint({"random", "secrets", "numpy.random"}), "use tanemaki.core.seeding.Draw"


def test_tables_and_prompts_are_utf_8_without_carriage_returns() -> None:
    for path in texts():
        if path.is_relative_to(SRC):
            assert b"\r" not in path.read_bytes(), shown(path)
            assert path.read_bytes().decode("utf-8").startswith("\ufeff") is False, shown(path)
