"""What the recipes make of a real, very small model: runs ``examples/real/*.yaml`` one after the other and writes the page.

Every number of ``docs/real-runs.md``, and the measured line in each recipe's README, comes from the runs' own journals.
A run that is complete is read and not made again, so that an interrupted session goes on. A remark on a row was written by
somebody who had read that row: it stands in ``examples/real/remarks.tsv`` beside the row's id and is shown with no other.

Where other work uses the processor, one thread (``taskset -c 0 python -m benchmarks.real_runs``) is several times as quick
as two that wait for each other.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[1]
EXAMPLES = REPOSITORY / "examples/real"
RECIPES = REPOSITORY / "src/tanemaki/recipes"
ORDER = (
    "persona_expand",
    "topic_dialogue",
    "magpie",
    "follow_up",
    "rewrite",
    "grounded_qa",
    "evol_instruct",
    "evol_quality",
    "critique_rewrite",
    "preference",
)
SHOWN: Mapping[str, tuple[str, ...]] = {
    "persona_expand": ("parent_persona", "relation", "related_persona"),
    "topic_dialogue": ("task", "topic", "level", "messages"),
    "magpie": ("domain", "messages"),
    "follow_up": ("subject", "messages"),
    "rewrite": ("passage", "mode", "rewritten"),
    "grounded_qa": ("kind", "question", "answer", "quote"),
    "evol_instruct": ("instruction", "operator", "evolved_instruction", "answer"),
    "evol_quality": ("instruction", "response", "axis", "evolved_response"),
    "critique_rewrite": ("instruction", "response", "critique", "rewritten_response"),
    "preference": ("instruction", "chosen", "rejected"),
}
_LINE = re.compile(r"^Measured on SmolLM2-135M.*$", re.MULTILINE)
_ENDED = ("complete", "short")
_REFUSED = 2  # the exit code of a set-up that cannot be
JUDGES: Mapping[str, str] = {
    "expected": "Asked for a digit, whose probabilities count",
    "pairwise": "Asked which of two answers is better, in both orders",
}
"""Of ``preference``: both are tried."""
NO_ROW = "-"
"""In the place of a row's id, in a remark on a run that accepted nothing."""
_MOST_CHARS = 1200  # of one text of a sample
_HEAD = """\
# What came out of real runs

Ten recipes, asked in English of SmolLM2-135M-Instruct, the model of `tanemaki demo`, with the filters as they ship. Written
by `python -m benchmarks.real_runs`: table and rows come from the runs' journals, the remarks from a reader. The model is a
hundredth of what one would use: the page shows what the machinery does with poor replies, which faults the filters name, and
what they let pass. Not here: what a recipe yields with a model of use.

Each run wants 10 rows and gives up after 200 rows of its source, or at the end of it (72 answers, 100 passages);
`preference` after 40. Limits on the share of failures are off. A candidate is a row or a child that ended: accepted,
rejected or surplus (accepted beyond the tenth). A reply that needs more tokens than the run file allows is `cut`. Requests
count those that were under way when the tenth row was there; tokens are those of the replies, minutes those in which one was
under way, on {machine}. Equal runs differ in single rows: a model's sums
depend on which replies are written side by side.

"""


