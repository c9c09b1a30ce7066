"""One file, several runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanemaki.config.grid import suffix
from tanemaki.config.load import Loaded, load
from tanemaki.config.resolved import explain
from tanemaki.core.errors import SetupError

RUN = """\
recipe: persona_dialogue
language: ja
source: {kind: personas}
models:
  writer: {kind: local}
output: runs/x/
grid:
"""


def load_grid(tmp_path: Path, grid: str, *flags: tuple[str, str]) -> list[Loaded]:
    path = tmp_path / "run.yaml"
    path.write_text(RUN + grid)
    return load(path, flags)


def test_every_combination_is_a_run_with_a_folder_of_its_own(tmp_path: Path) -> None:
    runs = load_grid(tmp_path, "  seed: [1, 2]\n  models.writer.sampling.temperature: [0.2, 1]\n")
    assert [(one.run.output, one.run.seed) for one in runs] == [
        ("runs/x-temperature=0.2-seed=1", 1),
        ("runs/x-temperature=1-seed=1", 1),
        ("runs/x-temperature=0.2-seed=2", 2),
        ("runs/x-temperature=1-seed=2", 2),
    ]
    assert [one.run.models["writer"].sampling.temperature for one in runs] == [0.2, 1.0, 0.2, 1.0]
    assert dict(runs[3].grid) == {"seed": 2, "models.writer.sampling.temperature": 1}


def test_a_value_of_the_grid_tells_its_line(tmp_path: Path) -> None:
    second = load_grid(tmp_path, "  seed:\n  - 1\n  - 2\n")[1]
    [origin] = [row.origin for row in explain(second) if row.key == "seed"]
    assert origin == f"{tmp_path}/run.yaml:10 (grid)"


def test_a_runs_name_does_not_depend_on_the_other_runs(tmp_path: Path) -> None:
    few = {one.run.output for one in load_grid(tmp_path, "  seed: [1, 2]\n  rows: [10]\n")}
    many = {one.run.output for one in load_grid(tmp_path, "  rows: [10, 20]\n  seed: [3, 2, 1]\n")}
    assert few < many


def test_a_flag_picks_one_run_of_the_grid(tmp_path: Path) -> None:
    grid = "  seed: [1, 2]\n  rows: [10]\n"
    [picked] = load_grid(tmp_path, grid, ("seed", "2"))
    assert picked.run.output in {one.run.output for one in load_grid(tmp_path, grid)}
    assert (picked.run.seed, picked.origins["seed"]) == (2, "--seed")


def test_names_of_different_values_differ_whatever_they_hold() -> None:
    values = ["a/b", "a_b", "a b", "漢字", "漢/字", "x" * 60, "x" * 61, 1, 1.5, True, None, ["a"], {"a": 1}]
    names = [suffix({"models.writer.name": value}) for value in values]
    assert len(set(names)) == len(values)
    assert all("/" not in name and " " not in name and len(name) < 70 for name in names)
    assert names[3] == "-name=漢字"


def test_two_keys_of_one_last_name_are_told_in_full() -> None:
    assert suffix({"models.b.name": "x", "models.a.name": "y"}) == "-models.a.name=y-models.b.name=x"


@pytest.mark.parametrize(
    ("grid", "what"),
    [
        ("  sede: [1]\n", "unknown key sede"),
        ("  models.writer.temprature: [1]\n", "unknown key models.writer.temprature"),
        ("  seed: 1\n", "`grid.seed` must be a list of at least one value"),
        ("  seed: []\n", "`grid.seed` must be a list of at least one value"),
        ("  output: [a, b]\n", "the grid cannot vary `output`"),
        ("  source: [{kind: personas}]\n", "the grid cannot vary `source`"),
        ("  seed: [1, x]\n", "`seed` must be a whole number"),
        ("  seed: [" + ", ".join(map(str, range(1001))) + "]\n", "the grid makes 1,001 runs"),
        ("  [seed]\n", "`grid` must be a mapping"),
    ],
)
def test_a_grid_that_cannot_be_run_is_refused_before_the_first_run(
    tmp_path: Path, grid: str, what: str
) -> None:
    with pytest.raises(SetupError) as caught:
        load_grid(tmp_path, grid)
    assert caught.value.what.startswith(what)
    assert caught.value.next


def test_a_wrong_value_in_the_grid_is_told_at_its_place(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        load_grid(tmp_path, "  seed: [1, x]\n")
    assert str(caught.value.where).endswith("run.yaml:8:13")


def test_a_grid_of_nothing_is_one_plain_run(tmp_path: Path) -> None:
    [only] = load_grid(tmp_path, "")
    assert (only.run.output, dict(only.grid)) == ("runs/x/", {})


def test_an_item_of_a_list_cannot_vary_and_the_list_can(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"an item of the list `models\.writer\.endpoints`") as caught:
        load_grid(tmp_path, "  models.writer.endpoints.0.concurrency: [1, 2]\n")
    assert caught.value.next == "give the whole list: models.writer.endpoints: [[…], […]]"
