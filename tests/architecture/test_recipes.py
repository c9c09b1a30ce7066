"""Every recipe folder is whole, and says the same in both languages: the same prompts, slots, tables and columns."""

from __future__ import annotations

import pytest

from support.source_tree import SRC
from tanemaki.recipes import catalogue
from tanemaki.recipes.golden import golden

FOLDERS = sorted(path.parent for path in (SRC / "tanemaki" / "recipes").glob("*/recipe.py"))
LANGUAGES = ("en", "ja")
EACH = pytest.mark.parametrize("name", [folder.name for folder in FOLDERS])


def test_there_is_a_recipe_and_the_catalogue_finds_each() -> None:
    assert FOLDERS
    assert {folder.name for folder in FOLDERS} <= set(catalogue.names())


@EACH
def test_a_recipe_folder_is_whole(name: str) -> None:
    folder = catalogue.find(name).path
    shared = (folder / "prompts" / "shared.txt").is_file()
    prompts = ["prompts"] if shared else [f"prompts/{language}" for language in LANGUAGES]
    asks = any(spec.prompts for spec in catalogue.load(name, "ja").recipe.specs)
    wanted = ["recipe.py", "README.md", "golden.jsonl", *(prompts if asks else ())]
    assert [part for part in wanted if not (folder / part).exists()] == []


@EACH
def test_prompts_and_tables_are_twins(name: str) -> None:
    texts = catalogue.texts_of(catalogue.find(name))
    assert set(texts) == set(LANGUAGES)
    en, ja = texts["en"], texts["ja"]
    slots = {
        language: {one.name: one.slots for one in texts[language].prompts.values()} for language in LANGUAGES
    }
    assert slots["en"] == slots["ja"]
    assert set(en.tables) == set(ja.tables)
    assert {n: set(rows[0]) for n, rows in en.tables.items()} == {
        n: set(rows[0]) for n, rows in ja.tables.items()
    }


@EACH
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recipe_fits_together_with_its_prompts(name: str, language: str) -> None:
    loaded = catalogue.load(name, language)
    assert loaded.purpose, "the recipe's docstring begins with what it is for"
    loaded.recipe.check({language: loaded.texts})
    variants = [one.options for one in golden(catalogue.find(name).path) if one.language == language]
    recipes = [loaded.recipe, *(catalogue.load(name, language, options).recipe for options in variants)]
    used = {prompt for one in recipes for spec in one.specs for prompt in spec.prompts}
    assert set(loaded.texts.prompts) == used, (
        "a prompt that no step renders, whatever the options, is a mistake"
    )


@EACH
def test_a_prompt_begins_with_a_comment_that_is_not_sent(name: str) -> None:
    for path in sorted((catalogue.find(name).path / "prompts").glob("*/*.md")):
        first, _, rest = path.read_text(encoding="utf-8").partition("\n")
        assert first.startswith("<!--"), path
        assert first.endswith("-->"), path
        assert rest.strip(), path
