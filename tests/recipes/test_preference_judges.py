"""Pairs by every kind of judge, and judges of known behaviour, told apart by what became of their verdicts."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from support.benched import right
from support.cli import Work
from support.judging import answers_in
from support.kitchen import (
    TEXTS,
    Voice,
    answer,
    body_of,
    first,
    is_good,
    is_judged,
    longer,
    oracle,
    questions,
    shelf_of,
    text_of,
)
from support.pairs import Made, assert_nothing_chosen, assert_sound, make_pairs, read, run_roles, said_of
from support.replies import Said
from support.runs import Captured, dataset, table
from tanemaki import Run
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.core.record import Json
from tanemaki.judge.trust.measure import Measured
from tanemaki.judge.trust.of_pairs import compared_of
from tanemaki.models.scripted import Scripted
from tanemaki.report.judge_trust import report

NAME = "preference"
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
POOL = ["strong", "weak"]
Rating = Callable[[bool], str | Reply]
"""What a judge of single answers says of a good answer, and of a bad one."""


def compared(folder: Path, language: str, n: int, voice: Voice, **more: Any) -> Made:
    """Pairs of a strong and a weak model's answers, by a judge that compares, over HTTP."""

    def say(body: dict[str, Any]) -> Said:
        if is_judged(body):
            return f"…\n[[{voice(body)}]]"
        return answer(body, language, "good" if body["model"] == "strong" else "bad")

    options = {"answerers": POOL, **more.pop("options", {})}
    return make_pairs(NAME, folder, language, questions(language, n), say, options=options, **more)


def measured(made: Made) -> Measured:
    """What the report measures of the run's judge, by its accepted and its rejected rows."""
    rows = table(made.folder / "rejected.parquet")
    [judge] = report(compared_of([*made.accepted, *rows])).judges
    return judge


@EACH_LANGUAGE
def test_a_judge_that_prefers_the_first_verifies_nothing(language: str, tmp_path: Path) -> None:
    made = compared(tmp_path / "r", language, 50, first)
    assert made.accepted == []
    assert Counter(row["reason"] for row in made.rejected) == {"order_dependent": 50}
    assert_nothing_chosen(made.folder)
    found = measured(made)
    assert (found.n_rows, found.order.place_consistency.value, found.order.toward_first.value) == (
        50,
        0.0,
        1.0,
    )
    assert "no rate (n = 0)" in report(compared_of(table(made.folder / "rejected.parquet"))).markdown()


@EACH_LANGUAGE
def test_a_judge_that_prefers_the_longer_verifies_all_and_the_report_says_why(
    language: str, tmp_path: Path
) -> None:
    made = compared(tmp_path / "r", language, 50, longer)
    assert len(made.accepted) == 50
    assert_sound(made.accepted)
    assert all(len(said_of(row["chosen"])) > len(said_of(row["rejected"])) for row in made.accepted)
    assert 5 < sum(is_good(said_of(row["chosen"])) for row in made.accepted) < 45, (
        "it knows nothing of what is right"
    )
    found = measured(made)
    assert (found.length.longer_wins.value, found.length.longer_wins.n) == (1.0, 50)
    assert found.order.place_consistency.value == 1.0


@EACH_LANGUAGE
def test_of_a_judge_that_errs_in_a_fifth_of_its_calls_the_verified_pairs_are_right_as_often_as_they_should(
    language: str, tmp_path: Path
) -> None:
    """Both calls right: 0.8²; both wrong: 0.2²; all else is rejected."""
    n, verified, right = 200, 0.8**2 + 0.2**2, 0.8**2 / (0.8**2 + 0.2**2)
    made = compared(tmp_path / "r", language, n, oracle(0.2))
    n_verified = len(made.accepted)
    n_right = sum(is_good(said_of(row["chosen"])) for row in made.accepted)
    assert abs(n_verified - n * verified) < 3.3 * math.sqrt(n * verified * (1 - verified))  # p 0.001
    assert abs(n_right - n_verified * right) < 3.3 * math.sqrt(n_verified * right * (1 - right))
    assert {row["reason"] for row in made.rejected} == {"order_dependent"}


