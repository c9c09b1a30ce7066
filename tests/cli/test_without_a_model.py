"""Commands on a recipe that asks no model: nothing in their words waits for replies, and lists are easy to give."""

from __future__ import annotations

import pytest

from support.cli import Work

RUN = """\
recipe: exact_maths
language: en
rows: 12
source: {kind: count}
options: {families: [missing_digits]}
output: runs/exact
"""


@pytest.fixture
def exact(work: Work) -> Work:
    work.write("run.yaml", RUN)
    return work


def test_a_preview_waits_for_rows_and_not_for_replies(exact: Work) -> None:
    told = exact("preview", "run.yaml").out
    assert "Waiting for the rows before it: exact_copy, messages" in told
    assert "a golden row of exact_maths (no model has part in it)" in told
    assert "replies" not in told


def test_an_estimate_says_that_no_model_was_asked(exact: Work) -> None:
    told = exact("run", "run.yaml", "--estimate").out
    assert "Sample: 12 rows of the source · no model was asked" in told
    assert "lay in the folder" not in told


def test_the_status_of_a_complete_run_expects_no_model(exact: Work) -> None:
    assert exact("run", "run.yaml").code == 0
    lines = [line.split(maxsplit=1) for line in exact("status", "runs/exact").out.splitlines()]
    assert ["models", "none asked"] in lines
    assert ["replies", "none"] in lines


def test_card_and_view_show_parameters_as_json(exact: Work) -> None:
    assert exact("run", "run.yaml").code == 0
    card = (exact.folder / "runs/exact/README.md").read_text(encoding="utf-8")
    assert 'parameters:\n{"frame": ' in card
    assert '  parameters: {"frame": ' in exact("view", "runs/exact").out


def test_a_list_as_a_flag_is_written_as_in_the_file(exact: Work) -> None:
    done = exact("run", "run.yaml", "--options.families", "[ages, dice_sum]", "--options.levels", "[1, 2]")
    assert done.code == 0
    assert '"family": "ages"' in exact("view", "runs/exact", "--json", "--n", "12").out


@pytest.mark.parametrize(
    ("flag", "value", "wanted", "example"),
    [
        ("families", "ages", "a list of texts", """families: ["ages"], as a flag --options.families '["ages"]'"""),
        ("levels", "3", "a list of whole numbers", "levels: [3], as a flag --options.levels '[3]'"),
    ],
)  # fmt: skip
def test_one_value_where_a_list_is_wanted_is_told_how_to_write_it(
    exact: Work, flag: str, value: str, wanted: str, example: str
) -> None:
    done = exact("run", "run.yaml", f"--options.{flag}", value)
    assert done.code == 2
    assert f"wants {wanted}" in done.err
    assert f"write {example}" in done.err
