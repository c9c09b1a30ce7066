"""What only a critique promises: a finding for every axis, a rewriting that is shown it, and both sides kept."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.recipe_runs import accepted, rejected, run_recipe, serve_recipe, without_lineage
from support.runs import Captured
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.core.seeding import Draw
from tanemaki.recipes import catalogue

NAME = "critique_rewrite"
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
CRITIC_FAULTS = ("axis_missing", "nothing_to_mend", "no_verdict")
WRITER_FAULTS = ("drifted", "unchanged", "no_marker")
JUDGE_FAULTS = ("critique_ignored", "no_improvement", "off")
SAID: dict[str, dict[str, str]] = {
    "ja": {
        "instruction": "{k}番の畑の里芋に水をやる時期と量を教えてください。",
        "response": "里芋は乾きに弱い野菜です。{k}番の畑では水をやりましょう。",
        "critique": "正確さ：問題なし。\n指示への適合：時期がない（第{k}項）。\n充実：量がない。\n"
        "わかりやすさ：問題なし。\n判定：要修正",
        "axis_missing": "正確さ：問題なし。\n充実：量がない。\nわかりやすさ：問題なし。\n判定：要修正",
        "nothing_to_mend": "正確さ：問題なし。\n指示への適合：応じている。\n充実：足りている。\n"
        "わかりやすさ：短い。\n判定：修正不要",
        "no_verdict": "正確さ：問題なし。\n指示への適合：時期がない。\n充実：量がない。\nわかりやすさ：問題なし。",
        "better": "書き直し：{k}番の畑の里芋は乾きに弱いので、七月から、土に染みる量の水を{a}日おきの朝にやります。",
        "drifted": "書き直し：京都の石庭では、砂利の紋様を眺めて縁側で過ごす人が{a}人いました。拝観料は受付で払います。",
        "unchanged": "書き直し：里芋は乾きに弱い野菜です。{k}番の畑では、水をやりましょう！",
        "no_marker": "{k}番の畑の里芋には、七月から{a}日おきの朝に水をやります。",
        "improved": "時期と量がわかる。\n判定：改善",
        "critique_ignored": "量がまだない。\n判定：未反映",
        "no_improvement": "よくなっていない。\n判定：据え置き",
        "off": "条件を破っている。\n判定：逸脱",
    },
    "en": {
        "instruction": "When and how much should I water the celeriac in field {k}?",
        "response": "Celeriac does not like dry soil. Water field {k} in time.",
        "critique": "Accuracy: no problem.\nInstruction: no time is given (point {k}).\n"
        "Completeness: no amount.\nClarity: no problem.\nVerdict: mend",
        "axis_missing": "Accuracy: no problem.\nCompleteness: no amount.\nClarity: no problem.\nVerdict: mend",
        "nothing_to_mend": "Accuracy: right.\nInstruction: done.\nCompleteness: all.\nClarity: good.\nVerdict: fine",
        "no_verdict": "Accuracy: no problem.\nInstruction: no time.\nCompleteness: no amount.\nClarity: fine.",
        "better": "Rewritten: Celeriac in field {k} suffers in dry soil, so water it deeply every {a} mornings in July.",
        "drifted": "Rewritten: Sit on the veranda of a stone garden in Kyoto and watch {a} shadows wander over the gravel.",
        "unchanged": "Rewritten: Celeriac does not like dry soil; water field {k} in time!",
        "no_marker": "Water the celeriac in field {k} every {a} mornings in July.",
        "improved": "It tells when and how much.\nVerdict: improved",
        "critique_ignored": "There is still no amount.\nVerdict: ignored",
        "no_improvement": "It is no better.\nVerdict: same",
        "off": "It breaks a constraint.\nVerdict: drifted",
    },
}


class Editor(Captured):
    """Critiques, rewrites and judges; one call in six of each kind commits a fault, which it writes down."""

    def __init__(self, language: str, *, slow: str | None = None) -> None:
        self.planted: Counter[str] = Counter()
        self._said = SAID[language]
        self._judged = "[B]" if language == "en" else "【B】"
        self._critiqued = "[Critique]" if language == "en" else "【批評】"
        super().__init__(self.answer_to, slow=slow)

    def answer_to(self, request: Request) -> Reply:
        asked = str(request.messages[-1]["content"])
        draw = Draw("editor", request.seed or 0, asked)
        k = re.findall(r"(?:field |指示】\n)(\d+)", asked)[-1]
        if self._judged in asked:
            usual, faults = "improved", JUDGE_FAULTS
        elif self._critiqued in asked:
            usual, faults = "better", WRITER_FAULTS
        else:
            usual, faults = "critique", CRITIC_FAULTS
        fault = None if draw.below(6) else draw.choose(faults)
        if fault:
            self.planted["drifted" if fault == "off" else fault] += 1
        return Reply(self._said[fault or usual].format(k=k, a=draw.between(2, 9)))


def pairs_of(language: str, n: int) -> list[dict[str, str]]:
    said = SAID[language]
    return [{name: said[name].format(k=k) for name in ("instruction", "response")} for k in range(1, n + 1)]


def edit(
    folder: Path,
    language: str,
    source: list[dict[str, str]],
    *,
    concurrency: int = 16,
    slow: str | None = None,
    **options: Any,
) -> Editor:
    model = Editor(language, slow=slow)
    run_recipe(NAME, folder, language, source, model, concurrency=concurrency, options=options)
    return model


@EACH_LANGUAGE
def test_planted_failures_land_in_their_reasons_and_none_in_the_data(language: str, tmp_path: Path) -> None:
    model = edit(tmp_path / "r", language, pairs_of(language, 200))
    kept, gone = accepted(tmp_path / "r"), rejected(tmp_path / "r")
    assert len(kept) + len(gone) == 200
    assert Counter(row["reason"] for row in gone) == model.planted
    assert set(model.planted) == {*CRITIC_FAULTS, *WRITER_FAULTS, *JUDGE_FAULTS} - {"off"}
    assert Counter(row["step"] for row in gone).keys() == {"critique", "rewritten_response", "compare"}
    assert len(model.requests) == 200 * 3 - 2 * _of(gone, "critique") - _of(gone, "rewritten_response")
    assert not [row for row in kept if re.search("京都|Kyoto", row["rewritten_response"])]


@EACH_LANGUAGE
def test_the_rewriting_is_shown_the_rows_own_critique_response_and_instruction(
    language: str, tmp_path: Path
) -> None:
    """Fault 6, here: another row's history; and the critique that was stored but not used (fault 8)."""
    source = pairs_of(language, 60)
    model = edit(tmp_path / "r", language, source, slow="a")
    for row in accepted(tmp_path / "r"):
        shown = [one for one in (r.messages[-1]["content"] for r in model.requests) if row["response"] in one]
        assert len(shown) == 3
        assert all(row["instruction"] in one for one in shown)
        assert [row["critique"] in one for one in shown] == [False, True, True]
        assert row["rewritten_response"] in shown[2]