@pytest.mark.parametrize(
    ("said", "reason"),
    [("[[C]]", "tie"), ("[[A]] … [[B]]", "two_verdicts"), ("…", "no_verdict"), ("verdict: a", "no_verdict")],
)
def test_where_nothing_is_decided_there_is_no_pair_and_no_division_by_zero(
    said: str, reason: str, tmp_path: Path
) -> None:
    """Fault 25: all ties divided by zero. Here: a run of no rows, with the reason counted, and rates that say n = 0."""

    def say(body: dict[str, Any]) -> Said:
        return said if is_judged(body) else answer(body, "ja", "good" if body["model"] == "strong" else "bad")

    made = make_pairs(NAME, tmp_path / "r", "ja", questions("ja", 50), say, options={"answerers": POOL})
    assert made.accepted == []
    assert Counter(row["reason"] for row in made.rejected) == {reason: 50}
    found = measured(made)
    assert (found.length.longer_wins.value, found.length.longer_wins.n) == (None, 0)
    assert found.reading.unsettled[reason].value == 1.0
    card = (made.folder / "README.md").read_text(encoding="utf-8")
    assert f"`{reason}`" in card or reason in card


def test_three_orders_of_asking_tell_a_judge_of_names_from_one_of_places(tmp_path: Path) -> None:
    made = compared(tmp_path / "name", "ja", 50, lambda _: "A", options={"names": True})
    assert Counter(row["reason"] for row in made.rejected) == {"name_dependent": 50}
    found = measured(made)
    assert (found.order.name_consistency.value, found.order.toward_a.value) == (0.0, 1.0)
    place = compared(tmp_path / "place", "ja", 50, first, options={"names": True})
    assert Counter(row["reason"] for row in place.rejected) == {"order_dependent": 50}
    assert measured(place).order.name_consistency.value == 1.0


def test_repeats_are_counted_and_what_has_no_majority_is_unstable(tmp_path: Path) -> None:
    def voice(body: Mapping[str, Any]) -> str:
        right = oracle()(body)
        return "C" if shelf_of(body) % 5 == 0 and body["seed"] % 2 else right

    made = compared(tmp_path / "r", "ja", 60, voice, options={"repeats": 2})
    asked = {(text_of(body), body["seed"]) for body in made.bodies if is_judged(body)}
    assert len(asked) == 60 * 4
    unstable = {row["reason"] for row in made.rejected if shelf_of({"messages": row["prompt"]}) % 5 == 0}
    assert unstable <= {"unstable", "tie", "order_dependent"}
    assert "unstable" in unstable
    assert len(made.accepted) >= 48


def scored(
    folder: Path, judge: str, said: Callable[[bool], str | Reply], n: int = 50, **options: Any
) -> Made:
    """Pairs of a strong and a weak model's answers, by a judge that scores one answer at a time."""

    def say(request: Request) -> str | Reply:
        return said(is_good(answer_in(text_of(body_of(request)))))

    models = {
        "strong": Scripted(lambda request: answer(body_of(request), "ja", "good"), name="strong"),
        "weak": Scripted(lambda request: answer(body_of(request), "ja", "bad"), name="weak"),
        "judge": Scripted(say, name="critic"),
    }
    given = {"judge": judge, "answerers": POOL, **options}
    roles = ("strong", "weak", *(("judge",) if judge not in ("exact", "none") else ()))
    return run_roles(
        NAME, folder, "ja", questions("ja", n), {role: models[role] for role in roles}, options=given
    )


def answer_in(text: str) -> str:
    """What a judge of single answers is shown."""
    found = re.search(r"【回答　ここから】\n(.*?)\n【回答　ここまで】", text, re.DOTALL)
    return found[1] if found else text.rpartition("\n")[2]


def chances(good: bool) -> Reply:  # noqa: FBT001 - what a rating depends on
    """A digit with its alternatives: 4.0 expected for a good answer, 2.2 for a bad one."""
    shares = {"4": 0.6, "5": 0.3, "1": 0.1} if good else {"2": 0.6, "3": 0.3, "1": 0.1}
    tops: list[Json] = [{"token": name, "logprob": math.log(share)} for name, share in shares.items()]
    top = next(iter(shares))
    place = {"token": top, "logprob": math.log(shares[top]), "top_logprobs": tops}
    return Reply(top, logprobs={"content": [place]})


