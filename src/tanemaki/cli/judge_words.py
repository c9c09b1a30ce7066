"""What the words of ``tanemaki judge`` mean: the keys of the run file, and what each ``--against`` names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tanemaki.core.errors import SetupError, nearest

_OURS = ("recipe", "source", "strata", "splits", "rows")
"""Keys of the run file that this command fills in itself, or that would leave rows out."""


@dataclass(frozen=True, slots=True)
class Against:
    """What the labels are compared with."""

    roles: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    files: Mapping[str, Path] = field(default_factory=dict)
    """The file's own name → where it lies."""


def settings_of(pairs: Sequence[tuple[str, str]], file: Path | None) -> dict[str, Any]:
    """Return the run-file keys of the flags, over those of a YAML file. Raises ``SetupError`` for keys filled in here."""
    from tanemaki.config.flags import read_flags
    from tanemaki.config.paths import rebase
    from tanemaki.config.yaml_file import read_yaml

    said = read_flags(pairs).values
    under: dict[str, Any] = {}
    if file is not None:
        tree = read_yaml(file, str(file))
        rebase(tree, file.parent, Path())
        under = tree.values
    for key in _OURS:
        if key in said or key in under:
            raise SetupError(
                f"the key {key!r} is filled in by this command",
                where=f"--{key}" if key in said else str(file),
                next="FILE is the source, and every row of it is judged; --limit N takes the first N",
            )
    return _over(under, said)


def _over(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(under)
    for key, value in over.items():
        below = both.get(key)
        both[key] = (
            _over(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
        )
    return both


def read_pairs(told: str | None, option: str, known: str) -> dict[str, str]:
    """Return ``prompt=question,first=a`` as a mapping. Raises ``SetupError``.

    >>> read_pairs("prompt=問い,first=甲", "--columns", "WORD=COLUMN")
    {'prompt': '問い', 'first': '甲'}
    """
    found: dict[str, str] = {}
    for part in filter(None, (told or "").split(",")):
        word, sign, value = (one.strip() for one in part.partition("="))
        if not (word and sign and value):
            raise SetupError(
                f"{option} holds what is no {known}", where=option, got=repr(part), next=f"{option} {known},…"
            )
        found[word] = value
    return found


def read_against(words: Sequence[str], roles: Sequence[str], columns: Sequence[str], own: Path) -> Against:
    """Return what each word names: a role with a model, a file, or a column. Without words it is every role.

    Raises ``SetupError`` for a word that names nothing, or two things, and where there is nothing to compare with.
    """
    if not words:
        return Against(tuple(roles))
    found: dict[str, list[str]] = {"role": [], "column": []}
    files: dict[str, Path] = {}
    for word in dict.fromkeys(words):
        means = [name for name, there in (("role", word in roles), ("column", word in columns)) if there]
        if Path(word).exists() and Path(word).resolve() != own.resolve() and not means:
            files[Path(word).name] = Path(word)
        elif len(means) == 1:
            found[means[0]].append(word)
        else:
            raise _unclear(word, roles, columns, twice=bool(means))
    return Against(tuple(found["role"]), tuple(found["column"]), files)


def _unclear(word: str, roles: Sequence[str], columns: Sequence[str], *, twice: bool) -> SetupError:
    if twice:
        return SetupError(
            "a model's role and a column have the same name",
            where="--against",
            got=repr(word),
            next=f"give the model another role: --models.other_{word}.endpoint … --against other_{word}",
        )
    near = nearest(word, (*roles, *columns))
    return SetupError(
        "what the labels are to be compared with is not there",
        where="--against",
        got=f"{word!r}; models: {', '.join(roles) or 'none'}; columns: {', '.join(columns)[:200]}",
        next=f"did you mean {near!r}?"
        if near
        else f"a column of FILE, another file, or a model: --models.{word}.endpoint URL --models.{word}.name …",
    )
