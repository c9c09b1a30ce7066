"""A workplace for every test of a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.cli import Work, lay_out


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Work:
    monkeypatch.chdir(tmp_path)
    lay_out(tmp_path)
    return Work(tmp_path, capsys)
