"""What a recipe's README says is so: its options, reasons, fields and names, and its run file as a new user would try it."""

from __future__ import annotations

import json
import re
import sys
import typing
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from support.pages import Page
from support.source_tree import ROOT, SRC
from tanemaki.config.load import load
from tanemaki.config.paths import located
from tanemaki.core.errors import SetupError
from tanemaki.core.recipe import Recipe
from tanemaki.recipes import catalogue
from tanemaki.recipes.golden import Golden, golden
from tanemaki.run.order import order_from
from tanemaki.run.preview import preview

FOLDERS = {name: catalogue.find(name) for name in catalogue.names()}
EACH = pytest.mark.parametrize("name", FOLDERS)
PACKAGE = SRC / "tanemaki"
SENTENCE = 20  # letters; shorter ones are labels
WITHOUT_SENTENCES = {"wish_plan"}  # its plans are told in a sentence each
IN_PLACE = {"count", "personas"}  # sources that need no file
MORE: dict[str, tuple[dict[str, Any], ...]] = {"tool_dialogue": ({"functions": __file__},)}
CODEBOOK = "question: 賛成か。\nlabels:\n- {label: 賛成, definition: 賛成だ。}\n- {label: 反対, definition: 反対だ。}\n"


@cache
def page_of(name: str) -> Page:
    return Page(FOLDERS[name].path / "README.md")


@cache
def golden_of(name: str) -> tuple[Golden, ...]:
    return golden(FOLDERS[name].path)


def kinds_of(name: str) -> Iterator[dict[str, Any]]:
    """Yield every value of the options that list theirs, and two of those that are numbers, one at a time."""
    build = getattr(sys.modules[f"tanemaki.recipes.{name}.recipe"], "build", None)
    if build is None:  # RECIPE alone: a recipe without options
        return
    for option, wanted in typing.get_type_hints(build).items():
        for kind in (wanted, *typing.get_args(wanted)):
            values = (True, False) if kind is bool else (0.5, 1.0) if kind is float else ()
            values = typing.get_args(kind) if typing.get_origin(kind) is typing.Literal else values
            yield from ({option: value} for value in values)


@cache
def variants(name: str) -> list[Recipe]:
    """Return the recipe as it is, and with every set of options that its golden file or their types tell."""
    found = [catalogue.load(name, "ja").recipe]
    for options in (*(one.options for one in golden_of(name)), *kinds_of(name), *MORE.get(name, ())):
        with suppress(SetupError):  # an option that wants another beside it
            found.append(catalogue.load(name, "ja", options).recipe)
    return found


