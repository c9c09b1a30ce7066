"""``tanemaki doctor``: what this machine has, and what the models of a run file can really do."""

from __future__ import annotations

import asyncio
import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tanemaki import __version__
from tanemaki.cli.columns import table
from tanemaki.cli.output import write, write_json

if TYPE_CHECKING:
    from tanemaki.config.schema import RunFile
    from tanemaki.models.probe import Probe

_CORE = ("click", "rich", "pydantic", "aiohttp", "uvloop", "orjson", "ruamel.yaml", "duckdb")
_EXTRAS = {"local": ("xllamacpp", "gguf", "huggingface_hub"), "hub": ("datasets", "huggingface_hub")}
_PORTS = {8000: "vLLM, SGLang", 11434: "Ollama", 8080: "llama.cpp", 1234: "LM Studio"}
_ASKED = ("chat", "raw", "n", "seed", "logprobs", "min_p", "json_schema", "tools")

_HELP = """\
Tell what is installed and where, and what is missing with the line that installs it.

With a run file, every endpoint in it is asked what it can really do: a server may accept a parameter and ignore it. That
costs about a dozen short requests for each. --scan asks the usual ports of this machine whether a model server is there.
Nothing else is contacted.
"""


@click.command("doctor", help=_HELP)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--scan", is_flag=True, help="Look for model servers on this machine's usual ports.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(file: Path | None, *, scan: bool, as_json: bool) -> int:
    """Look, and ask what was allowed to be asked. Exit code 3 if an endpoint of FILE does not answer."""
    told: dict[str, Any] = {
        "machine": _machine(),
        "packages": _packages(),
        "embedded_model": _embedded(),
        "sandbox": _sandbox(),
    }
    if scan:
        told["servers"] = asyncio.run(_scan())
    code = 0
    if file is not None:
        from tanemaki.config.load import load

        loaded = load(file)[0]
        probes = asyncio.run(_probe_all(loaded.run, loaded.base))
        told["models"] = {role: _probe_json(found) for role, found in probes.items()}
        code = max((found.error.exit_code for found in probes.values() if found.error), default=0)
    if as_json:
        write_json(told)
    else:
        _write(told)
    return code


