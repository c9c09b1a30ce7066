"""Prices of hosted models from versioned files that anyone can edit.

A price is looked for in ``models.ROLE.price`` of the run file, then in the file that the run file names under ``prices:``,
then in the user's own ``prices.yaml`` (below ``$XDG_CONFIG_HOME/tanemaki`` or ``~/.config/tanemaki``), then in the one that
comes with Tanemaki. The first entry that fits counts. What is found is written into the run's settings before they are
checked, with the file's line as its origin: so ``--explain`` shows where a price came from, and ``run.yaml`` holds it with
the file's version. A model without an entry has no price; nothing is guessed. A price is no part of a call's identity:
another price pays nothing again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, ValidationError

from tanemaki.config.complaints import to_setup_error
from tanemaki.config.schema import Strict
from tanemaki.config.tree import Origin, Tree
from tanemaki.config.tree import Path as Keys
from tanemaki.config.yaml_file import read_yaml

PACKAGED = Path(__file__).with_name("prices.yaml")
_LABEL = "tanemaki/config/prices.yaml"
_PAID = ("openai", "batch-file")
"""Kinds of models that somebody else runs."""


class PriceEntry(Strict):
    """What one model costs at one service."""

    name: str = Field(min_length=1, description="the model's name as it is sent, with * and ?")
    host: str = Field("*", min_length=1, description="the endpoint's host, with * and ?; left out: any")
    input: float = Field(ge=0, description="USD per million prompt tokens")
    output: float = Field(ge=0, description="USD per million completion tokens, thinking included")
    batch: float | None = Field(None, ge=0, le=1, description="factor for requests in batch files")

    def fits(self, name: str, host: str) -> bool:
        """Say whether it is the price of a model; hosts are compared without regard to case.

        >>> mini = PriceEntry(name="gpt-4.1-mini*", host="api.openai.com", input=0.4, output=1.6)
        >>> mini.fits("gpt-4.1-mini-2025-04-14", "API.openai.com"), mini.fits("gpt-4.1-mini", "proxy.example")
        (True, False)
        """
        return fnmatchcase(name, self.name) and fnmatchcase(host.lower(), self.host.lower())


class PriceFile(Strict):
    """A file of prices."""

    version: str = Field(min_length=1, description="the day on which the prices were looked up")
    prices: list[PriceEntry] = Field(description="entries; the first that fits counts")


@dataclass(frozen=True, slots=True)
class Prices:
    """One file of prices, as it was read."""

    label: str
    """Its name for people."""
    file: PriceFile
    lines: tuple[int, ...]
    """The line of each entry."""

    @property
    def told(self) -> str:
        """What ``run.yaml`` says of it: no path, which may be that of somebody's home."""
        name = "Tanemaki's prices" if self.label == _LABEL else Path(self.label).name
        return f"{name}, version {self.file.version}"

    def find(self, name: str, host: str) -> tuple[PriceEntry, str] | None:
        """Return the first entry that fits with its file and line; None if there is none."""
        for entry, line in zip(self.file.prices, self.lines, strict=True):
            if entry.fits(name, host):
                return entry, f"{self.label}:{line}"
        return None


def own_file() -> Path:
    """Return where the user's own prices lie, if there are any."""
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "tanemaki" / "prices.yaml"


def read_prices(path: Path, label: str) -> Prices:
    """Return a file of prices. Raises ``SetupError`` with line and nearest key for whatever does not fit."""
    tree = read_yaml(path, label, "prices file")
    try:
        file = PriceFile.model_validate(tree.values)
    except ValidationError as error:
        raise to_setup_error(error, tree, PriceFile) from None
    lines = (tree.origins["prices", i].at_key.split(":")[-2] for i in range(len(file.prices)))
    return Prices(label, file, tuple(map(int, lines)))


def put_prices(tree: Tree, base: Path) -> Tree:
    """Return the values of a run with a price for every model that has none and that a file of prices knows.

    ``base`` is the folder from which ``prices:`` is told. Whatever is no proper run file is left for its check to complain.
    Files are read only where a price is missing. Raises ``SetupError`` for a file of prices that does not fit.
    """
    unpriced = list(_unpriced(tree.values))
    if not unpriced:
        return tree
    tree = tree.copy()
    files = _files(tree.values.get("prices"), base)
    for at, model, by_files in unpriced:
        found = _find(files, model["name"], _host_of(model.get("endpoint")))
        if found is not None:
            file, entry, line = found
            factor = entry.batch if by_files and entry.batch is not None else 1.0
            price = {"input": entry.input * factor, "output": entry.output * factor, "origin": file.told}
            _put(tree, (*at, "price"), price, Origin.named(line))
    return tree


def _find(files: Sequence[Prices], name: str, host: str) -> tuple[Prices, PriceEntry, str] | None:
    for file in files:
        found = file.find(name, host)
        if found is not None:
            return file, *found
    return None


def _unpriced(values: Mapping[str, Any]) -> Iterator[tuple[Keys, Mapping[str, Any], bool]]:
    """Yield place, name and address, and whether it is asked by batch files, of every endpoint without a price."""
    models = values.get("models")
    for role, model in models.items() if isinstance(models, dict) else ():
        if not isinstance(model, dict) or model.get("price") is not None:
            continue
        if model.get("kind", "openai") not in _PAID:
            continue
        endpoints = model.get("endpoints")
        if isinstance(endpoints, list) and endpoints:
            for i, one in enumerate(endpoints):
                if isinstance(one, dict) and one.get("price") is None:
                    named = {**one, "name": one.get("name") or model.get("name")}
                    if isinstance(named["name"], str):
                        yield ("models", role, "endpoints", i), named, False
        elif isinstance(model.get("name"), str):
            by_files = bool(model.get("batch")) or model.get("kind") == "batch-file"
            yield ("models", role), model, by_files


def _files(named: Any, base: Path) -> list[Prices]:
    files = []
    if isinstance(named, str) and named:
        path = base / Path(named).expanduser()
        files.append(read_prices(path, str(path)))
    own = own_file()
    if own.is_file():
        files.append(read_prices(own, str(own)))
    return [*files, read_prices(PACKAGED, _LABEL)]


def _host_of(endpoint: Any) -> str:
    try:
        return (urlsplit(endpoint).hostname or "") if isinstance(endpoint, str) else ""
    except ValueError:  # no address: the run file's check says so
        return ""


def _put(tree: Tree, path: Keys, price: dict[str, Any], origin: Origin) -> None:
    """Set a price; unlike ``Tree.put`` below a list, too."""
    inner: Any = tree.values
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = price
    tree.origins[path] = origin
    tree.origins |= {(*path, key): origin for key in price}
