"""A key is named by its environment variable, and found nowhere else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.server import Server

KEY = "sk-種まき-geheim-4711".encode().hex()
HEADER = "header-secret-0815"


def tanemaki(*arguments: str, folder: Path, key: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "MY_KEY": key, "MY_HEADER": HEADER}
    command = [sys.executable, "-m", "tanemaki.cli.main", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)


def write_run(folder: Path, url: str) -> None:
    (folder / "seeds.jsonl").write_text(
        "\n".join(json.dumps({"persona": f"{i}歳の和菓子職人"}, ensure_ascii=False) for i in range(20, 26)),
        encoding="utf-8",
    )
    (folder / "run.yaml").write_text(
        f"""
recipe: persona_dialogue
language: ja
source: {{kind: jsonl, path: seeds.jsonl}}
models:
  writer: {{endpoint: {url}, name: tane, key_env: MY_KEY, headers_env: {{X-Team: MY_HEADER}}}}
limits: {{failed_share: null, accepted_share: null}}
output: run
""",
        encoding="utf-8",
    )


def leaks(folder: Path, *outputs: bytes) -> list[str]:
    found = [
        f"output {i}" for i, said in enumerate(outputs) if any(s.encode() in said for s in (KEY, HEADER))
    ]
    written = [path for path in folder.rglob("*") if path.is_file()]
    return found + [
        path.name for path in written if any(s.encode() in path.read_bytes() for s in (KEY, HEADER))
    ]


@pytest.mark.parametrize("faults", [{}, {"500": 0.3, "cut": 0.2, "html": 0.2}], ids=["well", "faulty"])
def test_a_key_is_written_nowhere_whatever_happens(faults: dict[str, float], tmp_path: Path) -> None:
    with Server(key=KEY, faults=faults) as server:
        write_run(tmp_path, server.url)
        done = [
            tanemaki(*arguments, folder=tmp_path, key=KEY)
            for arguments in (
                ("preview", "run.yaml"),
                ("run", "run.yaml", "--json"),
                ("run", "run.yaml", "--explain"),
                ("status", "run", "--json"),
                ("view", "run", "--part", "rejected"),
                ("doctor", "run.yaml"),
            )
        ]
        assert server.captured
    assert [one.returncode for one in done[:4]] == [0, 0, 0, 0], [one.stderr.decode() for one in done]
    assert leaks(tmp_path, *[said for one in done for said in (one.stdout, one.stderr)]) == []


def test_a_refused_key_is_not_shown_either(tmp_path: Path) -> None:
    with Server(key="another") as server:
        write_run(tmp_path, server.url)
        done = tanemaki("run", "run.yaml", folder=tmp_path, key=KEY)
    assert done.returncode == 3
    assert b"MY_KEY" in done.stderr
    assert b"Traceback" not in done.stderr
    assert leaks(tmp_path, done.stdout, done.stderr) == []
