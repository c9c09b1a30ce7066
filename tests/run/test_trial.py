"""A judge is measured before it ranks: refused with its numbers, paid once, charged to the run, and told in the card."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from support.benched import right, saying
from support.runs import Captured
from tanemaki import Recipe, Run, Scripted
from tanemaki.config.schema import RunFile
from tanemaki.core.errors import LimitReached, ModelError, SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.core.recipe import Trial
from tanemaki.run import look
from tanemaki.run.batching import send_requests_to
from tanemaki.run.order import order_from
from tanemaki.run.session import start
from tanemaki.run.verdict import rows_tried, verdicts_on

QUESTIONS = [{"question": f"{n}番目の問いです。"} for n in range(1, 6)]
N_CALLS = 120  # sixty pairs, both orders


async def verdict(question: str, *, judge: Any) -> str:
    return str((await judge(question)).text)


def recipe(**options: Any) -> Recipe:
    trial = Trial("judge_bench", {"judge": "pairwise", "names": False, **options})
    return Recipe(steps=(verdict,), needs=("question",), trials=(trial,))


def judging(voice: Callable[[Request], str]) -> Captured:
    """A judge that answers the run's own questions as well."""

    def said(request: Request) -> Reply:
        own = str(request.messages[-1]["content"]).endswith("番目の問いです。")
        return Reply("よい。") if own else saying(voice)(request)

    return Captured(said)


def fair(request: Request) -> str:
    return right(request, "ja")


def always_a(_: Request) -> str:
    return "A"


def run_of(folder: Path, judge: Scripted, **more: Any) -> Run:
    values: Mapping[str, Any] = {
        "recipe": recipe(),
        "source": QUESTIONS,
        "language": "ja",
        "output": str(folder),
    }
    return Run(**{**values, "models": {"judge": judge}, **more})


def test_a_judge_that_says_a_in_every_call_is_refused_with_its_numbers_before_the_run_asks_anything(
    tmp_path: Path,
) -> None:
    judge = judging(always_a)
    with pytest.raises(
        SetupError, match="the judge 'scripted' may not rank: it fails 3 of 4 demands"
    ) as caught:
        run_of(tmp_path / "run", judge).start()
    told = str(caught.value)
    assert "same winner with places exchanged 0.0 % (0.0 to 6.0, n = 60)" in told
    assert "60 planted pairs" in told
    assert len(judge.requests) == N_CALLS, "the run's own questions were not asked"
    assert not (tmp_path / "run/journal.sqlite").exists()
    assert "scripted" in (tmp_path / "run/trial/judge/report.html").read_text(encoding="utf-8")
    with pytest.raises(SetupError, match="its judge is measured first, or was refused"):
        look.status(tmp_path / "run")


def test_a_fair_judge_goes_on_to_the_run_and_the_card_tells_its_numbers(tmp_path: Path) -> None:
    judge = judging(fair)
    report = run_of(tmp_path / "run", judge).start()
    assert (report.state, report.accounting.accepted) == ("complete", 5)
    assert len(judge.requests) == N_CALLS + 5
    card = (tmp_path / "run/README.md").read_text(encoding="utf-8")
    assert "## How far the judge may be believed" in card
    assert "same winner with places exchanged 100.0 % (94.0 to 100.0, n = 60) | yes" in card


def test_a_second_start_pays_for_no_trial_again(tmp_path: Path) -> None:
    run_of(tmp_path / "run", judging(fair)).start()
    card = (tmp_path / "run/README.md").read_bytes()
    again = judging(fair)
    report = run_of(tmp_path / "run", again, licence="CC0-1.0").start()
    assert report.state == "complete"
    assert again.requests == []
    assert (tmp_path / "run/README.md").read_bytes() != card, "the licence is new"


def test_a_run_that_may_reuse_anothers_replies_reuses_those_of_its_trial(tmp_path: Path) -> None:
    run_of(tmp_path / "run", judging(fair)).start()
    again = judging(fair)
    run = run_of(tmp_path / "other", again, reuse=[str(tmp_path / "run")])
    assert run.start().state == "complete"
    assert again.requests == []


