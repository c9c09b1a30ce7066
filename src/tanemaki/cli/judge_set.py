"""The way of ``tanemaki judge`` from a file to its report: recognised, judged by its runs, told in figures and files."""

from __future__ import annotations

import re
import shlex
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tanemaki.cli.columns import cut, table
from tanemaki.cli.judge_runs import names_of, orders_of, orders_there, start_all
from tanemaki.cli.judge_words import Against, read_against, read_pairs, settings_of
from tanemaki.cli.output import write, write_json
from tanemaki.core.errors import DataError, SetupError

if TYPE_CHECKING:
    from tanemaki.report.judged_set import SetReport
    from tanemaki.report.scored_set import ScoredReport
    from tanemaki.run.foreign_set import Set
    from tanemaki.run.order import Order
    from tanemaki.run.recognised import Recognised

_CELL_COLUMNS = 72  # a prompt's beginning, or a whole sentence that says why there is no rate
_MOST_LEFT_OUT = 3  # reasons that are told with an example; all stand in left_out.jsonl


def judge_set(file: Path, flags: Sequence[tuple[str, str]], options: Mapping[str, Any], *, again: str) -> int:
    """Check a set before its judges and against further labels; return the exit code."""
    from tanemaki.judge.sets.sides import read_words
    from tanemaki.run.foreign_set import open_set
    from tanemaki.run.recognised import write_rows

    said = settings_of(flags, options["base"])
    words = read_words(options["labels"] or "")
    columns = read_pairs(options["columns"], "--columns", "WORD=COLUMN")
    found = open_set(file, columns, words)
    against = read_against(options["against"], list(said.get("models", {})), found.columns, file)
    kind = _kind(options["judge"], found)
    folder = Path(said.get("output") or _folder(file, kind))
    earlier = [] if options["against"] or against.roles else sorted(folder.glob("[!.]*.yaml"))
    _check(found, against, options, starts=bool(earlier))
    if not against.roles:
        _check_idle(said, options, starts=bool(earlier))
    folder.mkdir(parents=True, exist_ok=True)
    others = {name: _other(path, columns, words) for name, path in against.files.items()}
    rows = write_rows(found, folder / "rows.jsonl", columns=against.columns, others=others)
    said["language"] = said.get("language") or _language(rows)
    asked = {"judge": kind, **({"rows": "answers"} if rows.form.rows == "answers" else {})}
    if earlier:
        orders = orders_there(earlier, [one for one in flags if one[0] != "output"], options["judge"])
    else:
        orders = orders_of(folder, said, against.roles, asked)
    if options["estimate"] is not None:
        return _estimate(orders, options, again)
    ended, code = start_all(orders, again)
    if code or len(ended) < len(orders) or any(one.state == "waiting" for one in ended.values()):
        return code
    facts = list(facts_of(file, rows, folder))
    return _report(folder, orders, rows, facts, kind, said, options, again)


def _other(path: Path, columns: Mapping[str, str], words: Mapping[str, str]) -> Set:
    """Open a file with further labels: by the same columns, where it has them, else by those that it is recognised by."""
    from tanemaki.run.foreign_set import open_set

    try:
        return open_set(path, columns, words)
    except SetupError:
        if not columns:
            raise
        return open_set(path, {}, words)


def facts_of(file: Path, rows: Recognised, folder: Path) -> Iterator[str]:
    """Tell in sentences what the set is and what was left out of it, and write every row that was into a file."""
    what = "pairs" if rows.form.rows == "pairs" else "answers"
    read = ", ".join(rows.form.columns)
    yield f"{rows.n_rows} {what} of {file.name}, read as {rows.form.name!r} from {read}."
    if rows.form.has_labels:
        yield f"{rows.n_labelled} of them say which side is better, or that it is a tie."
    if rows.n_alarms:
        yield f"{rows.n_alarms} hold an overall score that contradicts the scores of its aspects."
    for column, n in rows.unread.items():
        yield f"{n} of the labels in {column!r} are no side, and count as none."
    path = folder / "left_out.jsonl"
    path.unlink(missing_ok=True)
    if rows.left_out:
        import json

        lines = (json.dumps({"row": where, "why": why}, ensure_ascii=False) for where, why in rows.left_out)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        whys = Counter(re.sub(r",? (got|as) .*", "", why) for _, why in rows.left_out)
        pieces = [f"{n} × {why}" for why, n in whys.most_common(_MOST_LEFT_OUT)]
        n_others = len(rows.left_out) - sum(n for _, n in whys.most_common(_MOST_LEFT_OUT))
        told = ", ".join([*pieces, f"{n_others} × other"] if n_others else pieces)
        were = "1 row was" if len(rows.left_out) == 1 else f"{len(rows.left_out)} rows were"
        yield f"{were} left out ({told}); each stands in left_out.jsonl."


def _kind(said: str | None, found: Set) -> str:
    if found.form.rows == "pairs":
        return said or "pairwise"
    if said in (None, "pairwise"):
        raise SetupError(
            "these rows hold one answer each, and the judge 'pairwise' compares two",
            where=str(found.path),
            got=f"read as {found.form.name!r} from {', '.join(found.form.columns)}",
            next="--judge single (or aspects, rubric, expected); or say where two answers are: --columns first=…,second=…",
        )
    return str(said)