def code_of(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def words_of(text: str) -> set[str]:
    return {word for code in code_of(text) for word in re.findall(r"\w+", code)}


@EACH
def test_every_option_is_told(name: str) -> None:
    page = page_of(name)
    told = words_of(page.prose) | set(re.findall(r"(\w+):", "".join(block.text for block in page.blocks)))
    assert [one for one in catalogue.load(name, "ja").options if one not in told] == []


@EACH
def test_every_field_of_a_row_is_told(name: str) -> None:
    written = {field for recipe in variants(name) for field in recipe.writes}
    assert sorted(written - words_of(page_of(name).prose)) == []


def reason_rows(page: Page) -> Iterator[list[str]]:
    """Yield the cells of the tables of reasons, without the last column, which says what was wrong."""
    for table in re.findall(
        r"^\|[^\n]*\breasons?\b[^\n]*\|\n\|[-| ]+\n((?:\|[^\n]*\n)+)", page.prose, re.MULTILINE
    ):
        for line in table.splitlines():
            yield line.strip("|").split(" | ")[:-1]


@EACH
def test_the_reasons_are_those_of_the_steps(name: str) -> None:
    specs = [spec for recipe in variants(name) for spec in recipe.specs]
    reasons = {reason for spec in specs for reason in spec.reasons or ()}
    rows = list(reason_rows(page_of(name)))
    named = words_of(" ".join(cell for cells in rows for cell in cells))
    assert sorted(reasons - (named if rows else words_of(page_of(name).prose))) == []
    assert sorted(named - reasons - {spec.name for spec in specs}) == []


def files_named(name: str) -> Iterator[tuple[str, list[Path]]]:
    """Yield every file and folder that the README names, with what is there."""
    folder = FOLDERS[name].path
    for code in code_of(page_of(name).prose):
        if (
            not re.fullmatch(r"[a-z<*][\w<>*{},-]*(/[\w<>*{},.-]+)+/?|[\w<>*-]+\.(py|tsv|toml|md)", code)
            or "://" in code
        ):
            continue
        if "<" in code and not code.startswith(("data/", "prompts/")):
            continue  # a place in a run's folder
        pattern = re.sub(r"<\w+>|\{[\w,]+\}", "*", code).rstrip("/")
        places = [
            *folder.glob(pattern),
            *folder.glob(f"data/*/{pattern}"),
            *folder.glob(f"prompts/*/{pattern}"),
            *PACKAGE.glob(pattern),
            *PACKAGE.glob(f"*/{pattern}"),
            *PACKAGE.glob(f"*/data/{pattern}"),
            *SRC.glob(pattern),
            *ROOT.glob(pattern),
        ]
        yield code, places


# not of this package: the user's own files, a folder of another's repository, a form of text
FOREIGN = {"unitag.py", "ja/deepen.md"}


@EACH
def test_the_files_that_are_named_are_there(name: str) -> None:
    assert [code for code, there in files_named(name) if not there and code not in FOREIGN] == []


@cache
def names_of_the_code() -> frozenset[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py")))
    found = re.findall(r"^(?:class|def) (\w+)|^(\w+)(?:: [^=\n]+)? =", text, re.MULTILINE)
    return frozenset(one for pair in found for one in pair if one)


@EACH
def test_the_classes_and_constants_that_are_named_exist(name: str) -> None:
    """A class is told by a call or by two capitals (``Ask("draft")``, ``NearCopy``), a constant by its underscore."""
    called, bare = r"([A-Z][A-Za-z]*)\(.*\)", r"([A-Z][a-z]+[A-Z]\w+|_[A-Z][A-Z_]+)"
    named = [re.fullmatch(f"{called}|{bare}", code) for code in code_of(page_of(name).prose)]
    classes = {one[1] or one[2] for one in named if one is not None}
    assert sorted(classes - names_of_the_code()) == []


def run_files(name: str) -> list[dict[str, Any]]:
    """Return the run files that the README shows; a piece of one is added to the first."""
    shown = [YAML(typ="safe").load(block.text) for block in page_of(name).blocks if block.language == "yaml"]
    return [one if "recipe" in one else {**shown[0], **one} for one in shown]


def with_rows(told: dict[str, Any], rows: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    """Return the run file with a file of golden rows in the place of the user's, under the user's names of columns."""
    source = told["source"]
    if source["kind"] in IN_PLACE:
        return told
    named = source.get("map", {})
    lines = [json.dumps({named.get(key, key): value for key, value in row.items()}) for row in rows]
    (folder / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")
    kept = {key: value for key, value in source.items() if key in ("map", "licence")}
    return {**told, "source": {"kind": "jsonl", "path": "rows.jsonl", **kept}}


@EACH
def test_the_run_file_loads_and_previews(name: str, tmp_path: Path) -> None:
    (tmp_path / "stance.yaml").write_text(CODEBOOK, encoding="utf-8")
    for place, told in enumerate(run_files(name)):
        assert told["recipe"] == name
        path = tmp_path / f"{place}.yaml"
        path.write_text(json.dumps(told), encoding="utf-8")
        needs = set(
            catalogue.load(name, told["language"], located(load(path)[0].run.options, tmp_path)).recipe.needs
        )
        rows = [dict(row.record.fields) for row in golden_of(name) if needs <= set(row.record.fields)]
        path.write_text(json.dumps(with_rows(told, rows, tmp_path)), encoding="utf-8")
        first = load(path)[0]
        shown = preview(order_from(first.run, first.base), FOLDERS[name].path)
        assert shown.rows
        roles = order_from(first.run, first.base).recipe.roles
        assert not roles or any(end.asked or end.left for end in shown.rows), "nothing would be sent"
        assert shown.sample is not None, "a golden row is like what the run file makes"


def samples_of(page: Page) -> Iterator[str]:
    """Yield the sentences of the samples that are said to be from the golden file, but for lines with names in them."""
    part = page.prose.split("## One true sample")[-1]
    is_golden = True
    for line in part.splitlines():
        if line.startswith(">"):
            if is_golden:
                yield from re.split(r"(?<=[。！？.!?])\s*", "" if "`" in line else line.removeprefix(">"))
        elif line.strip():
            is_golden = "model" not in line


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


@EACH
def test_the_samples_are_rows_of_the_golden_file(name: str) -> None:
    """The end of every sentence stands in the golden file, which is walked; its beginning may be a label."""
    path = FOLDERS[name].path / "golden.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    held = letters(json.dumps(lines, ensure_ascii=False))
    told = [letters(one) for one in samples_of(page_of(name)) if re.search(r"[。！？.!?]$", one)]
    long = [one for one in told if len(one) >= SENTENCE]
    assert [one for one in long if one[len(one) // 2 :] not in held] == []
    assert len(long) >= 2 or name in WITHOUT_SENTENCES
