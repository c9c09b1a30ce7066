"""The arithmetic of free texts: wrong sums are found, right ones and what is no sum are left alone."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tanemaki.core.record import Record
from tanemaki.core.seeding import Draw
from tanemaki.core.verdict import Reject
from tanemaki.verify.checked_lines import CheckedLines
from tanemaki.verify.claimed_sums import find_claims
from tanemaki.verify.problems.catalogue import families, family_of
from tanemaki.verify.problems.problem import make, solve
from tanemaki.verify.problems.solution import STYLES

TABLE = (Path(__file__).parent / "sums_claimed.tsv").read_text(encoding="utf-8").splitlines()[3:]
LINES = [line.split("\t", 1) for line in TABLE]
STORIES = (
    "She sold {a} clips in April and {a} / 2 = {h} clips in May.\nAltogether she sold {a} + {h} = {s} clips.\n#### {s}",
    "A pen costs ${p}.50 and {n} pens cost {n} x ${p}.50 = ${pn}.\nFrom $100 the change is $100 - ${pn} = ${c}.",
    "A box holds {n} eggs, so {p} boxes hold {n} * {p} = <<{n}*{p}={np}>>{np} eggs.\nThat is {np} / 12 = {d} dozen.",
    "The discount is {t}% of ${a}00, which is 0.{t} * {a}00 = ${ta}.\nSo it costs {a}00 - {ta} = ${rest}.",
    "1個{a}円のりんごを{n}個買うと、{a}円 × {n}個 = {an}円です。\nおつりは1000 - {an} = {rest2}円になります。",
    "全体の道のりは {a} km なので、時速 {n} km で進むと {a} ÷ {n} = {an2} 時間かかります。",
    "{a} 人を {n} 人ずつに分けると、{a} ÷ {n} = {q} あまり {r} なので、{q} + 1 = {q1}（班）が必要です。",
)
"""Solutions as people and models write them, with right sums."""


def stories(n: int) -> list[str]:
    told = []
    for k in range(n):
        draw = Draw("stories", k)
        a, size, p, t = draw.between(6, 98) * 2, draw.between(2, 9), draw.between(1, 9), draw.between(11, 49)
        cents = size * (p * 100 + 50)
        numbers = {
            "a": a, "h": a // 2, "s": a + a // 2, "n": size, "p": p, "pn": f"{cents / 100:.2f}", "t": t,
            "c": f"{(10_000 - cents) / 100:.2f}", "np": size * p, "d": f"{size * p / 12:.2f}", "ta": t * a,
            "rest": a * 100 - t * a, "an": a * size, "rest2": 1000 - a * size, "an2": f"{a / size:.1f}",
            "q": a // size, "r": a % size, "q1": a // size + 1,
        }  # fmt: skip
        told.append(STORIES[k % len(STORIES)].format(**numbers))
    return told


@pytest.mark.parametrize(("verdict", "line"), LINES, ids=lambda cell: cell[:30])
def test_a_line_is_judged_as_the_table_has_it(verdict: str, line: str) -> None:
    assert [claim.text for claim in find_claims(line) if not claim.right] == [] or verdict == "wrong"
    assert verdict == "right" or any(not claim.right for claim in find_claims(line))


@pytest.mark.parametrize("name", sorted(families()))
def test_solutions_of_ours_raise_no_alarm(name: str) -> None:
    for language in ("ja", "en"):
        for k in range(8):
            problem = make(name, seed=31, k=k, language=language)
            for method in family_of(name).methods:
                for style in STYLES:
                    text = solve(problem, method=method, style=style, variant=k).text
                    assert [claim for claim in find_claims(text) if not claim.right] == [], text


def test_stories_raise_no_alarm_and_every_planted_wrong_line_is_found() -> None:
    for text in stories(700):
        claims = list(find_claims(text))
        assert claims
        assert [claim for claim in claims if not claim.right] == [], text
        for claim in claims:
            result = re.search(r"[\d.,]+$", claim.text)
            assert result is not None
            wrong = claim.text[: result.start()] + str(
                float(result.group().replace(",", "")) + 2
            ).removesuffix(".0")
            changed = text.replace("*", "×").replace(claim.text, wrong, 1)
            assert changed != text
            assert any(not one.right for one in find_claims(changed)), changed


def test_the_filter_names_the_line_and_what_it_makes() -> None:
    step = CheckedLines("response")
    good = Record("a", (1,), {"response": "3 + 4 = 7"})
    assert step(good) is good
    assert step(Record("b", (2,), {"response": "3 + 4 = 8。\n2 × 3 = 5"})) == Reject(
        "wrong_line", "3 + 4 = 8", "3 + 4 makes 7, not 8", "3 + 4 = 8; 2 × 3 = 5"
    )


@pytest.mark.parametrize(
    "text", ["=" * 100_000, "1+" * 50_000 + "=1", "(" * 50_000 + "=", "1 = " * 3_000, "9^9^9^9 = 1"]
)
def test_long_lines_take_no_time(text: str) -> None:
    assert len(list(find_claims(text))) < 10_000


@pytest.mark.parametrize(
    "line", ["1 + " * 20_000 + "1 = 1", "1 = " * 20_000 + "1", "=2" * 20_000, "2^9999 × " * 3000 + "2 = 1"]
)
def test_a_line_that_repeats_itself_for_ever_is_read_in_no_time(line: str) -> None:
    began = time.process_time()
    list(find_claims(line))
    assert time.process_time() - began < 5
