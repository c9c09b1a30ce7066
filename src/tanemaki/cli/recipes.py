"""``tanemaki recipes``: which recipes there are, and what one of them does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tanemaki.cli.columns import cut, table
from tanemaki.cli.output import write, write_json

if TYPE_CHECKING:
    from tanemaki.core.recipe import Recipe
    from tanemaki.core.step import Spec
    from tanemaki.recipes.catalogue import Loaded
    from tanemaki.recipes.golden import Golden

_COLUMNS = 110
_FOOT = """\
Calls a row: to all models together, where nothing is rejected; each rejection adds the calls until then.
Show one: tanemaki recipes NAME"""
_HELP = """\
List the recipes with the roles that they ask, what these must be able to do, calls per accepted row, and whose method it
is; or show one: what it is for, its steps with what they read and write, its options, a finished row.

NAME is a recipe's name or the path of its folder. --graph draws what runs side by side: each column waits for the one
before it.
"""


@click.command("recipes", help=_HELP)
@click.argument("name", required=False)
@click.option("--graph", is_flag=True, help="Draw the steps in the order in which they run.")
@click.option("--mermaid", is_flag=True, help="Draw the steps as a Mermaid diagram.")
@click.option("--language", type=click.Choice(["ja", "en"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(name: str | None, *, graph: bool, mermaid: bool, language: str, as_json: bool) -> int:
    """List recipes or show one."""
    from tanemaki.recipes import catalogue

    if name is None:
        facts = [_facts(one) for one in catalogue.names()]
        write_json(facts) if as_json else write("\n".join([*map(_in_two_lines, facts), "", _FOOT]))
        return 0
    loaded = catalogue.load(name, language, base=Path())
    if as_json:
        write_json(_told(loaded))
    elif mermaid:
        write(_mermaid(loaded.recipe))
    elif graph:
        write(_columns(loaded.recipe))
    else:
        _show(loaded)
    return 0


def _facts(name: str) -> dict[str, Any]:
    from tanemaki.recipes import catalogue
    from tanemaki.recipes.facts import calls_per_row, source_of
    from tanemaki.recipes.golden import golden

    found = catalogue.find(name)
    spoken = sorted(catalogue.texts_of(found)) or ["en"]
    loaded = catalogue.load(name, spoken[0])
    return {
        "name": name,
        "purpose": loaded.purpose,
        "languages": spoken,
        "source": source_of(loaded.docstring),
        "needs": list(loaded.recipe.needs),
        "roles": {role: sorted(needed) for role, needed in loaded.recipe.roles.items()},
        "calls_per_row": calls_per_row(golden(found.path)),
    }


def _in_two_lines(facts: Mapping[str, Any]) -> str:
    """What it is for; then whom it asks for what, how often, and whose method it is."""
    told = [_asked(facts["roles"]) or "asks nobody"]
    if facts["calls_per_row"] is not None:
        told.append(f"{_calls(facts['calls_per_row'])} a row")
    if facts["source"]:
        told.append(facts["source"])
    first = f"{facts['name']:<20} {facts['purpose']} ({', '.join(facts['languages'])})"
    return f"{first}\n{'':<20} {cut(' · '.join(told), _COLUMNS)}"


def _asked(roles: Mapping[str, Iterable[str]]) -> str:
    """The roles, each with what its model must be able to do."""
    return ", ".join(f"{role} ({', '.join(sorted(needed))})" for role, needed in roles.items())


def _calls(range_: Sequence[float]) -> str:
    low, high = (f"{calls:.3g}" for calls in range_)
    return f"{low if low == high else f'{low}–{high}'} call{'' if high == '1' else 's'}"


def _told(loaded: Loaded) -> dict[str, Any]:
    row = _sample(loaded)
    return {
        "name": loaded.recipe.name,
        "docstring": loaded.docstring,
        "needs": list(loaded.recipe.needs),
        "roles": {role: sorted(needed) for role, needed in loaded.recipe.roles.items()},
        "trials": [
            {"recipe": one.recipe, "role": one.role, "rows": one.rows} for one in loaded.recipe.trials
        ],
        "writes": dict(loaded.recipe.writes),
        "options": dict(loaded.options),
        "steps": [_step(spec) for spec in loaded.recipe.specs],
        "sample": dict(row.expected or {}) if row else None,
    }


def _step(spec: Spec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "kind": spec.kind,
        "reads": list(spec.reads),
        "writes": dict(spec.writes),
        "roles": list(spec.roles),
        "prompts": list(spec.prompts),
        "tables": list(spec.tables),
        "reasons": list(spec.reasons) if spec.reasons is not None else None,
    }


def _sample(loaded: Loaded) -> Golden | None:
    from tanemaki.recipes.golden import golden

    rows = (row for row in golden(loaded.folder) if row.language == loaded.texts.language and row.expected)
    return next(rows, None)


def _show(loaded: Loaded) -> None:
    from tanemaki.recipes.facts import calls_per_row
    from tanemaki.recipes.golden import golden
    from tanemaki.run.preview import indent, show_fields

    recipe = loaded.recipe
    write(f"{recipe.name}\n\n{indent(loaded.docstring)}\n")
    write(f"Needs:  {', '.join(recipe.needs) or 'nothing'}    Roles: {_asked(recipe.roles) or 'none'}")
    for trial in recipe.trials:
        write(
            f"Trial:  {trial.role!r} is measured first, on {trial.rows} rows of {trial.recipe} (`trial` in the run file)"
        )
    calls = calls_per_row(golden(loaded.folder))
    write("" if calls is None else f"Asked:  {_calls(calls)} a row, where nothing is rejected\n")
    write("Steps:")
    for number, spec in enumerate(recipe.specs, 1):
        lists = {"reads": spec.reads, "writes": tuple(spec.writes), "asks": tuple(spec.roles)}
        lists |= {"prompts": tuple(spec.prompts), "tables": tuple(spec.tables), "rejects": spec.reasons or ()}
        write(f"  {number}. {spec.name}" + ("" if spec.kind == "each" else f" ({spec.kind})"))
        for label, names in lists.items():
            if names:
                write(f"     {label:<8} {', '.join(names)}")
    write("\nOptions (in a run file under `options`):")
    write(table([(name, _default(value)) for name, value in loaded.options.items()]) or "  none")
    readme = loaded.folder / "README.md"
    if loaded.options and readme.is_file():
        write(f"  What each of them means: {readme}")
    row = _sample(loaded)
    if row is not None and row.expected is not None:
        write(f"\nA finished row (golden, {row.language}):")
        write(show_fields({name: value for name, value in row.expected.items() if name not in recipe.hidden}))


def _default(value: Any) -> str:
    """Tell a default as a run file writes it; nothing chosen is the empty list."""
    return "left out" if value == () else f"default {list(value) if isinstance(value, tuple) else value!r}"


def _levels(recipe: Recipe) -> list[list[Spec]]:
    """Steps by how many others they wait for in a row: what stands in one column runs side by side."""
    from tanemaki.core.plan import plan_of

    plan = plan_of(recipe.specs)
    depth: list[int] = []
    for waits in plan.waits:
        depth.append(1 + max((depth[one] for one in waits), default=-1))
    levels: list[list[Spec]] = [[] for _ in range(max(depth, default=-1) + 1)]
    for spec, level in zip(plan.specs, depth, strict=True):
        levels[level].append(spec)
    return levels


def _columns(recipe: Recipe) -> str:
    levels = [[spec.name for spec in level] for level in _levels(recipe)]
    height = max(map(len, levels))
    rows = []
    for line in range(height):
        row: list[str] = []
        for place, level in enumerate(levels):
            row += [
                level[line] if line < len(level) else "",
                "──►" if line == 0 and place + 1 < len(levels) else "",
            ]
        rows.append(row)
    return table(rows, indent=0)


def _mermaid(recipe: Recipe) -> str:
    from tanemaki.core.plan import plan_of

    plan = plan_of(recipe.specs)
    lines = ["flowchart LR"]
    for place, spec in enumerate(plan.specs):
        asks = f"<br/>asks {', '.join(spec.roles)}" if spec.roles else ""
        lines.append(f'    s{place}["{spec.name}{asks}"]')
    for place, waits in enumerate(plan.waits):
        indirect = {further for one in waits for further in plan.waits[one]}
        lines += [f"    s{one} --> s{place}" for one in sorted(waits - indirect)]
    return "\n".join(lines)
