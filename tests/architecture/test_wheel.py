"""The wheel holds what a user needs: every module, prompt and table, and nothing that was left lying about."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support.source_tree import ROOT, SRC, repository_files


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = Path(target).glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_file_of_the_source_is_in_the_wheel(names: set[str]) -> None:
    wanted = {path.relative_to(SRC).as_posix() for path in repository_files() if path.is_relative_to(SRC)}
    assert {"tanemaki/py.typed", "tanemaki/core/record.py"} <= wanted
    assert wanted - names == set()
    assert {name for name in names if ".dist-info/" not in name} - wanted == set()


def test_the_licence_and_the_command_are_in_the_wheel(names: set[str]) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert any(name.endswith(".dist-info/entry_points.txt") for name in names)