def _machine() -> dict[str, str]:
    from tanemaki.models.gguf_file import cache_folder

    here = Path()
    free_gb = shutil.disk_usage(here).free / 1e9
    return {
        "tanemaki": __version__,
        "python": f"{platform.python_version()} at {sys.executable}",
        "disk": f"{free_gb:,.1f} GB free at {here.resolve()}",
        "model cache": str(cache_folder()) + ("" if cache_folder().is_dir() else " (not made yet)"),
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _packages() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {"core": {"packages": {name: _version(name) for name in _CORE}}}
    for extra, names in _EXTRAS.items():
        packages = {name: _version(name) for name in names}
        missing = not all(packages.values())
        found[extra] = {
            "packages": packages,
            "install": f'pip install "tanemaki[{extra}]"' if missing else None,
        }
    return found


def _embedded() -> dict[str, str]:
    from tanemaki.config.schema import ModelSettings
    from tanemaki.core.errors import SetupError
    from tanemaki.models.gguf_file import cache_folder, find_model_file, install_commands, wheel_file

    wheel = wheel_file()
    if find_spec("xllamacpp") is None or find_spec("gguf") is None:
        lines = "; ".join("pip " + " ".join(one) for one in install_commands())
        return {"state": "not installed", "install": lines}
    made = sorted(cache_folder().rglob("*.gguf"))
    if wheel is not None and not made:
        return {"state": "installed", "file": f"{wheel} (turned into F16 at the first start, 4 s)"}
    try:
        return {
            "state": "installed",
            "file": str(find_model_file("writer", ModelSettings(kind="local"), Path())),
        }
    except SetupError as error:
        return {"state": "no file", "install": "pip " + " ".join(install_commands()[-1]), "why": error.what}


def _sandbox() -> dict[str, str | bool]:
    """Start one, and tell what holds the code in it."""
    from tanemaki.verify.sandbox import layers

    return dict(layers())


def _sandbox_rows(found: dict[str, str | bool]) -> list[tuple[str, str]]:
    if "why" in found:
        return [("state", "no foreign code is executed here"), ("why", str(found["why"]))]
    outer = [name for name in ("namespaces", "bubblewrap") if found[name]]
    return [
        ("state", "works: one was started"),
        ("network, files, processes", "refused by a filter of system calls (seccomp)"),
        ("around it", ", ".join(outer) or "nothing (bubblewrap is a package of that name; it is not needed)"),
    ]


async def _scan() -> dict[str, str]:
    """Ask the usual ports of this machine for their models; only loopback is contacted."""
    from tanemaki.config.schema import ModelSettings
    from tanemaki.core.errors import TanemakiError
    from tanemaki.models.openai_compatible import OpenAICompatible

    found = {}
    for port, usual in _PORTS.items():
        endpoint = f"http://127.0.0.1:{port}/v1"
        model = OpenAICompatible("scan", ModelSettings(endpoint=endpoint, name="any", timeout_s=3))
        try:
            names = [str(entry["id"]) for entry in await model.models()]
            found[endpoint] = f"answers: {', '.join(names) or 'no model loaded'}"
        except TanemakiError as error:
            found[endpoint] = f"no answer ({usual})" if "refused" in str(error) else f"{error.what} ({usual})"
        finally:
            await model.close()
    return found


async def _probe_all(run: RunFile, base: Path) -> dict[str, Probe]:
    from tanemaki.models import open_model
    from tanemaki.models.openai_compatible import OpenAICompatible
    from tanemaki.models.probe import probe

    found = {}
    for role, settings in run.models.items():
        each = settings.each()
        for number, at in enumerate(each, start=1):
            model = open_model(role, at, base)
            if not isinstance(model, OpenAICompatible):
                continue
            try:
                found[role if len(each) == 1 else f"{role} ({number})"] = await probe(model)
            finally:
                await model.close()
    return found


def _probe_json(found: Probe) -> dict[str, Any]:
    return {
        "name": found.name,
        "answers": found.error is None,
        "error": str(found.error) if found.error else None,
        "server": found.server,
        "listed": list(found.listed),
        "context": found.n_context,
        "latency_s": round(found.latency_s, 3) if found.latency_s is not None else None,
        "thinks": found.thinks,
        "can": dict(found.findings),
    }


def _write(told: dict[str, Any]) -> None:
    write(table(list(told["machine"].items()), indent=0))
    write("\nPackages:")
    write(table(_package_rows(told["packages"])))
    write("\nEmbedded model:")
    write(table(list(told["embedded_model"].items())))
    write("\nSandbox for code that others wrote:")
    write(table(_sandbox_rows(told["sandbox"])))
    if "servers" in told:
        write("\nModel servers on this machine:")
        write(table(list(told["servers"].items())))
    if "models" in told:
        write("\nModels of the run file (asked, not believed):")
        if not told["models"]:
            write("  no endpoint to ask: its models are local, scripted or replayed")
        for role, found in told["models"].items():
            _write_model(role, found)


def _package_rows(packages: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    rows = []
    for extra, found in packages.items():
        shown = ", ".join(f"{name} {number or 'missing'}" for name, number in found["packages"].items())
        rows.append((extra, shown + (f"   {found['install']}" if found.get("install") else "")))
    return rows


def _write_model(role: str, found: dict[str, Any]) -> None:
    from tanemaki.run.preview import indent

    if not found["answers"]:
        write(f"  {role}: {found['name']} does not answer\n" + indent(found["error"], 4))
        return
    about = [found["name"], found["server"], f"{found['latency_s']} s for one token"]
    about.append(f"context {found['context']:,}" if found["context"] else "context not told")
    write(f"  {role}: " + ", ".join(part for part in about if part) + (", thinks" if found["thinks"] else ""))
    write(table([(name, found["can"].get(name, "not asked")) for name in _ASKED], indent=4))
