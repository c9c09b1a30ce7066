from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support.cli import environment
from support.source_tree import ROOT
from tanemaki.cli.help_page import help_page
from tanemaki.cli.main import GROUPS


def test_the_page_of_the_commands_is_fresh() -> None:
    kept = (ROOT / "docs/generated/cli.md").read_text(encoding="utf-8")
    assert kept == help_page(), "run: make docs"


def test_the_page_holds_every_command() -> None:
    for names in GROUPS.values():
        for name in names:
            assert f"\n## tanemaki {name}\n" in help_page()
    assert "\n## tanemaki new recipe\n" in help_page()


def test_the_page_is_written_by_one_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tanemaki.cli.help_page"]
    subprocess.run([*command, "cli.md"], cwd=tmp_path, env=environment(), check=True)
    assert (tmp_path / "cli.md").read_text(encoding="utf-8") == help_page()
    refused = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stderr) == (2, "usage: python -m tanemaki.cli.help_page FILE\n")
