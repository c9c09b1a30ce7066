"""Paths in a run file belong to the file that says them, those in a recipe's options among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanemaki.config.load import load
from tanemaki.config.paths import located, rebase
from tanemaki.config.resolved import read_resolved
from tanemaki.config.tree import Tree
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.models.scripted import Scripted
from tanemaki.run.execute import execute
from tanemaki.run.order import order_from

BOOK = "question: 賛成か。\nlabels:\n- {label: 賛成, definition: 賛成だ。}\n- {label: 反対, definition: 反対だ。}\n"
RUN = """\
recipe: annotate
language: ja
source: {kind: jsonl, path: posts.jsonl}
models:
  annotator: {kind: scripted, file: unused.jsonl}
options: {codebook: stance.yaml, runs: 1, temperatures: [0.2]}
"""


@pytest.mark.parametrize(
    "value",
    [
        "",
        "chatml",
        "qwen2.5",
        "missing.tsv",
        "folder",
        "何について、賛成か反対か。a/b?",
        "長" * 100_000 + ".tsv",
        "\0.tsv",
        7,
        None,
        ["stance.yaml"],
    ],
)
def test_what_names_no_file_is_left_as_it_is(value: object, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "chatml").write_text("", encoding="utf-8")
    assert located({"it": value}, tmp_path) == {"it": value}


def test_an_option_that_names_a_file_beside_the_run_file_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "手引き.tsv").write_text("", encoding="utf-8")
    there = str(tmp_path / "手引き.tsv")
    assert located({"codebook": "手引き.tsv", "other": there}, tmp_path) == {
        "codebook": there,
        "other": there,
    }


def test_told_from_another_folder_only_options_that_name_a_file_change(tmp_path: Path) -> None:
    (tmp_path / "stance.yaml").write_text(BOOK, encoding="utf-8")
    tree = Tree({"options": {"codebook": "stance.yaml", "question": "stance.txt", "runs": 2}})
    rebase(tree, tmp_path, tmp_path / "runs" / "x")
    assert tree.values == {"options": {"codebook": "../../stance.yaml", "question": "stance.txt", "runs": 2}}


def settings(tmp_path: Path) -> Path:
    folder = tmp_path / "settings"
    folder.mkdir()
    (folder / "stance.yaml").write_text(BOOK, encoding="utf-8")
    (folder / "posts.jsonl").write_text('{"item_id": "1", "text": "早く始めてほしい。"}\n', encoding="utf-8")
    file = folder / "run.yaml"
    file.write_text(f"{RUN}output: {tmp_path / 'out'}\n", encoding="utf-8")
    return file


def test_a_run_file_elsewhere_finds_its_codebook_and_so_does_the_runs_own_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def label(_: Request) -> Reply:
        return Reply("早く始めてほしいと言っている。\nラベル：賛成")

    file = settings(tmp_path)
    monkeypatch.chdir(tmp_path)
    models = {"annotator": Scripted(label)}
    first = load(file)[0]
    report = execute(order_from(first.run, first.base, models))
    assert report.accounting.accepted == 1
    again, _ = read_resolved(tmp_path / "out" / "run.yaml")
    assert again.options["codebook"] == "../settings/stance.yaml"
    order = order_from(again, tmp_path / "out", models)
    assert [spec.name for spec in order.recipe.specs] == ["not_empty", "runs", "label"]


def test_a_codebook_that_is_nowhere_is_told_by_its_name(tmp_path: Path) -> None:
    file = settings(tmp_path)
    (file.parent / "stance.yaml").unlink()
    first = load(file)[0]
    with pytest.raises(SetupError, match="the codebook cannot be read") as caught:
        order_from(first.run, first.base, {})
    assert caught.value.where == "options.codebook: stance.yaml"
