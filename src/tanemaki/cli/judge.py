"""``tanemaki judge``: whether the labels of a set made elsewhere hold, how far a judge may be believed, what is in doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from tanemaki.cli.arguments import RunFileCommand, split_words
from tanemaki.cli.starting import command as shell_command
from tanemaki.core.errors import SetupError

_HELP = """\
Check FILE, a set of preferences or of answers that was made elsewhere: do the chosen sides hold before a judge of yours,
how far may that judge be believed, how many labels are wrong, and which rows should a person decide?

FILE is JSONL, CSV, TSV or Parquet, or the folder of a run or a dataset. Its columns are recognised:

\b
  preference    chosen, rejected, and prompt or what both begin with: texts or turns (TRL, ShareGPT, HH-RLHF)
  rated         an instruction with completions and their scores (UltraFeedback, distilabel): best against worst
  two answers   answer_a, answer_b (response_1, conversation_a …) with a winner or label, or without
  one answer    messages, conversations, or a question with its answer: for judges that score (--judge single)

Each --against names one thing that the labels are compared with:

\b
  a model    --against judge --models.judge.endpoint URL --models.judge.name NAME   (any name, several models)
  a column   --against label_b         further labels in FILE
  a file     --against crowd.jsonl     labels of the same pairs elsewhere, in any of the forms above

Without --against it is every model that is named, here or at an earlier start. A model is measured first, on pairs whose
better side is known, and rates are corrected for its errors (--trial off leaves that out, require refuses a judge that
fails). It is an ordinary run in OUTPUT (runs/judge-FILE): started again it goes on, and pays for nothing twice. OUTPUT gets
report.html, report.md and doubtful.jsonl. Fill in `decision` (first, second, tie or discard) and `who` in the lines of that
queue, and bring it back with --decisions.

With --study FILE is a table of annotations (item_id, annotator, annotator_type, label; run, temperature, cost_usd …):
models, crowd and experts are compared on accuracy, agreement and cost, as tables and a plot. No model is asked.

\b
Examples:
  tanemaki judge pairs.jsonl --models.judge.endpoint http://localhost:8000/v1 --models.judge.name NAME
  tanemaki judge pairs.jsonl --against mild --against strict --from judges.yaml --estimate 24
  tanemaki judge pairs.csv --against label_b --columns prompt=question,first=a,second=b,label=label_a
  tanemaki judge pairs.jsonl --decisions runs/judge-pairs/doubtful.jsonl
  tanemaki judge answers.jsonl --judge single --models.judge.endpoint URL --models.judge.name NAME
  tanemaki judge labels.csv --study --price gpt=0.15/0.60

Exit codes: 0 done; 2 set-up; 3 models; 4 a limit; 130 interrupted.
"""
KINDS = ("pairwise", "single", "aspects", "rubric", "expected")


@click.command("judge", cls=RunFileCommand, help=_HELP, context_settings={"ignore_unknown_options": True})
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[--KEY VALUE]...")
@click.option(
    "--against", multiple=True, metavar="WHAT", help="A model's role, a column, or a file; may be repeated."
)
@click.option(
    "--judge", type=click.Choice(KINDS), help="How a model judges: pairwise for pairs, the others by scores."
)
@click.option("--columns", metavar="WORD=COLUMN,…", help="Which column holds prompt, chosen, first, label …")
@click.option("--labels", metavar="SIDE=WORD,…", help="What labels mean: first=1,second=0.")
@click.option(
    "--from", "base", type=click.Path(path_type=Path), help="YAML file with keys of the run file: models …"
)
@click.option("--decisions", type=click.Path(path_type=Path), help="A queue that a person filled in.")
@click.option("--study", is_flag=True, help="Compare annotators: FILE is a table of annotations.")
@click.option(
    "--price", multiple=True, metavar="NAME=IN/OUT", help="--study: USD per million tokens of an annotator."
)
@click.option(
    "--estimate",
    type=click.IntRange(min=1),
    metavar="N",
    help="Forecast cost and time from N rows, and stop.",
)
@click.option(
    "--yes", is_flag=True, help="Take the sample of --estimate without asking, also where it costs money."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(file: Path, words: tuple[str, ...], **options: Any) -> int:
    """Recognise the set, run its judges, report."""
    stray, flags = split_words(words, ("study", "yes", "json"))
    if stray is not None:
        raise SetupError(
            "a set is one file", got=repr(str(stray)), next="other labels are named with --against FILE"
        )
    if not file.exists():
        raise SetupError(
            "there is no such file", where=str(file), next="JSONL, CSV or Parquet, or the folder of a run"
        )
    if options["study"]:
        from tanemaki.cli.judge_study import compare_annotators

        return compare_annotators(file, flags, options)
    if options["price"]:
        raise SetupError(
            "--price belongs to --study", next="a model's price is --models.judge.price.input and …output"
        )
    if options["yes"] and options["estimate"] is None:
        raise SetupError("--yes belongs to --estimate", next="leave it out: a run asks nothing")
    from tanemaki.cli.judge_set import judge_set

    return judge_set(file, flags, options, again=_again(file, words, options))


def _again(file: Path, words: Sequence[str], options: Mapping[str, Any]) -> str:
    """Return the command itself, without what was asked for once, and without models where their run files will be there."""
    said = [part for what in options["against"] for part in ("--against", what)]
    for name in ("judge", "columns", "labels"):
        said += [f"--{name}", options[name]] if options[name] else []
    said += ["--from", str(options["base"])] if options["base"] else []
    if not options["against"]:
        flags = [flag for flag in split_words(words, ())[1] if not flag[0].startswith("models.")]
        words = tuple(part for name, value in flags for part in (f"--{name}", value))
    return shell_command("judge", file, *said, *words)