SCORES: Mapping[str, tuple[Rating, float, float]] = {
    "single": (lambda good: "要点が合っている。\n[[9]]" if good else "傷んでしまう。\n評価：２", 9, 2),
    "aspects": (lambda good: "[[5]]" if good else "[[1]]", 5, 1),
    "rubric": (
        lambda good: "減点：なし\n[[5]]" if good else "減点：事実の誤り（3点）窓ぎわでは傷む。\n[[2]]", 5, 2,
    ),
    "expected": (chances, 4 * 0.6 + 5 * 0.3 + 0.1, 2 * 0.6 + 3 * 0.3 + 0.1),
    "reward": (lambda good: "reward:1.75" if good else "reward:-4.5", 1.75, -4.5),
}  # fmt: skip


@pytest.mark.parametrize("judge", SCORES)
def test_every_judge_of_single_answers_makes_pairs_by_its_own_scale(judge: str, tmp_path: Path) -> None:
    """Fault 15, in ``expected``: digits count by their probability."""
    said, high, low = SCORES[judge]
    made = scored(tmp_path / "r", judge, said)
    assert len(made.accepted) == 50
    assert_sound(made.accepted)
    for row in made.accepted:
        assert (row["score_chosen"], row["score_rejected"]) == pytest.approx((high, low))
        assert (row["answerer_chosen"], row["answerer_rejected"]) == ("strong", "weak")
        told = read(row["answers"])
        assert sorted(one["score"] for one in told) == pytest.approx([low, high])
        assert all({f"{judge}_rationale", f"{judge}_parts"} < one.keys() for one in told)
    assert not {judge, "answer", "answerer"} & set(made.accepted[0])


RATINGS = ("1/10", "10/1", "8.5", "N/A", "score: ten", "評価：８", "[[3]] [[9]]")


def test_ratings_that_other_readers_got_wrong_are_scores_or_reasons_and_never_a_ten_or_a_middle(
    tmp_path: Path,
) -> None:
    """Faults 13 and 14: "1/10" became 10, and what was missing a value in the middle."""

    def judge(request: Request) -> str:
        body = body_of(request)
        return "[[5]]" if not is_good(answer_in(text_of(body))) else RATINGS[shelf_of(body) % len(RATINGS)]

    models = {
        "strong": Scripted(lambda request: answer(body_of(request), "ja", "good")),
        "weak": Scripted(lambda request: answer(body_of(request), "ja", "bad")),
        "judge": Scripted(judge),
    }
    options = {"judge": "single", "answerers": POOL}
    made = run_roles(NAME, tmp_path / "r", "ja", questions("ja", 70), models, options=options)
    assert_sound(made.accepted)
    kinds = {RATINGS[shelf_of({"messages": row["prompt"]}) % len(RATINGS)]: row for row in made.accepted}
    assert {kind: (row["score_chosen"], row["score_rejected"]) for kind, row in kinds.items()} == {
        "1/10": (5.0, 1.0),
        "評価：８": (8.0, 5.0),
    }
    reasons = Counter(row["reason"] for row in made.rejected if row["step"] == "single")
    assert reasons == {
        "off_scale": 10,
        "not_whole": 10,
        "not_applicable": 10,
        "no_verdict": 10,
        "two_verdicts": 10,
    }
    assert Counter(row["reason"] for row in made.rejected if row["step"] == "pair") == {"too_few_answers": 50}


@pytest.mark.parametrize(
    ("options", "reason", "measured_"),
    [
        ({"policy": "best_worst"}, "tied", "7.0"),
        ({"policy": "margin", "min_margin": 3.0}, "low_margin", "1.0"),
    ],
)
def test_equal_scores_and_scores_too_close_make_no_pair(
    options: dict[str, Any], reason: str, measured_: str, tmp_path: Path
) -> None:
    made = scored(
        tmp_path / "r", "single", lambda good: "[[7]]" if reason == "tied" or good else "[[6]]", **options
    )
    assert made.accepted == []
    assert Counter((row["reason"], row["measured"]) for row in made.rejected) == {(reason, measured_): 50}
    assert all(len(row["answers"]) == 2 for row in made.rejected)
    assert_nothing_chosen(made.folder)


