"""Every page of the repository: what it names exists."""

from __future__ import annotations

import ast
import re

import pytest

from support.pages import Page, pages
from support.source_tree import ROOT

KINDS = ("added", "changed", "fixed", "removed")


def test_there_are_pages_to_look_at() -> None:
    assert {"CONTRIBUTING.md", "CHANGELOG.md", "README.md", "README.ja.md"} <= {str(page) for page in pages()}


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_link_leads_to_a_file(page: Page) -> None:
    assert [target for target in page.links if not (page.path.parent / target).exists()] == []


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_path_that_is_named_exists(page: Page) -> None:
    assert [path for path, _ in page.named_paths if not exists(path)] == []


def exists(path: str) -> bool:
    """Whether a path is there; ``{a,b}`` and ``*`` in it stand for several."""
    head, braces, rest = path.partition("{")
    if braces:
        inner, _, tail = rest.partition("}")
        return all(exists(f"{head}{option}{tail}") for option in inner.split(","))
    return any(ROOT.glob(path)) if "*" in path else (ROOT / path).exists()


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_test_that_is_named_exists(page: Page) -> None:
    for path, name in page.named_paths:
        if name:
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            assert name in {
                node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            }


def test_every_invariant_names_the_test_that_holds_it() -> None:
    text = Page(ROOT / "CONTRIBUTING.md").text
    section = text[text.index("## Invariants") : text.index("## To add something")]
    invariants = re.findall(r"^\d+\. (.+?)(?=^\d+\. |\Z)", section, re.MULTILINE | re.DOTALL)
    assert len(invariants) >= 10
    assert [one[:60] for one in invariants if "`tests/" not in one] == []


def test_a_changelog_fragment_is_one_sentence_of_a_known_kind() -> None:
    fragments = sorted((ROOT / "changelog.d").glob("*"))
    assert fragments
    for path in fragments:
        assert re.fullmatch(rf"[a-z0-9-]+\.({'|'.join(KINDS)})\.md", path.name), path.name
        text = path.read_text(encoding="utf-8").strip()
        assert text, path.name
        assert "\n\n" not in text, f"{path.name}: one sentence, in terms of what a user can now see"
        assert text.endswith("."), path.name
