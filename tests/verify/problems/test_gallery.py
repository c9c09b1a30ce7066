"""The pages with one problem of every family are those that the families make now."""

from __future__ import annotations

import re

import pytest

from support.families import LANGUAGES
from support.source_tree import ROOT
from tanemaki.verify.problems.catalogue import families
from tanemaki.verify.problems.gallery import gallery
from tanemaki.verify.problems.wording import Language


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_fresh_and_has_every_family(language: Language) -> None:
    kept = (ROOT / f"docs/generated/problems.{language}.md").read_text(encoding="utf-8")
    assert kept == gallery(language), "make docs writes it anew"
    assert re.findall(r"^### (\w+): \S", kept, re.MULTILINE) == list(families())
