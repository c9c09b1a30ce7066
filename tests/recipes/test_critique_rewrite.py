"""What only a critique promises: a finding for every axis, a rewriting that is shown it, and both sides kept."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.editors import Edited
from support.recipe_runs import accepted, rejected
from tanemaki.core.errors import SetupError
from tanemaki.recipes import catalogue

NAME = "critique_rewrite"
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
CRITIC_FAULTS = ("axis_missing", "nothing_to_mend", "no_verdict")
WRITER_FAULTS = ("drifted", "unchanged", "no_marker")
JUDGE_FAULTS = ("critique_ignored", "no_improvement", "off")
CRITIQUED, WRITTEN, JUDGED = (
    ("critique", CRITIC_FAULTS),
    ("better", WRITER_FAULTS),
    ("improved", JUDGE_FAULTS),
)
EDITED = Edited(
    NAME,
    {
        "ja": {
            "critique": "正確さ：問題なし。\n指示への適合：時期がない（第{k}項）。\n充実：量がない。\n"
            "わかりやすさ：問題なし。\n判定：要修正",
            "axis_missing": "正確さ：問題なし。\n充実：量がない。\nわかりやすさ：問題なし。\n判定：要修正",
            "nothing_to_mend": "正確さ：問題なし。\n指示への適合：応じている。\n充実：足りている。\n"
            "わかりやすさ：短い。\n判定：修正不要",
            "no_verdict": "正確さ：問題なし。\n指示への適合：時期がない。\n充実：量がない。\nわかりやすさ：問題なし。",
            "no_marker": "{k}番の畑の里芋には、七月から{a}日おきの朝に水をやります。",
            "critique_ignored": "量がまだない。\n判定：未反映",
        },
        "en": {
            "critique": "Accuracy: no problem.\nInstruction: no time is given (point {k}).\n"
            "Completeness: no amount.\nClarity: no problem.\nVerdict: mend",
            "axis_missing": "Accuracy: no problem.\nCompleteness: no amount.\nClarity: no problem.\nVerdict: mend",
            "nothing_to_mend": "Accuracy: right.\nInstruction: done.\nCompleteness: all.\nClarity: good.\nVerdict: fine",
            "no_verdict": "Accuracy: no problem.\nInstruction: no time.\nCompleteness: no amount.\nClarity: fine.",
            "no_marker": "Water the celeriac in field {k} every {a} mornings in July.",
            "critique_ignored": "There is still no amount.\nVerdict: ignored",
        },
    },
    {
        "ja": {"【B】": JUDGED, "【批評】": WRITTEN, "": CRITIQUED},
        "en": {"[B]": JUDGED, "[Critique]": WRITTEN, "": CRITIQUED},
    },
)
pairs_of, edit = EDITED.pairs, EDITED.run


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
    EDITED.check_order(tmp_path, language)


@EACH_LANGUAGE
def test_a_server_with_faults_of_its_own_gives_the_same_rows(language: str, tmp_path: Path) -> None:
    EDITED.check_served(tmp_path, language)


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