def test_a_folder_with_another_run_is_refused_before_the_trial(tmp_path: Path) -> None:
    run_of(tmp_path / "run", judging(fair)).start()
    judge = judging(fair)
    with pytest.raises(SetupError, match="the output folder holds another run: its seed differs"):
        run_of(tmp_path / "run", judge, seed=8).start()
    assert judge.requests == []


def test_report_goes_on_with_a_judge_that_failed_and_says_so_in_the_card(tmp_path: Path) -> None:
    run = run_of(tmp_path / "run", judging(always_a), trial="report")
    assert run.start().accounting.accepted == 5
    card = (tmp_path / "run/README.md").read_text(encoding="utf-8")
    assert "**failed**: what it chose is worth little." in card
    assert "same winner with places exchanged 0.0 % (0.0 to 6.0, n = 60) | no" in card


def test_who_follows_the_events_sees_the_calls_of_the_trial_and_a_refusal(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    run_of(tmp_path / "run", judging(fair)).start(events=events)
    told = [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]
    assert Counter(one["event"] for one in told) == {
        "run_started": 2,
        "reply": N_CALLS + 5,
        "row_ended": 65,
        "run_ended": 1,
    }
    assert [one["recipe"] for one in told if one["event"] == "run_started"] == ["judge_bench", "verdict"]
    with pytest.raises(SetupError, match="may not rank"):
        run_of(tmp_path / "other", judging(always_a)).start(events=tmp_path / "refused.jsonl")
    last = json.loads((tmp_path / "refused.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["event"], last["state"], last["error"]["class"]) == ("run_ended", "failed", "SetupError")


def test_off_asks_no_planted_pair(tmp_path: Path) -> None:
    judge = judging(always_a)
    run_of(tmp_path / "run", judge, trial="off").start()
    assert len(judge.requests) == 5
    assert not (tmp_path / "run/trial").exists()
    card = (tmp_path / "run/README.md").read_text(encoding="utf-8")
    assert "Not known: the role `judge` was not measured before it judged." in card


def test_a_trial_asked_for_later_is_in_the_card_of_the_finished_run(tmp_path: Path) -> None:
    run_of(tmp_path / "run", judging(fair), trial="off").start()
    judge = judging(fair)
    run_of(tmp_path / "run", judge).start()
    assert len(judge.requests) == N_CALLS, "and no row of the run is paid again"
    card = (tmp_path / "run/README.md").read_text(encoding="utf-8")
    assert "`scripted` was measured on pairs whose better side is known, and met every demand." in card


def test_the_verdict_is_that_of_the_model_that_ranked_whatever_was_tried_in_the_folder_since(
    tmp_path: Path,
) -> None:
    def bound(name: str, voice: Callable[[Request], str]) -> Run:
        def said(request: Request) -> Reply:
            own = str(request.messages[-1]["content"]).endswith("番目の問いです。")
            return Reply("よい。") if own else saying(voice)(request)

        return run_of(tmp_path / "run", Scripted(said, name=name))

    kept = bound("fair", fair)
    kept.start()
    with pytest.raises(SetupError, match="the judge 'blind' may not rank"):
        bound("blind", always_a).start()
    verdict = verdicts_on(kept.order)["judge"]
    assert verdict is not None
    assert {row["judge"] for row in rows_tried(tmp_path / "run", "judge", "fair")} == {"fair"}
    assert all(row["winner"] == row["label"] for row in rows_tried(tmp_path / "run", "judge", "fair"))
    assert (verdict.judge, verdict.may_rank) == ("fair", True)
    other = verdicts_on(bound("never tried", fair).order)
    assert other == {"judge": None}


def test_a_judge_asked_by_files_gets_its_trial_by_files(tmp_path: Path) -> None:
    source = tmp_path / "rows.jsonl"
    source.write_text(
        '{"prompt": "春の花は？", "better": "桜です。", "worse": "柿です。"}\n', encoding="utf-8"
    )
    run = RunFile.model_validate(
        {
            "recipe": str(outside(tmp_path)),
            "language": "ja",
            "source": {"kind": "jsonl", "path": str(source)},
            "models": {"judge": {"kind": "batch-file", "name": "far", "sampling": {"max_tokens": 512}}},
            "output": str(tmp_path / "run"),
        }
    )
    order = order_from(run, tmp_path)
    send_requests_to(tmp_path / "requests.jsonl", order.models, None)
    report = start(order)
    assert (report.state, report.folder) == ("waiting", tmp_path / "run/trial/judge")
    lines = (tmp_path / "requests.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == N_CALLS
    assert not (tmp_path / "run/journal.sqlite").exists()


def test_pairs_that_failed_are_asked_again_at_the_next_start(tmp_path: Path) -> None:
    broken = Captured(lambda _: _down())
    with pytest.raises(LimitReached, match="the trial of the judge ended: 20 of 20 rows failed") as caught:
        run_of(tmp_path / "run", broken).start()
    assert "start the run again: the pairs that failed are asked again" in str(caught.value)
    with pytest.raises(SetupError, match="could not be measured: all 60 pairs of its trial failed"):
        run_of(tmp_path / "run", broken, limits={"failed_share": None}).start()
    judge = judging(fair)
    assert run_of(tmp_path / "run", judge).start().state == "complete"
    assert len(judge.requests) == N_CALLS + 5


def test_a_judge_that_failed_on_some_pairs_is_refused_with_what_went_wrong(tmp_path: Path) -> None:
    heavy = judging(fair)
    n = count()

    def said(request: Request) -> Reply:
        return _down() if next(n) < N_CALLS // 2 else saying(fair)(request)

    with pytest.raises(SetupError, match="at least 50 planted pairs") as caught:
        run_of(tmp_path / "run", Captured(said), limits={"failed_share": None}).start()
    assert re.search(r"\d\d pairs failed \(server \d\d\): mend the cause", str(caught.value))
    assert run_of(tmp_path / "run", heavy).start().state == "complete"


def _down() -> Reply:
    raise ModelError("the server is down", fault="server")


def test_what_the_trial_was_charged_counts_towards_the_limits_of_the_run(tmp_path: Path) -> None:
    judge = judging(fair)
    with pytest.raises(LimitReached, match="requests"):
        run_of(tmp_path / "run", judge, limits={"requests": N_CALLS + 2}).start()
    assert len(judge.requests) == N_CALLS + 2
    with pytest.raises(LimitReached, match="requests"):
        run_of(tmp_path / "other", judge, limits={"requests": 50}).start()
    assert len(judge.requests) == N_CALLS + 2 + 50
    assert not (tmp_path / "other/journal.sqlite").exists()


def test_a_users_own_prompt_is_what_is_measured(tmp_path: Path) -> None:
    own = "<!-- 自作 -->\n[user]\n自作の審査です。\n{{ prompt }}\n【%s】\n{{ first }}\n【%s】\n{{ second }}\n"
    folder = tmp_path / "prompts/ja"
    folder.mkdir(parents=True)
    (folder / "pairwise.md").write_text(own % ("{{ first_name }}", "{{ second_name }}"), encoding="utf-8")
    judge = judging(always_a)
    row = {"prompt": "春の花は？", "better": "桜です。", "worse": "柿です。"}
    with pytest.raises(SetupError, match="may not rank"):
        Run(
            recipe=str(outside(tmp_path)),
            language="ja",
            source=[row],
            prompts=str(tmp_path / "prompts"),
            models={"judge": judge},
            output=str(tmp_path / "run"),
        ).start()
    assert len(judge.requests) == N_CALLS
    assert all("自作の審査です。" in str(request.messages) for request in judge.requests)


def outside(folder: Path) -> Path:
    """Write a recipe outside the package whose judge is the shared pairwise one, on trial."""
    place = folder / "ranked"
    (place / "prompts").mkdir(parents=True)
    (place / "prompts/shared.txt").write_text("pairwise\n", encoding="utf-8")
    (place / "recipe.py").write_text(
        '"""Ranks."""\n'
        "from tanemaki.core.recipe import Recipe, Trial\n"
        "from tanemaki.judge.by_name import judge_of\n"
        "from tanemaki.judge.scoring import Compare\n"
        "def build(language: str) -> Recipe:\n"
        '    step = Compare(judge_of("pairwise", language), first="better", second="worse")\n'
        '    trial = Trial("judge_bench", {"judge": "pairwise", "names": False})\n'
        '    return Recipe((step,), needs=("prompt", "better", "worse"), trials=(trial,))\n',
        encoding="utf-8",
    )
    return place
