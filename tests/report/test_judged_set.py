"""The page on a set made elsewhere: what it says, in which order, and that nothing is claimed that was not measured."""

from __future__ import annotations

from support.judged import Row, always_a, always_first, judged, oracle, pairs, ties
from tanemaki.core.judging import Scale
from tanemaki.report.judged_set import set_report
from tanemaki.report.page import page, plot
from tanemaki.report.scored_set import scored_report

GIVEN = pairs(60)


def line(markdown: str, begins: str) -> list[str]:
    (found,) = [one for one in markdown.splitlines() if one.startswith(f"| {begins} |")]
    return [cell.strip() for cell in found.strip("|").split("|")][1:]


def test_three_judges_stand_side_by_side_with_the_corrected_rate_first() -> None:
    voices = {"場所": always_first, "名前": always_a, "公平": oracle()}
    rows = [row for name, voice in voices.items() for row in judged(GIVEN, voice, name)]
    told = set_report(GIVEN, rows, trials=rows, facts=("六十組。",)).markdown()
    assert told.startswith("# What the labels of this set are worth\n\n六十組。\n\n## Do the labels hold?")
    assert line(told.partition("## How far")[0], "場所")[:3] == [
        "no",
        "0 % (0 % to 6.02 %, n = 60)",
        "no rate (n = 0)",
    ]
    assert line(told.partition("## How far")[0], "公平")[0] == "yes"
    assert "## Most doubtful pairs (0 in all)" not in told, "the one judge that is believed doubts nothing"
    assert "On this set: numbers" in told
    assert "sensitivity" not in told.partition("## On pairs of known truth")[0], "a claim is no truth"
    assert "sensitivity" in told.partition("## On pairs of known truth")[2]


def test_without_trial_and_without_labels_nothing_is_claimed() -> None:
    bare = [{**row, "label": None} for row in GIVEN]
    told = set_report(bare, judged(bare, ties, "引き分け")).markdown()
    assert "Do the labels hold?" not in told
    assert "May they rank?" not in told
    labelled = set_report(GIVEN, judged(GIVEN, oracle(), "公平")).markdown()
    cells = line(labelled.partition("## How far")[0], "公平")
    assert cells[0] == "not tried"
    assert cells[3].startswith("not told: the judge was not tried on pairs")


def test_peoples_decisions_stand_in_for_known_truth_and_their_pairs_leave_the_queue() -> None:
    wrong = {"first": "second", "second": "first"}
    rows = [{**row, "label": wrong[row["label"]], "decision": row["label"]} for row in GIVEN]
    told = set_report(rows, judged(rows, lambda shown: shown.names[1 - (shown.better or 0)], "公平"))
    assert told.judges.doubts == ()
    assert told.held[0].said.value == 0.0, "the judge is for the side that the set calls worse"
    assert told.held[0].corrected.value == 0.0, "and people say that it is right"
    assert told.held[0].noise.value == 1.0


def test_a_pair_whose_own_scores_contradict_one_another_is_doubtful_whatever_the_judge_says() -> None:
    """Fault 13: overall scores of 1/10 had become 10, and the pairs made of them kept their wrong side."""
    rows = [{**row, "alarm": k == 5} for k, row in enumerate(GIVEN)]
    (one,) = set_report(rows, judged(rows, oracle(), "公平")).judges.doubts
    assert (one.row.prompt, dict(one.reasons)) == ("問い5", {"alarm": 1.0})
    rows[5]["decision"] = rows[5]["label"]
    assert set_report(rows, judged(rows, oracle(), "公平")).judges.doubts == ()


def test_the_numbers_are_there_for_machines() -> None:
    told = set_report(
        GIVEN, judged(GIVEN, oracle(), "公平"), trials=judged(GIVEN, oracle(), "公平")
    ).to_json()
    assert told["judges"][0]["labels_hold"]["n"] == 60
    assert told["judges"][0]["may_rank"] is True
    assert told["agreement"]["between"][0]["kappa"]["value"] == 1.0
    assert told["doubtful"] == 0


def test_the_page_breaks_at_no_text_and_needs_nothing() -> None:
    given = [{**row, "prompt": f"<script>{row['prompt']}|"} for row in GIVEN[:4]]
    told = set_report(given, judged(given, always_first, "<b>悪い</b>"), facts=["<i>集"]).html()
    for forbidden in ("<script", "<b>", "<i>", "src=", "href="):
        assert forbidden not in told
    assert "&lt;b&gt;悪い" in told
    assert told.startswith("<!doctype html>")
    assert told.count("<svg") == told.count('<div class="wide"><svg')


def test_scores_show_their_spread_what_was_not_read_and_what_contradicts_itself() -> None:
    rows: list[Row] = [
        {
            "prompt": f"問い{k}",
            "answer": "答え",
            "origin": f"f:{k}",
            "aspects": float(1 + k % 5),
            "aspects_parts": {"alarm": k == 3},
        }
        for k in range(20)
    ]
    rows.append(
        {
            "prompt": "読めない",
            "answer": "答え",
            "origin": "f:20",
            "aspects": None,
            "aspects_parts": {"why": "no_verdict"},
        }
    )
    found = scored_report({"松": rows, "竹": rows}, "aspects", Scale(1, 5), facts=("二十一件。",))
    told = found.markdown()
    assert line(told.partition("## What could")[0], "松")[:2] == ["21", "95.2 %"]
    assert "| 松 | no_verdict | 1 |" in told
    assert "| 松 | 竹 | 20 | 1.000 (1.000 to 1.000) |" in told
    assert [(one.row["origin"], one.reasons) for one in found.doubts] == [
        ("f:3", ("松: alarm", "竹: alarm")),
        ("f:20", ("松: no_verdict", "竹: no_verdict")),
    ]
    assert found.judges[0].spread == tuple((str(step), 4) for step in range(1, 6))
    assert found.html().count("<svg") == 2
    empty = scored_report({"松": rows[-1:]}, "aspects", Scale(1, 5)).markdown()
    assert line(empty.partition("## What could")[0], "松")[2:4] == ["no score", "not told"]


def test_a_page_holds_its_title_as_text_and_a_plot_can_move_sideways() -> None:
    assert "<title>&lt;題&gt;</title>" in page("<題>", "")
    assert plot("<svg/>") == '<div class="wide"><svg/></div>'