def test_an_exact_verifier_makes_pairs_of_answers_that_differ_in_a_digit(tmp_path: Path) -> None:
    way = (
        "まず、ひと箱に入っている数を確かめます。問題の文に十二個と書いてあるので、箱の数にこれを掛ければ全体がわかります。"
        "箱の外に出ているみかんのことは何も書かれていないため、足したり引いたりする必要はありません。"
        "筆算では一の位から順に掛け、繰り上がりを忘れないように小さく書いておくと間違えにくくなります。"
    )

    def say(body: dict[str, Any]) -> Said:
        k, right = int(re.findall(r"(\d+)箱", text_of(body))[0]), body["model"] == "strong"
        last = {1: "愛媛", 2: f"{12 * k}個", 3: f"{13 * k}個"}.get(k % 5, f"{12 * k + (not right)}個")
        return f"{way}\n答え：{last}"

    source: list[dict[str, Any]] = [
        {
            "instruction": f"みかんが{k}箱あります。ひと箱は12個です。全部で何個ですか。",
            "expected": "伊予" if k % 5 == 1 else 12 * k,
        }
        for k in range(1, 51)
    ]
    source[9]["expected"] = None
    options = {"answerers": POOL, "judge": "exact"}
    made = make_pairs(NAME, tmp_path / "r", "ja", source, say, options=options)
    assert len(made.accepted) == 19
    assert_sound(made.accepted, exact=True)
    with pytest.raises(AssertionError):
        assert_sound(made.accepted)
    for row in made.accepted:
        assert f"答え：{row['expected']}個" in said_of(row["chosen"])
        assert (row["score_chosen"], row["score_rejected"]) == (1.0, 0.0)
    assert Counter((row["step"], row["reason"]) for row in made.rejected) == {
        ("has_answer_key", "no_answer_key"): 1,
        ("exact", "not_decided"): 20,
        ("pair", "too_few_answers"): 10,
        ("pair", "all_right"): 10,
        ("pair", "all_wrong"): 10,
    }


def test_without_a_judge_the_strong_models_answer_is_chosen_and_has_no_score(tmp_path: Path) -> None:
    made = scored(tmp_path / "r", "none", lambda _: "")
    assert len(made.accepted) == 50
    assert_sound(made.accepted)
    for row in made.accepted:
        assert (row["answerer_chosen"], row["answerer_rejected"]) == ("strong", "weak")
        assert (row["score_chosen"], row["score_rejected"], row["margin"]) == (None, None, None)


def test_a_panel_votes_and_its_judges_are_measured_apart(tmp_path: Path) -> None:
    voices: Mapping[str, Voice] = {"place": first, "length": longer, "sense": oracle()}

    def say(body: dict[str, Any]) -> Said:
        if body["model"] in voices:
            return f"…\n[[{voices[body['model']](body)}]]"
        return answer(body, "ja", "good" if body["model"] == "strong" else "bad")

    options = {"answerers": POOL, "judge": "panel", "judges": list(voices)}
    made = make_pairs(NAME, tmp_path / "r", "ja", questions("ja", 60), say, options=options)
    assert_sound(made.accepted)
    assert {row["reason"] for row in made.rejected} == {"split"}
    assert len(made.accepted) + len(made.rejected) == 60
    assert all(is_good(said_of(row["chosen"])) for row in made.accepted), (
        "no two of them agree on a wrong one"
    )
    rows = [*made.accepted, *table(made.folder / "rejected.parquet")]
    told = {one.judge: one for one in report(compared_of(rows)).judges}
    assert {name: one.order.place_consistency.value for name, one in told.items()} == {
        "place": 0.0, "length": 1.0, "sense": 1.0,
    }  # fmt: skip
    assert told["length"].length.longer_wins.value == 1.0