@dataclass(frozen=True)
class Spent:
    """What the replies of a run came to."""

    minutes: float
    """In which one was under way."""
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True)
class Result:
    """What one run came to."""

    name: str
    status: Mapping[str, Any]
    spent: Spent
    row: Mapping[str, Any] | None
    """The first accepted row."""
    judge: str = ""
    """Where a judge ranks: how far it may be believed, as Markdown."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Accepted, rejected, failed and surplus rows."""
        return {key: self.status["accounting"][key] for key in ("accepted", "rejected", "failed", "surplus")}

    @property
    def candidates(self) -> int:
        """Rows that ended."""
        return sum(self.counts.values())

    @property
    def reasons(self) -> str:
        """The reasons, the most frequent first."""
        ranked = self.status["accounting"]["reasons"]
        return ", ".join(f"`{key.split(': ')[-1]}` {n}" for key, n in ranked.items()) or "none"

    @property
    def line(self) -> str:
        """The sentence of the recipe's README."""
        kept = self.counts["accepted"] + self.counts["surplus"]
        return (
            f"Measured on SmolLM2-135M-Instruct, a very small model, in English: {kept} of {self.candidates} candidates "
            f"passed, with {self.status['requests']} requests ([what came out](../../../../docs/real-runs.md))."
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is not there yet, then write page and READMEs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.real_runs", description=__doc__)
    parser.add_argument("names", nargs="*", help="recipes; all of them if none is named")
    parser.add_argument("--runs", type=Path, default=REPOSITORY / "runs/real", help="folder of the runs")
    parser.add_argument("--page", type=Path, default=REPOSITORY / "docs/real-runs.md")
    chosen = parser.parse_args(arguments)
    for name in chosen.names or ORDER:
        make(name, chosen.runs / name)
        if name == "preference":
            for judge in JUDGES:
                refuse(chosen.runs, judge)
    results = [
        read(name, chosen.runs / name) for name in ORDER if (chosen.runs / name / "journal.sqlite").exists()
    ]
    chosen.page.write_text(page_of(results, remarks()), encoding="utf-8")
    for result in results:
        write_line(RECIPES / result.name / "README.md", result)


def make(name: str, folder: Path) -> None:
    """Run one recipe, unless its run has ended."""
    if (folder / "journal.sqlite").exists() and _told("status", folder)[0]["state"] in _ENDED:
        return
    started = time.monotonic()
    file = str(EXAMPLES / f"{name}.yaml")
    ended = subprocess.run(_command("run", file, "--output", str(folder)), stdout=sys.stderr, check=False)
    print(f"{name}: exit code {ended.returncode}, {time.monotonic() - started:.0f} s", file=sys.stderr)
    if ended.returncode not in (0, 4):
        sys.exit(ended.returncode)


def refuse(runs: Path, judge: str) -> None:
    """Keep what ``preference`` says when this judge must pass its trial; a trial that was made is only read."""
    folder = runs / (
        "preference" if judge == "expected" else f"preference_{judge}"
    )  # as the run file says, or beside it
    shorter = (
        ("--models.judge.sampling.max-tokens", "160") if judge == "pairwise" else ()
    )  # else it goes on and on
    words = ("--trial", "require", "--options.judge", judge, *shorter, "--output", str(folder))
    command = _command("run", str(EXAMPLES / "preference.yaml"), *words)
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    said = ended.stderr[ended.stderr.rfind("SetupError") :] if ended.returncode == _REFUSED else ended.stderr
    (runs / f"refused_{judge}.txt").write_text(said.replace(f"{REPOSITORY}/", ""), encoding="utf-8")


def read(name: str, folder: Path) -> Result:
    """Return what the run's folder tells."""
    status, paid = _told("status", folder)[0], spent(folder / "journal.sqlite")
    row = next(iter(_told("view", folder, "--part", "accepted", "--n", "1")), None)
    return Result(name, status, paid, row, trusted(folder.parent) if name == "preference" else "")


def trusted(runs: Path) -> str:
    """Return what a run with either judge says where the judge must pass its trial."""
    parts = [
        "With `--trial require`, as a run has it unless told otherwise, nothing is asked and nothing ranked."
    ]
    for judge, asked in JUDGES.items():
        said = (runs / f"refused_{judge}.txt").read_text(encoding="utf-8").strip()
        parts.append(f"{asked} (`judge: {judge}`):\n\n```text\n{said}\n```")
    return "\n\n".join(parts)


def spent(path: Path) -> Spent:
    """Return what a run's journal says of time and tokens."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as journal:
        calls = journal.execute("SELECT at - latency_s, at FROM calls ORDER BY 1").fetchall()
        tokens = journal.execute("SELECT sum(prompt_tokens), sum(completion_tokens) FROM settled").fetchone()
    return Spent(_covered_s(calls) / 60, *tokens)


def _covered_s(spans: Sequence[tuple[float, float]]) -> float:
    """Return the seconds that the spans cover together; a run that was stopped and went on later did not run in between."""
    total, until = 0.0, 0.0
    for start, end in spans:
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total


def _told(command: str, folder: Path, *words: str) -> list[dict[str, Any]]:
    """Return what a command prints: ``status`` one mapping over many lines, ``view`` one on each line."""
    told = subprocess.run(
        _command(command, str(folder), "--json", *words), capture_output=True, text=True, check=True
    ).stdout
    lines = [told] if command == "status" else told.splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def _command(*words: str) -> list[str]:
    return [str(Path(sys.executable).with_name("tanemaki")), *words]


def remarks() -> Mapping[tuple[str, str], str]:
    """Return (recipe, row id) → what is wrong with that row."""
    lines = (EXAMPLES / "remarks.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(
        (line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    return {(row["recipe"], row["id"]): row["remark"] for row in rows}


def page_of(results: Sequence[Result], notes: Mapping[tuple[str, str], str]) -> str:
    """Return the page."""
    cells = [
        "recipe | candidates | accepted | surplus | requests | tokens in | out | minutes | not kept, most often first"
    ]
    cells += ["---|--:|--:|--:|--:|--:|--:|--:|---"]
    for one in results:
        status, counts, paid = one.status, one.counts, one.spent
        cells.append(
            f"[`{one.name}`](#{one.name}) | {one.candidates} | {counts['accepted']} | {counts['surplus']} | "
            f"{status['requests']:,} | {paid.tokens_in:,} | {paid.tokens_out:,} | {paid.minutes:.1f} | {one.reasons}"
        )
    table = "\n".join(f"| {row} |" for row in cells)
    parts = [_HEAD.format(machine=_machine()) + table, *(_section(one, notes) for one in results)]
    return "\n\n".join(parts) + "\n"


def _section(result: Result, notes: Mapping[tuple[str, str], str]) -> str:
    head = f"## {result.name}\n\n```sh\ntanemaki run examples/real/{result.name}.yaml\n```\n\n"
    if result.status["state"] not in _ENDED:
        head += "This run was stopped before it had its rows: the processor was wanted elsewhere.\n\n"
    if result.row is None:
        said = " ".join(filter(None, (f"{head}No row was accepted.", notes.get((result.name, NO_ROW)))))
        return "\n\n".join(filter(None, (said, result.judge)))
    fields = result.row["fields"]
    shown = "\n>\n".join(_shown(name, fields[name]) for name in SHOWN[result.name])
    remark = notes.get((result.name, result.row["id"]), "Nobody has written a remark on this row yet.")
    where = f"The first accepted row (number {result.row['ordinal']}):"
    parts = [f"{head}{where}", shown, f"**What is wrong with it.** {remark}", result.judge]
    return "\n\n".join(filter(None, parts))


def _shown(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "\n>\n".join(_shown(one["role"], one["content"]) for one in value)
    text = str(value)
    cut = text if len(text) <= _MOST_CHARS else f"{text[:_MOST_CHARS]} … ({len(text):,} characters)"
    quoted = "\n".join(f"> {line}".rstrip() for line in cut.splitlines())
    return f"> **{name}** {quoted.removeprefix('> ')}"


def _machine() -> str:
    return f"{os.cpu_count()} processor cores that other work kept busy"


def write_line(readme: Path, result: Result) -> None:
    """Put the measured line in the place of the one before it. Raises ``ValueError`` where the README has none."""
    text = readme.read_text(encoding="utf-8")
    if not _LINE.search(text):
        raise ValueError(f"{readme} has no line that begins with 'Measured on SmolLM2-135M'")
    readme.write_text(_LINE.sub(lambda _: result.line, text, count=1), encoding="utf-8")


if __name__ == "__main__":
    main()
