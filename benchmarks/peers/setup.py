"""``make bench-peers``: one environment per peer under ``benchmarks/.peers``. Standard library only.

A peer that cannot be installed is told with its reason, here and on the results page; the others go on.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path

HOME = Path(__file__).resolve().parents[1] / ".peers"
PACKAGES: Mapping[str, tuple[str, ...]] = {
    # its extra for inference would bring vLLM (8 GB); these are what its endpoint client imports
    "datatrove": ("datatrove[io]", "aiosqlite", "aiofiles", "orjson", "httpx", "openai", "aiohttp"),
    "curator": ("bespokelabs-curator",),
    "distilabel": ("distilabel[openai]", "requests"),  # requests: imported, not declared
    "datadesigner": ("data-designer",),
}
"""The engine's peers."""
OTHERS: Mapping[str, tuple[str, ...]] = {"reasoning_gym": ("reasoning-gym==0.1.25",)}
"""Peers of other parts: exact problems."""
_SHOWN: Mapping[str, str] = {
    "datatrove": "datatrove",
    "curator": "bespokelabs-curator",
    "distilabel": "distilabel",
    "datadesigner": "data-designer",
    "reasoning_gym": "reasoning-gym",
}
_TOKENIZER = "9b5ad71b2ce5302211f9c61530b329a4922fc6a4"
"""What tiktoken calls the vocabulary cl100k_base in its cache. litellm ships it; Curator and DataDesigner would fetch it."""


def install(name: str) -> str | None:
    """Make a peer's environment; return what went wrong, if anything."""
    home = HOME / name
    failed = home.with_suffix(".error")
    if (home / "installed").exists():
        return None
    shutil.rmtree(home, ignore_errors=True)
    venv.create(home, with_pip=True)
    pip = [str(home / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run(
        [*pip, "install", "-q", *{**PACKAGES, **OTHERS}[name]], capture_output=True, text=True, check=False
    )
    if done.returncode:
        shutil.rmtree(home)
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        failed.write_text("\n".join(lines[-3:])[:400], encoding="utf-8")
        return failed.read_text(encoding="utf-8")
    failed.unlink(missing_ok=True)
    frozen = subprocess.run([*pip, "freeze"], capture_output=True, text=True, check=True).stdout
    (home / "installed").write_text(frozen, encoding="utf-8")
    _keep_tokenizer(home)
    return None


def _keep_tokenizer(home: Path) -> None:
    for found in home.glob(f"lib/*/site-packages/**/{_TOKENIZER}"):
        (HOME / "tiktoken").mkdir(exist_ok=True)
        shutil.copy(found, HOME / "tiktoken")
        return


def version_of(name: str) -> str | None:
    """Return the version of an installed peer; None where there is none."""
    frozen = HOME / name / "installed"
    if not frozen.exists():
        return None
    for line in frozen.read_text(encoding="utf-8").splitlines():
        package, _, version = line.partition("==")
        if package.lower().replace("_", "-") == _SHOWN[name]:
            return version
    return "unknown"


def error_of(name: str) -> str:
    """Return why a peer is not there."""
    failed = HOME / f"{name}.error"
    return failed.read_text(encoding="utf-8") if failed.exists() else "not installed: make bench-peers"


def main() -> None:
    """Install the peers that are named, or all."""
    HOME.mkdir(exist_ok=True)
    for name in sys.argv[1:] or (*PACKAGES, *OTHERS):
        wrong = install(name)
        print(f"{name}: {version_of(name) if wrong is None else wrong}", flush=True)


if __name__ == "__main__":
    main()
