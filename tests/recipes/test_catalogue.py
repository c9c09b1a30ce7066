"""Finding recipes, reading their folders, and what is said when something does not fit."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tanemaki.core.errors import RecipeError, SetupError
from tanemaki.core.model import Reply
from tanemaki.core.record import Record
from tanemaki.recipes import catalogue
from tanemaki.recipes.golden import golden

PLAIN = '''"""Answers in one sentence.

For: a test.
"""

from tanemaki.core.recipe import Recipe
from tanemaki.generate.ask import Ask

RECIPE = Recipe(needs=("question",), steps=(Ask("answer", of="writer", given=("question",)),))
'''
WITH_OPTIONS = '''"""Takes options."""

from typing import Literal

from tanemaki.core.recipe import Recipe
from tanemaki.generate.pick import PickNumber


def build(
    language: str,
    *,
    most: int = 3,
    share: float = 0.5,
    loud: bool = False,
    style: Literal["plain", "warm"] = "plain",
    tags: tuple[str, ...] = (),
    topic: str | None = None,
) -> Recipe:
    return Recipe(steps=(PickNumber("n", low=1, high=most),))
'''


def make(folder: Path, source: str, **prompts: str) -> Path:
    """Write a recipe folder; prompts are named ``<language>_<name>``."""
    folder.mkdir(parents=True)
    (folder / "recipe.py").write_text(source, encoding="utf-8")
    for key, text in prompts.items():
        language, _, name = key.partition("_")
        path = folder / "prompts" / language / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<!-- test, 2026-11, to be read -->\n\n{text}\n", encoding="utf-8")
    return folder


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return make(
        tmp_path / "one_sentence",
        PLAIN,
        ja_answer="{{ question }}に一文で。",
        en_answer="{{ question }} One sentence.",
    )


def test_the_packages_own_recipes_are_found_by_name() -> None:
    assert "persona_dialogue" in catalogue.names()
    folder = catalogue.find("persona_dialogue")
    assert folder.name == "persona_dialogue"
    assert (folder.path / "recipe.py").is_file()


@pytest.mark.parametrize("form", ["{}", "{}/", "{}/recipe.py"])
def test_any_folder_is_found_by_its_path_and_named_after_the_folder(plain: Path, form: str) -> None:
    assert catalogue.find(form.format(plain)) == catalogue.Folder("one_sentence", plain)


def test_a_relative_path_counts_from_the_base(plain: Path) -> None:
    assert catalogue.find("./one_sentence", base=plain.parent).path == plain


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(SetupError) as caught:
        catalogue.find("persona_dialog")
    assert str(caught.value).splitlines() == [
        "SetupError: unknown recipe 'persona_dialog'",
        "  where   recipe",
        "  got     'persona_dialog'",
        "  next    did you mean 'persona_dialogue'?",
    ]


def test_a_folder_without_recipe_is_told_apart_from_an_unknown_name(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        catalogue.find(str(tmp_path))
    assert caught.value.got == "a folder without recipe.py"


def test_a_loaded_recipe_brings_its_name_purpose_and_texts(plain: Path) -> None:
    loaded = catalogue.load(str(plain), "ja")
    assert loaded.recipe.name == "one_sentence"
    assert loaded.purpose == "Answers in one sentence."
    assert loaded.docstring.endswith("For: a test.")
    assert loaded.folder == plain
    assert loaded.texts.prompts["answer"].text == "{{ question }}に一文で。"
    assert loaded.texts.prompts["answer"].path == "one_sentence/prompts/ja/answer.md"
    assert dict(loaded.options) == {}
    loaded.recipe.check(catalogue.texts_of(catalogue.find(str(plain))))


def test_only_the_recipe_that_was_asked_for_is_run(plain: Path) -> None:
    make(plain.parent / "broken", "raise SystemExit('this recipe was not asked for')")
    assert catalogue.load(str(plain), "en").recipe.name == "one_sentence"


def test_loading_twice_reads_the_folder_as_it_is_now(plain: Path) -> None:
    catalogue.load(str(plain), "ja")
    (plain / "recipe.py").write_text(PLAIN.replace('"answer"', '"reply"'), encoding="utf-8")
    assert list(catalogue.load(str(plain), "ja").recipe.writes) == ["reply"]


def test_a_language_without_prompts_is_a_setup_error(plain: Path) -> None:
    shutil.rmtree(plain / "prompts" / "ja")
    with pytest.raises(SetupError) as caught:
        catalogue.load(str(plain), "ja")
    assert caught.value.what == "recipe 'one_sentence' has no prompts in language 'ja'"
    assert caught.value.got == "its languages: en"


def test_a_recipe_without_prompts_and_tables_works_in_any_language(tmp_path: Path) -> None:
    loaded = catalogue.load(str(make(tmp_path / "bare", WITH_OPTIONS)), "ja")
    assert (dict(loaded.texts.prompts), dict(loaded.texts.tables)) == ({}, {})


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("x = (\n", ":1", "SyntaxError"),
        ("import os\nimport no_such_library\n", ":2", "No module named 'no_such_library'"),
        ("\n\nRecipe()\n", ":3", "name 'Recipe' is not defined"),
    ],
)
def test_a_recipe_that_cannot_be_read_names_its_line(
    tmp_path: Path, source: str, line: str, said: str
) -> None:
    folder = make(tmp_path / "mine", source)
    before = set(sys.modules)
    with pytest.raises(RecipeError) as caught:
        catalogue.load(str(folder), "ja")
    assert caught.value.where == f"mine/recipe.py{line}"
    assert said in caught.value.what
    assert not {name for name in set(sys.modules) - before if name.startswith("tanemaki_recipe_")}


def test_a_module_without_recipe_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(RecipeError) as caught:
        catalogue.load(str(make(tmp_path / "mine", "x = 1\n")), "ja")
    assert caught.value.what == "recipe 'mine' gives no Recipe"
    assert caught.value.got == "neither RECIPE nor build in it"


def test_options_reach_the_recipe_and_are_told_with_their_defaults(tmp_path: Path) -> None:
    folder = make(tmp_path / "mine", WITH_OPTIONS)
    loaded = catalogue.load(str(folder), "ja", {"most": 9, "share": 1, "tags": ["a", "b"], "topic": "茶"})
    assert loaded.recipe.steps[0].high == 9
    assert dict(loaded.options) == {
        "most": 9,
        "share": 1,
        "loud": False,
        "style": "plain",
        "tags": ["a", "b"],
        "topic": "茶",
    }


@pytest.mark.parametrize(
    ("option", "value", "wanted"),
    [
        ("most", "3", "a whole number"),
        ("most", True, "a whole number"),
        ("most", 2.5, "a whole number"),
        ("share", "half", "a number"),
        ("loud", 1, "true or false"),
        ("loud", "false", "true or false"),
        ("style", "cold", "one of 'plain', 'warm'"),
        ("topic", 7, "a text or null"),
        ("tags", "ab", "a list of texts"),
        ("tags", [1], "a list of texts"),
    ],
)
def test_an_option_of_another_type_is_refused_with_what_it_wants(
    tmp_path: Path, option: str, value: object, wanted: str
) -> None:
    folder = make(tmp_path / "mine", WITH_OPTIONS)
    with pytest.raises(SetupError) as caught:
        catalogue.load(str(folder), "ja", {option: value})
    assert caught.value.what == f"option {option!r} of recipe 'mine' wants {wanted}"
    assert caught.value.where == f"options.{option}"
    assert caught.value.got == f"{value!r} ({type(value).__name__})"


def test_an_unknown_option_is_answered_with_the_nearest() -> None:
    with pytest.raises(SetupError) as caught:
        catalogue.load("persona_dialogue", "ja", {"turn_max": 2})
    assert caught.value.what == "recipe 'persona_dialogue' has no option 'turn_max'"
    assert caught.value.next == "did you mean 'turns_max'?"


def test_options_for_a_recipe_without_any_are_refused(plain: Path) -> None:
    with pytest.raises(SetupError, match="recipe 'one_sentence' has no options"):
        catalogue.load(str(plain), "ja", {"most": 1})


def test_an_option_without_default_is_the_authors_fault(tmp_path: Path) -> None:
    source = WITH_OPTIONS.replace("most: int = 3", "most: int")
    with pytest.raises(RecipeError, match="option 'most' of recipe 'mine' has no default"):
        catalogue.load(str(make(tmp_path / "mine", source)), "ja")


def test_the_users_prompt_takes_the_place_of_the_recipes(plain: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / "ja").mkdir(parents=True)
    (mine / "ja" / "answer.md").write_text("<!-- mine -->\n{{ question }}に五文字で。", encoding="utf-8")
    (mine / "ja" / ".answer.md.swp").write_text("an editor's leftover", encoding="utf-8")
    assert (
        catalogue.load(str(plain), "ja", overrides=mine).texts.prompts["answer"].text
        == "{{ question }}に五文字で。"
    )
    assert "One sentence" in catalogue.load(str(plain), "en", overrides=mine).texts.prompts["answer"].text


@pytest.mark.parametrize(
    ("path", "what", "next_step"),
    [
        ("ja/anser.md", "anser.md stands for no prompt of the recipe", "did you mean answer.md?"),
        ("jp/answer.md", "jp in the folder of prompts is no language of the recipe", None),
        (
            "answer.md",
            "answer.md in the folder of prompts is no language of the recipe",
            "put prompts into mine/ja/",
        ),
    ],
)
def test_an_override_that_would_change_nothing_is_refused(
    plain: Path, tmp_path: Path, path: str, what: str, next_step: str | None
) -> None:
    file = tmp_path / "mine" / path
    file.parent.mkdir(parents=True)
    file.write_text("…", encoding="utf-8")
    with pytest.raises(SetupError) as caught:
        catalogue.load(str(plain), "ja", overrides=tmp_path / "mine")
    assert caught.value.what == what
    assert next_step is None or caught.value.next == next_step


def test_a_missing_folder_of_overrides_is_refused(plain: Path, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="there is no folder of prompts"):
        catalogue.load(str(plain), "ja", overrides=tmp_path / "nowhere")


def test_tables_are_read_without_comments_and_empty_lines(plain: Path) -> None:
    table = plain / "data" / "ja" / "topics.tsv"
    table.parent.mkdir(parents=True)
    table.write_bytes("\ufeff# 出典\r\ntopic\tweight\r\n\r\n梅雨 \t2\r\n".encode())
    assert catalogue.load(str(plain), "ja").texts.tables == {"topics": ({"topic": "梅雨", "weight": "2"},)}


@pytest.mark.parametrize(
    ("row", "what", "got"),
    [
        ("梅雨", "a row has 1 cells where the header has 2", "'梅雨'"),
        ("梅雨\t多い", "a weight is no number of 0 or more", "'多い'"),
        ("梅雨\t-1", "a weight is no number of 0 or more", "'-1'"),
        ("梅雨\tnan", "a weight is no number of 0 or more", "'nan'"),
    ],
)
def test_a_bad_row_of_a_table_is_named_by_its_line(plain: Path, row: str, what: str, got: str) -> None:
    table = plain / "data" / "ja" / "topics.tsv"
    table.parent.mkdir(parents=True)
    table.write_text(f"# 出典\ntopic\tweight\n{row}\n", encoding="utf-8")
    with pytest.raises(RecipeError) as caught:
        catalogue.load(str(plain), "ja")
    assert (caught.value.what, caught.value.got) == (what, got)
    assert caught.value.where == "one_sentence/data/ja/topics.tsv:3"


def test_a_prompt_in_another_encoding_is_named(plain: Path) -> None:
    (plain / "prompts" / "ja" / "answer.md").write_bytes("質問".encode("shift_jis"))
    with pytest.raises(RecipeError) as caught:
        catalogue.load(str(plain), "ja")
    assert caught.value.what == "the file is not UTF-8"
    assert caught.value.where == "one_sentence/prompts/ja/answer.md"


def test_an_installed_package_tells_of_its_recipes_by_entry_points(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    shutil.copytree(plain, site / "garden_recipes" / "one_sentence")
    info = site / "garden_recipes-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: garden-recipes\nVersion: 1.0\n", encoding="utf-8"
    )
    entries = "[tanemaki.recipes]\ngarden = garden_recipes.one_sentence\ngone = garden_recipes.gone\n"
    (info / "entry_points.txt").write_text(entries, encoding="utf-8")
    monkeypatch.syspath_prepend(str(site))
    assert {"garden", "gone", "persona_dialogue"} <= set(catalogue.names())
    loaded = catalogue.load("garden", "ja")
    assert (loaded.recipe.name, loaded.folder) == (
        "garden",
        (site / "garden_recipes" / "one_sentence").resolve(),
    )
    with pytest.raises(SetupError) as caught:
        catalogue.find("gone")
    assert (
        caught.value.what == "recipe 'gone' was promised by an installed package, but there is no recipe.py"
    )


def test_a_golden_row_is_read_with_replies_of_both_forms(tmp_path: Path) -> None:
    line = (
        '{"name": "n", "language": "ja", "id": "g1", "fields": {"question": "葛とは？"},'
        ' "replies": ["根です。", {"text": "根", "finish_reason": "length"}],'
        ' "rejected": {"reason": "cut", "step": "answer", "note": ""}}'
    )
    (tmp_path / "golden.jsonl").write_text(line, encoding="utf-8")
    (row,) = golden(tmp_path)
    assert row.record == Record("g1", (1,), {"question": "葛とは？"}, parents=("g1",))
    assert row.replies == (Reply("根です。"), Reply("根", finish_reason="length"))
    assert (row.expected, row.options) == (None, {})
    assert row.rejected == {"reason": "cut", "step": "answer", "note": ""}


def test_a_bad_golden_row_is_named_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "golden.jsonl").write_text('\n{"name": "x"}\n', encoding="utf-8")
    with pytest.raises(RecipeError) as caught:
        golden(tmp_path)
    assert caught.value.where == f"{tmp_path.name}/golden.jsonl:2"
    several = '{"name": "n", "language": "ja", "replies": [], "rows": [%s], "ends": [%s]}'
    row, end = '{"id": "a", "fields": {}}', '{"expected": {}}'
    (tmp_path / "golden.jsonl").write_text(several % (row, f"{end}, {end}"), encoding="utf-8")
    (one,) = golden(tmp_path)
    assert (one.has_rows, one.record.ordinal, len(one.ends), one.rejected) == (True, (1,), 2, None)
    for rows, ends in [
        ("", end),
        ('{"id": "a"}', end),
        (row, "{}"),
        (row, '{"expected": {}, "rejected": {}}'),
    ]:
        (tmp_path / "golden.jsonl").write_text(several % (rows, ends), encoding="utf-8")
        with pytest.raises(RecipeError, match="other keys"):
            golden(tmp_path)
    (tmp_path / "golden.jsonl").write_text("{x\n", encoding="utf-8")
    with pytest.raises(RecipeError, match="not one JSON object"):
        golden(tmp_path)


JUDGES = '''"""Compares two answers."""

from tanemaki.core.recipe import Recipe
from tanemaki.judge.pairwise import Pairwise
from tanemaki.judge.scoring import Compare

RECIPE = Recipe(needs=("prompt", "first", "second"), steps=(Compare(Pairwise(), first="first", second="second"),))
'''


def test_a_judges_prompt_is_shared_by_naming_it(tmp_path: Path) -> None:
    folder = make(tmp_path / "my_judge", JUDGES)
    (folder / "prompts").mkdir()
    (folder / "prompts" / "shared.txt").write_text("# as it stands\n\npairwise\n", encoding="utf-8")
    texts = catalogue.texts_of(catalogue.find(str(folder)))
    assert sorted(texts) == ["en", "ja"]
    for language in texts:
        loaded = catalogue.load(str(folder), language)
        loaded.recipe.check(texts)
        assert loaded.texts.prompts["pairwise"].path == f"judge/prompts/{language}/pairwise.md"
    mine = tmp_path / "mine" / "ja"
    mine.mkdir(parents=True)
    slots = " ".join(f"{{{{ {slot} }}}}" for slot in sorted(texts["ja"].prompts["pairwise"].slots))
    (mine / "pairwise.md").write_text(f"<!-- mine -->\n{slots}", encoding="utf-8")
    assert catalogue.load(str(folder), "ja", overrides=mine.parent).texts.prompts["pairwise"].text == slots


@pytest.mark.parametrize(
    ("line", "own", "message", "next_step"),
    [
        ("pairwize", None, "'pairwize' is no shared prompt", "did you mean 'pairwise'?"),
        ("pairwise", "pairwise", "'pairwise' is a prompt of the folder already", "take the line out"),
        ("evol_instruct/deepn", None, "'deepn' is no shared prompt", "did you mean 'deepen'?"),
        ("evol_instrukt/deepen", None, "'deepen' is no shared prompt", "write prompts/"),
        (
            "evol_instruct/pairwise",
            "pairwise",
            "'pairwise' is a prompt of the folder already",
            "take the line",
        ),
    ],
)
def test_a_shared_prompt_that_is_not_there_or_doubled_is_named(
    tmp_path: Path, line: str, own: str | None, message: str, next_step: str
) -> None:
    prompts = {f"ja_{own}": "一文。", f"en_{own}": "One sentence."} if own else {}
    folder = make(tmp_path / "my_judge", JUDGES, **prompts)
    (folder / "prompts").mkdir(exist_ok=True)
    (folder / "prompts" / "shared.txt").write_text(line, encoding="utf-8")
    with pytest.raises(RecipeError, match=message) as caught:
        catalogue.texts_of(catalogue.find(str(folder)))
    assert caught.value.where == "my_judge/prompts/shared.txt"
    assert (caught.value.next or "").startswith(next_step)


def test_another_recipes_prompt_and_table_are_shared_by_naming_them(tmp_path: Path) -> None:
    folder = make(
        tmp_path / "mine",
        PLAIN,
        ja_answer="{{ question }}に一文で。",
        en_answer="{{ question }} One sentence.",
    )
    (folder / "prompts" / "shared.txt").write_text("evol_instruct/deepen\n", encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "data" / "shared.txt").write_text("# forms\nevol_instruct/input_formats\n", encoding="utf-8")
    mine, its = (
        catalogue.texts_of(catalogue.find(str(folder))),
        catalogue.texts_of(catalogue.find("evol_instruct")),
    )
    for language in ("ja", "en"):
        assert sorted(mine[language].prompts) == ["answer", "deepen"]
        assert mine[language].prompts["deepen"] == its[language].prompts["deepen"]
        assert mine[language].prompts["deepen"].path == f"evol_instruct/prompts/{language}/deepen.md"
        assert mine[language].tables == its[language].tables


def test_a_shared_table_that_is_not_there_is_named(tmp_path: Path) -> None:
    folder = make(tmp_path / "mine", PLAIN, ja_answer="{{ question }}", en_answer="{{ question }}")
    (folder / "data").mkdir()
    (folder / "data" / "shared.txt").write_text("evol_instruct/input_format", encoding="utf-8")
    with pytest.raises(RecipeError, match="'input_format' is no shared table") as caught:
        catalogue.texts_of(catalogue.find(str(folder)))
    assert (caught.value.where, caught.value.next) == (
        "mine/data/shared.txt",
        "did you mean 'input_formats'?",
    )
