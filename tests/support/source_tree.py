"""The source as a graph: every module, everything that it imports, wherever in it the import stands."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"


@dataclass(frozen=True)
class Import:
    """One import of one module."""

    module: str
    """Dotted; a name that is imported from a package is taken for a module where there is one."""
    line: int
    lazy: bool
    """Inside a function, or for type checkers alone: not run when the module is loaded."""


@dataclass(frozen=True)
class Module:
    """One file of the package."""

    name: str
    path: Path
    tree: ast.Module
    imports: tuple[Import, ...]

    @property
    def unit(self) -> str:
        """The folder, or the file at top level, that it belongs to; empty for the package itself."""
        return ([*self.name.split("."), ""])[1]

    def __repr__(self) -> str:
        return self.name


@cache
def modules() -> tuple[Module, ...]:
    """Every module under ``src``, the ``recipe.py`` of recipe folders included."""
    files = {_name_of(path): path for path in sorted(SRC.rglob("*.py"))}
    # A package's name as a text is where tables lie; a plain module's is a table for later import.
    plain = {name for name, path in files.items() if path.name != "__init__.py"}
    found = []
    for name, path in files.items():
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        found.append(Module(name, path, tree, tuple(_imports(tree, set(files), plain))))
    return tuple(found)


def _name_of(path: Path) -> str:
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(tree: ast.Module, known: set[str], plain: set[str]) -> Iterator[Import]:
    for node, lazy in _walk(tree, lazy=False):
        if isinstance(node, ast.Import):
            yield from (Import(name.name, node.lineno, lazy) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in line {node.lineno}"
            for name in node.names:
                whole = f"{node.module}.{name.name}"
                yield Import(whole if whole in known else str(node.module), node.lineno, lazy)
        elif isinstance(node, ast.Constant) and node.value in plain:
            yield Import(str(node.value), node.lineno, lazy=True)


def _walk(node: ast.AST, *, lazy: bool) -> Iterator[tuple[ast.AST, bool]]:
    for child in ast.iter_child_nodes(node):
        is_lazy = (
            lazy
            or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            or _for_types(child)
        )
        yield child, is_lazy
        yield from _walk(child, lazy=is_lazy)


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


@cache
def repository_files() -> tuple[Path, ...]:
    """Every file that is committed, or would be: what git ignores is left out."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return tuple(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())