def _check(found: Set, against: Against, options: Mapping[str, Any], *, starts: bool) -> None:
    """Raise ``SetupError`` for what cannot be compared. ``starts``: judges of an earlier start are asked again."""
    if not (starts or against.roles or against.columns or against.files or options["decisions"]):
        raise SetupError(
            "nothing is named that the labels could be compared with",
            where=str(found.path),
            got=f"read as {found.form.name!r} from {', '.join(found.form.columns)}",
            next="a model: --models.judge.endpoint URL --models.judge.name NAME; a column or a file: --against WHAT",
        )
    if found.form.rows == "answers" and (against.columns or against.files or options["decisions"]):
        raise SetupError(
            "labels of sides and decisions are of pairs, and these rows hold one answer each",
            where=str(found.path),
            next="name models alone",
        )
    opinions = (*against.columns, *against.files, *filter(None, (options["decisions"],)))
    alone = not found.form.has_labels and len(opinions) == 1
    if alone and not starts and not against.roles:
        raise SetupError(
            "the set holds no labels of its own, and one opinion alone agrees with nobody",
            where=str(found.path),
            next="say which column holds them: --columns label=…; or name a second --against",
        )


def _check_idle(said: Mapping[str, Any], options: Mapping[str, Any], *, starts: bool) -> None:
    """Raise ``SetupError`` for what would do nothing, because no model is named that it could be for."""
    idle = ["--from"] if options["base"] else []
    if not starts:
        idle += ["--judge"] if options["judge"] else []
        idle += [f"--{key}" for key in said if key != "output"]
    if idle:
        raise SetupError(
            f"{idle[0]} does nothing here: no model is named that would be asked",
            next="leave it out, or name a model: --models.judge.endpoint URL --models.judge.name NAME",
        )


def _folder(file: Path, kind: str) -> str:
    stem = file.name.split(".")[0] or "set"
    return f"runs/judge-{stem}" + ("" if kind == "pairwise" else f"-{kind}")


def _language(rows: Recognised) -> str:
    """Return ja or en, whichever more of the first rows are in."""
    from tanemaki.text.language import guess_language

    found = Counter(guess_language(text).language for text in rows.prompts)
    language = "ja" if found["ja"] >= max(1, found["en"]) else "en"
    sys.stderr.write(f"Language of the prompts: {language} (--language says another)\n")
    return language


def _estimate(orders: Mapping[str, Order], options: Mapping[str, Any], again: str) -> int:
    """Forecast the runs of the judges, one after the other."""
    from tanemaki.cli.estimate import estimate_here, write_estimate

    if not orders:
        raise SetupError(
            "no model is named whose cost could be forecast", where="--estimate", next="leave it out"
        )
    told, code = {}, 0
    for role, order in orders.items():
        one = estimate_here(order, options["estimate"], sure=options["yes"])
        told[role], code = one.to_json(), code or one.exit_code
        if not options["as_json"]:
            write(f"{role}:")
            write_estimate(one, again)
    if options["as_json"]:
        write_json(told)
    return code


def _report(
    folder: Path,
    orders: Mapping[str, Order],
    rows: Recognised,
    facts: Sequence[str],
    kind: str,
    said: Mapping[str, Any],
    options: Mapping[str, Any],
    again: str,
) -> int:
    from tanemaki.run.judged import DOUBTFUL, report_on_answers, report_on_pairs

    runs = {name: orders[role].output for role, name in names_of(orders).items()}
    found: SetReport | ScoredReport
    try:
        if rows.form.rows == "pairs":
            found = report_on_pairs(folder, runs, rows.opinions, facts, options["decisions"])
        else:
            found = report_on_answers(folder, runs, kind, said["language"], facts)
    except DataError as error:
        raise SetupError(error.what, where=error.where, got=error.got, next=error.next) from error
    names = {"report": "report.html", "markdown": "report.md", "doubtful": DOUBTFUL}
    files = {name: str(folder / one) for name, one in names.items()}
    figures = found.to_json()
    if options["as_json"]:
        told = {
            "folder": str(folder),
            "facts": list(facts),
            **figures,
            "tables": _tables(found),
            "files": files,
        }
        write_json(told)
        return 0
    for fact in facts:
        write(fact)
    for title, remark, one in [one for one in found.tables() if not one[0].startswith("On ")]:
        write(f"\n{title}")
        write(table([one.head, *([cut(cell, _CELL_COLUMNS) for cell in row] for row in one.rows)]))
        if remark:
            write(f"  {remark}")
    write(f"\nReport:  {files['report']}")
    if figures["doubtful"] and rows.form.rows == "pairs":
        then = f"{again} --decisions {shlex.quote(files['doubtful'])}"
        write(f"Decide:  {files['doubtful']}  ({figures['doubtful']} pairs; then {then})")
    for role in orders:
        write(f"Again:   tanemaki run {shlex.quote(str(folder / f'{role}.yaml'))}")
    return 0


def _tables(found: SetReport | ScoredReport) -> dict[str, list[dict[str, str]]]:
    """Return every table as rows by their heads, as the report shows them."""
    return {
        title: [dict(zip(one.head, row, strict=True)) for row in one.rows] for title, _, one in found.tables()
    }