@EACH_LANGUAGE
def test_every_axis_has_its_finding_and_both_sides_are_kept(language: str, tmp_path: Path) -> None:
    edit(tmp_path / "r", language, pairs_of(language, 50))
    loaded = catalogue.load(NAME, language)
    axes = [row["axis"] for row in loaded.texts.tables["axes"]]
    kept = accepted(tmp_path / "r")
    assert len(kept) > 20
    for row in kept:
        findings = _json(row["findings"])
        assert sorted(findings) == sorted(axes)
        assert all(finding in row["critique"] for finding in findings.values())
        assert row["length_difference_chars"] == len(row["rewritten_response"]) - len(row["response"])
        assert not re.search("判定|Verdict", row["critique"])


@EACH_LANGUAGE
def test_only_the_axes_that_were_chosen_are_asked_about(language: str, tmp_path: Path) -> None:
    model = edit(tmp_path / "r", language, pairs_of(language, 50), axes=["completeness"])
    asked = [request.messages[-1]["content"] for request in model.requests]
    assert not [one for one in asked if "正確さ：事実" in one or "Accuracy: Are" in one]
    assert all(list(_json(row["findings"])) == ["completeness"] for row in accepted(tmp_path / "r"))


@EACH_LANGUAGE
def test_a_pair_holds_the_rewritten_response_as_chosen(language: str, tmp_path: Path) -> None:
    edit(tmp_path / "r", language, pairs_of(language, 50), pairs=True)
    for row in accepted(tmp_path / "r"):
        said = [row[name][0]["content"] for name in ("prompt", "chosen", "rejected")]
        assert said == [row["instruction"], row["rewritten_response"], row["response"]]


@EACH_LANGUAGE
def test_rows_are_the_same_at_any_concurrency_and_in_reverse(language: str, tmp_path: Path) -> None:
    source = pairs_of(language, 50)
    edit(tmp_path / "one", language, source, concurrency=1)
    edit(tmp_path / "eight", language, source, concurrency=8, slow="x")
    edit(tmp_path / "back", language, source[::-1], concurrency=8)
    one = (tmp_path / "one" / "data" / "train-00000-of-00001.parquet").read_bytes()
    assert one == (tmp_path / "eight" / "data" / "train-00000-of-00001.parquet").read_bytes()
    assert without_lineage(accepted(tmp_path / "one")) == without_lineage(accepted(tmp_path / "back"))


@EACH_LANGUAGE
def test_a_server_with_faults_of_its_own_gives_the_same_rows(language: str, tmp_path: Path) -> None:
    source = pairs_of(language, 60)
    edit(tmp_path / "here", language, source)
    model = Editor(language)
    serve_recipe(NAME, tmp_path / "there", language, source, model.answer_to)
    here, there = tmp_path / "here", tmp_path / "there"
    assert without_lineage(accepted(here)) == without_lineage(accepted(there))
    assert Counter(row["reason"] for row in rejected(here)) == Counter(
        row["reason"] for row in rejected(there)
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"axes": ["acuracy"]}, "did you mean 'accuracy'"),
        ({"axes": []}, "one or more of axes"),
        ({"max_growth": 0}, "how many times as long"),
    ],
)
def test_options_that_make_no_sense_are_setup_errors(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SetupError, match=message):
        catalogue.load(NAME, "ja", options)


def _of(rows: list[dict[str, Any]], step: str) -> int:
    return sum(row["step"] == step for row in rows)


def _json(told: Any) -> dict[str, str]:
    import json

    found = json.loads(told) if isinstance(told, str) else told
    assert isinstance(found, dict)
    return found
