"""Public names are documented, numbers carry their units, exports exist."""

from __future__ import annotations

import ast
import doctest
from collections.abc import Iterator

import pytest

import tanemaki
from support.source_tree import Module, modules

UNITS = {
    ("timeout", "delay", "wait", "duration", "elapsed", "latency", "interval"): (
        "_s",
        "_ms",
        "_us",
        "_at",
        "_ns",
    ),
    ("cost", "price", "spent", "money"): ("_usd",),
    ("memory", "filesize"): ("_bytes", "_mb", "_gb"),
}
"""A number whose name holds one of these words says its unit at the end."""

N_DOCTESTS = 110
"""Examples in docstrings: at least what there were. Raise it when there are more."""

N_ROOT_NAMES = 25
"""More names than this in ``tanemaki`` itself, and nobody finds the right one."""

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public_definitions(module: Module) -> Iterator[tuple[str, ast.Module | Definition]]:
    """The module, its public functions and classes, and their public methods."""
    yield module.name, module.tree
    for node in module.tree.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield f"{module.name}.{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from _methods(f"{module.name}.{node.name}", node)


def _methods(name: str, owner: ast.ClassDef) -> Iterator[tuple[str, Definition]]:
    for node in owner.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            decorators = {ast.unparse(one) for one in node.decorator_list}
            if not any(one.endswith((".setter", "overload")) for one in decorators):
                yield f"{name}.{node.name}", node


@pytest.mark.parametrize("module", modules(), ids=str)
def test_every_public_name_has_a_docstring(module: Module) -> None:
    assert [name for name, node in public_definitions(module) if not ast.get_docstring(node)] == []


UNITS_OF_WORK = ("clean", "generate", "verify", "judge", "select", "train", "evaluate")
"""Folders whose public classes are methods of the field: each says where it comes from."""


def methods_of_the_field() -> list[tuple[str, str]]:
    """Name and docstring of every step, filter, judge and selector."""
    found = []
    for module in (one for one in modules() if one.unit in UNITS_OF_WORK):
        for name, node in public_definitions(module):
            if not isinstance(node, ast.ClassDef) or "Protocol" in map(ast.unparse, node.bases):
                continue
            if {"__call__", "decide"} & {
                one.name for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
            }:
                found.append((name, ast.get_docstring(node) or ""))
    return found


@pytest.mark.parametrize(("name", "docstring"), methods_of_the_field(), ids=lambda part: part.split(" ")[0])
def test_a_step_says_where_its_method_comes_from(name: str, docstring: str) -> None:
    assert "Source:" in docstring, f"{name}: name the paper, or say `Source: ours` and why"


@pytest.mark.parametrize(
    ("name", "docstring"),
    [one for one in methods_of_the_field() if ".filters." in one[0]],
    ids=lambda part: part.split(" ")[0],
)
def test_a_filter_lists_its_reasons(name: str, docstring: str) -> None:
    assert "Reasons:" in docstring, name


def numeric_fields(module: Module) -> Iterator[tuple[str, str]]:
    """Class and name of every field that is annotated as a number."""
    for owner in (node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)):
        for node in owner.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                kinds = set(ast.unparse(node.annotation).replace("|", " ").split())
                if kinds & {"int", "float"}:
                    yield owner.name, node.target.id


@pytest.mark.parametrize("module", modules(), ids=str)
def test_a_number_with_a_unit_says_it_in_its_name(module: Module) -> None:
    nameless = []
    for owner, name in numeric_fields(module):
        words = set(name.split("_"))
        assert "percent" not in words, f"{owner}.{name}: shares are 0 to 1"
        for about, endings in UNITS.items():
            if words & set(about) and not name.endswith(endings):
                nameless.append(f"{owner}.{name} ends with none of {', '.join(endings)}")
    assert nameless == []


def test_there_are_numbers_to_look_at() -> None:
    found = {f"{owner}.{name}" for module in modules() for owner, name in numeric_fields(module)}
    assert {"ModelSettings.timeout_s", "Limits.cost_usd", "Sampling.max_tokens"} <= found


def test_the_examples_in_docstrings_do_not_become_fewer() -> None:
    parser = doctest.DocTestParser()
    n_examples = sum(
        bool(parser.get_examples(ast.get_docstring(node) or ""))
        for module in modules()
        for _, node in public_definitions(module)
    )
    assert n_examples >= N_DOCTESTS


def test_the_packages_own_names_exist_are_few_and_are_documented() -> None:
    names: list[str] = vars(tanemaki)["__all__"]
    assert "__version__" in names
    assert len(set(names)) == len(names) <= N_ROOT_NAMES
    undocumented = [name for name in names if name != "__version__" and not getattr(tanemaki, name).__doc__]
    assert undocumented == []