def test_a_reference_answer_is_shown_to_the_judge(tmp_path: Path) -> None:
    shown: list[str] = []

    def voice(body: Mapping[str, Any]) -> str:
        shown.append(text_of(body))
        return oracle()(body)

    def say(body: dict[str, Any]) -> Said:
        if is_judged(body):
            return f"[[{voice(body)}]]"
        return answer(body, "ja", "good" if body["model"] == "strong" else "bad")

    source = [{**row, "reference": f"見本の答え、その{k}。"} for k, row in enumerate(questions("ja", 50), 1)]
    options = {"answerers": POOL, "reference": True, "plain": True}
    made = make_pairs(NAME, tmp_path / "r", "ja", source, say, options=options)
    assert len(made.accepted) == 50
    assert all(f"見本の答え、その{shelf_of({'messages': [{'content': text}]})}。" in text for text in shown)


def tried(folder: Path, in_trial: Callable[[Request], str]) -> tuple[dict[str, Captured], Run]:
    """A run whose judge knows the run's own answers, and meets the planted pairs of its trial in this way."""

    def judge(request: Request) -> Reply:
        body = body_of(request)
        own = any(is_good(text) for _, text in answers_in(text_of(body)))
        return Reply(f"[[{oracle()(body) if own else in_trial(request)}]]")

    models = {
        "strong": Captured(lambda request: Reply(answer(body_of(request), "ja", "good"))),
        "weak": Captured(lambda request: Reply(answer(body_of(request), "ja", "bad"))),
        "judge": Captured(judge),
    }
    source = questions("ja", 50)
    options = {"answerers": POOL}
    return models, Run(
        recipe=NAME, source=source, language="ja", output=str(folder), models=models, options=options
    )


def test_a_judge_that_fails_its_trial_ranks_nothing_and_no_answer_is_paid(tmp_path: Path) -> None:
    models, run = tried(tmp_path / "r", lambda _: "A")
    with pytest.raises(SetupError, match="may not rank") as told:
        run.start()
    assert "same winner with places exchanged 0.0 %" in str(told.value)
    assert {role: len(model.requests) for role, model in models.items()} == {
        "strong": 0,
        "weak": 0,
        "judge": 120,
    }


def test_a_judge_that_passes_its_trial_goes_on_to_rank(tmp_path: Path) -> None:
    models, run = tried(tmp_path / "r", lambda request: right(request, "ja"))
    run.start()
    assert {role: len(model.requests) for role, model in models.items()} == {
        "strong": 50, "weak": 50, "judge": 120 + 100,
    }  # fmt: skip
    rows = dataset(tmp_path / "r")
    assert len(rows) == 50
    assert_sound(rows)


def test_a_run_that_wants_rows_and_gets_none_says_so_and_ends_with_four(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fault 25: all ties. Exit code 4, the reason with its count, and no pair."""
    texts = TEXTS["ja"]
    tie = {"match": "【アシスタント", "reply": "差がありません。\n[[C]]", "repeat": True}
    said = [{"match": "味噌", "reply": texts[name].format(k=1)} for name in ("good_long", "bad_long")]
    work = Work(tmp_path, capsys)
    work.write("replies.jsonl", lines_of([tie, *said]))
    work.write("source.jsonl", lines_of(questions("ja", 1)))
    scripted = f"{{kind: scripted, file: {tmp_path / 'replies.jsonl'}}}"
    run_file = work.write(
        "run.yaml",
        f"recipe: {NAME}\nlanguage: ja\nrows: 1\ntrial: 'off'\noutput: {tmp_path / 'out'}\n"
        f"source: {{kind: jsonl, path: {tmp_path / 'source.jsonl'}}}\n"
        f"models:\n  writer: {scripted}\n  judge: {scripted}\n",
    )
    done = work("run", run_file)
    assert done.code == 4, done.err
    assert "Too few: 0 of 1 wanted rows" in done.err + done.out
    assert re.search(r"rejected +1 +tie +step pair", done.err + done.out)
    assert table(tmp_path / "out" / "data" / "train-00000-of-00001.parquet") == []


def lines_of(rows: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
