"""Values worked out by hand: what the second implementation and the reference of each family must both give."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from tanemaki.verify.code.catalogue import code_families, code_family_of
from tanemaki.verify.code.task import make
from tanemaki.verify.problems.wording import Language

ROTATE = {"direction": "left", "step": 1, "negative": "never", "kept": "none", "n_kept": 0}
CHUNKS = {"rest": "keep", "filler": 0, "begin": "unsaid", "turned": "none", "gap": 0}
GROUPS = {"key": "first", "told": "count", "order": "seen", "shortest": 0, "smallest": 0}
TOTALS = {"change": "sum", "start": 0, "skipped": "none", "divisor": 0, "limit": None}
FREQUENT = {"ties": "alphabet", "result": "pairs", "letters": "lower", "least": 0, "ignored": ""}
INTERVALS = {"result": "list", "touch": "merge", "gap": 0, "reversed": "never", "shortest": 0}
TABLE = {"first": "clockwise", "filler": None, "sums": "none"}
RUNS = {"order": "letter_first", "single": "bare", "mark": "", "longest": 0}
BRACKETS = {"kinds": ["()", "「」"], "result": "place", "others": "ignored", "deepest": 0}
CIPHER = {"shift": 3, "direction": "forward", "others": "keep", "more": "none"}
NAMES = {"told": "camel", "wanted": "snake", "added": "", "place": "nowhere", "most": 0}
PAIRS = {"mark": "=", "equal": "last", "comment": "#", "numbers": "int", "bare": "skip"}
ROMAN = {"form": "read", "letters": "MDCLXVI", "bad": "None", "width": 0, "dot": ""}
DURATION = {
    "units": "hms",
    "signs": ["h", "m", "s"],
    "wanted": "s",
    "bad": "-1",
    "ordered": False,
    "front": "",
}
VERSIONS = {"result": "sign", "mark": ".", "parts": 3, "front": "v", "stage": "rc", "stage_mark": "-"}
KANJI = {
    "form": "read",
    "top": "億",
    "limit": 999_999_999_999,
    "bad": "None",
    "formal": True,
    "counter": "円",
    "one": "both",
}
ERAS = {
    "eras": ["昭和", "平成", "令和"],
    "result": "year",
    "base": 0,
    "bad": "None",
    "limits": True,
    "letters": True,
    "wide": True,
}
BUSINESS = {"off": [5, 6], "ends": "both", "reversed": "zero", "holidays": True, "month_day": 0}
WEEKDAY = {
    "weekday": 0,
    "nth": "second",
    "result": "iso",
    "moved": 0,
    "distance": 0,
    "outside": "unsaid",
    "skipped": 0,
}
WORKED = {
    "equal": "nought",
    "result": "clock",
    "limit": 360,
    "hours": 6,
    "rest": 45,
    "exact": "over",
    "round": 0,
    "way": "none",
}

ROW = {"mark": ",", "quote": '"', "escape": "doubled", "open": "None", "empty": "none"}
LATER = {"missing": "clamp", "result": "iso", "unit": 1, "last": False, "off": [], "move": "none"}

KNOWN: list[tuple[str, dict[str, Any], list[Any], Any]] = [
    ("rotate_list", ROTATE, [[1, 2, 3, 4, 5], 2], [3, 4, 5, 1, 2]),
    (
        "rotate_list",
        {**ROTATE, "direction": "right", "step": 3, "negative": "back"},
        [[1, 2, 3, 4, 5], -1],
        [4, 5, 1, 2, 3],
    ),
    ("rotate_list", {**ROTATE, "kept": "last", "n_kept": 2}, [[1, 2, 3, 4, 5], 4], [2, 3, 1, 4, 5]),
    ("split_into_chunks", CHUNKS, [[1, 2, 3, 4, 5], 2], [[1, 2], [3, 4], [5]]),
    (
        "split_into_chunks",
        {**CHUNKS, "rest": "pad", "filler": 9, "begin": "back"},
        [[1, 2, 3, 4, 5], 2],
        [[9, 1], [2, 3], [4, 5]],
    ),
    (
        "split_into_chunks",
        {**CHUNKS, "gap": 1, "turned": "even"},
        [[1, 2, 3, 4, 5, 6, 7], 2],
        [[1, 2], [5, 4], [7]],
    ),
    ("group_words", GROUPS, [["sun", "map", "sea", "mole"]], [["s", 2], ["m", 2]]),
    (
        "group_words",
        {**GROUPS, "key": "vowels", "told": "longest", "order": "down", "smallest": 2},
        [["cat", "apple", "orange", "dog", "tiger"]],
        [[2, "apple"], [1, "cat"]],
    ),
    ("running_totals", TOTALS, [[3, -1, 4]], [3, 2, 6]),
    ("running_totals", {**TOTALS, "start": 1, "skipped": "even", "limit": 8}, [[3, 4, 5, 7]], [4, 9, 8]),
    ("most_frequent", FREQUENT, [["b", "a", "c", "a", "b"], 2], [["a", 2], ["b", 2]]),
    (
        "most_frequent",
        {**FREQUENT, "ties": "seen", "result": "joined", "letters": "folded"},
        [["Sun", "tea", "SUN"], 5],
        ["sun:2", "tea:1"],
    ),
    ("merge_intervals", INTERVALS, [[[5, 8], [1, 3], [3, 4]]], [[1, 4], [5, 8]]),
    ("merge_intervals", {**INTERVALS, "touch": "apart", "result": "total"}, [[[1, 3], [3, 4], [2, 3]]], 3),
    (
        "merge_intervals",
        {**INTERVALS, "touch": "gap", "gap": 2, "reversed": "swap", "result": "gaps"},
        [[[4, 1], [6, 7], [10, 12]]],
        [[7, 10]],
    ),
    ("turn_table", TABLE, [[[1, 2, 3], [4, 5, 6]]], [[4, 1], [5, 2], [6, 3]]),
    (
        "turn_table",
        {**TABLE, "first": "mirror", "second": "transpose", "filler": 0, "third": "flip", "sums": "row"},
        [[[1, 2], [3]]],
        [[1, 3, 4], [2, 0, 2]],
    ),
    ("run_length", RUNS, ["aaabcc"], "a3bc2"),
    (
        "run_length",
        {**RUNS, "order": "number_first", "single": "one", "mark": "-", "longest": 2},
        ["aaab"],
        "2a-1a-1b",
    ),
    ("check_brackets", BRACKETS, ["(あ「い」)"], -1),
    ("check_brackets", BRACKETS, ["(「)」"], 2),
    ("check_brackets", BRACKETS, ["(()"], 3),
    ("check_brackets", {**BRACKETS, "result": "depth"}, ["(「()」)()"], 3),
    ("fold_width", {"conversions": ["digits_half", "kana_kata"]}, ["ねこ３匹と4本"], "ネコ3匹ト4本"),
    ("fold_width", {"conversions": ["letters_half", "case_upper"]}, ["ａＢc"], "ABC"),
    ("shift_letters", CIPHER, ["Xyz, a!"], "Abc, d!"),
    (
        "shift_letters",
        {**CIPHER, "direction": "backward", "others": "drop", "more": "digits"},
        ["Ab 12?"],
        "Xy89",
    ),
    ("shift_letters", {**CIPHER, "more": "grows"}, ["aaa"], "def"),
    ("shift_letters", {**CIPHER, "more": "alternates"}, ["aa a"], "dx d"),
    ("change_case", NAMES, ["userName2"], "user_name2"),
    (
        "change_case",
        {**NAMES, "told": "words", "wanted": "camel", "added": "get", "place": "front", "most": 2},
        [" User  name here"],
        "getUserName",
    ),
    ("parse_pairs", PAIRS, ["# note\na = 1\nb=x=y\n\na=02\nbare"], {"a": 2, "b": "x=y"}),
    (
        "parse_pairs",
        {**PAIRS, "equal": "list", "numbers": "text", "bare": "true"},
        ["a=1\na=\nc"],
        {"a": ["1", ""], "c": ["true"]},
    ),
    ("roman_numbers", ROMAN, ["MCMXCIV"], 1994),
    ("roman_numbers", ROMAN, ["IXI"], None),
    ("roman_numbers", ROMAN, ["MMMM"], None),
    ("roman_numbers", {**ROMAN, "form": "write", "bad": '"?"', "width": 6}, [49], "  XLIX"),
    ("roman_numbers", {**ROMAN, "form": "write", "bad": '"?"'}, [4000], "?"),
    ("read_duration", DURATION, ["1h30m5s"], 5405),
    ("read_duration", DURATION, ["5m1h"], 3900),
    ("read_duration", {**DURATION, "ordered": True}, ["5m1h"], -1),
    ("read_duration", DURATION, ["90"], -1),
    ("compare_versions", VERSIONS, ["v1.10", "1.9.5"], 1),
    ("compare_versions", VERSIONS, ["1.2-rc1", "1.2.0"], -1),
    ("compare_versions", VERSIONS, ["1.2.3.4", "1.2.3.5"], 0),
    ("kanji_numbers", KANJI, ["三億二千万五百六円"], 320_000_506),
    ("kanji_numbers", KANJI, ["壱万拾参円"], 10_013),
    ("kanji_numbers", KANJI, ["百"], None),
    (
        "kanji_numbers",
        {**KANJI, "form": "write", "formal": False, "one": "bare", "counter": "冊"},
        [11_010],
        "一万千十冊",
    ),
    ("kanji_numbers", {**KANJI, "form": "write", "one": "told", "counter": ""}, [113], "壱百壱拾参"),
    ("era_to_year", ERAS, ["平成元年"], 1989),
    ("era_to_year", ERAS, ["S６４"], 1989),
    ("era_to_year", ERAS, ["昭和65年"], None),
    ("era_to_year", ERAS, ["令和0年"], None),
    (
        "count_business_days",
        BUSINESS,
        ["2024-04-26", "2024-05-07", ["2024-04-29", "2024-05-03", "2024-05-06"]],
        5,
    ),
    ("count_business_days", {**BUSINESS, "ends": "none", "off": [2]}, ["2024-02-27", "2024-03-01", []], 1),
    ("nth_weekday", WEEKDAY, [2024, 1], "2024-01-08"),
    ("nth_weekday", {**WEEKDAY, "nth": "fifth", "result": "number"}, [2024, 2], None),
    (
        "nth_weekday",
        {**WEEKDAY, "nth": "last", "moved": 3, "distance": 3, "outside": "edge"},
        [2024, 4],
        "2024-04-30",
    ),
    ("worked_minutes", WORKED, ["22:00", "05:30"], "6:45"),
    ("split_row", ROW, ['a,"b,""c""",,d'], ["a", 'b,"c"', None, "d"]),
    ("split_row", ROW, ['a,"b'], None),
    (
        "split_row",
        {**ROW, "quote": "'", "escape": "backslash", "open": "rest", "empty": "dash"},
        [",'it\\'s,'' x"],
        ["-", "it's, x"],
    ),
    ("add_months", LATER, ["2024-01-31", 1], "2024-02-29"),
    ("add_months", {**LATER, "missing": "overflow", "result": "short"}, ["2023-01-30", 1], "2023/3/1"),
    ("add_months", {**LATER, "last": True, "unit": 12}, ["2024-02-29", -1], "2023-02-28"),
    ("add_months", {**LATER, "last": True}, ["2024-04-30", 1], "2024-05-31"),
    ("add_months", {**LATER, "off": [5, 6], "move": "earlier"}, ["2024-05-09", 1], "2024-06-07"),
    ("worked_minutes", WORKED, ["09:00", "15:00"], "6:00"),
    (
        "worked_minutes",
        {**WORKED, "result": "minutes", "round": 15, "way": "ends", "rest": 0, "limit": 0},
        ["09:01", "10:14"],
        45,
    ),
]


def reference(name: str, parameters: dict[str, Any]) -> Any:
    names: dict[str, Any] = {}
    source = code_family_of(name).source(parameters)
    exec(source, names)  # noqa: S102 - our own code
    return names[re.findall(r"^def (\w+)", source, re.MULTILINE)[-1]]


@pytest.mark.parametrize(("name", "parameters", "arguments", "value"), KNOWN)
def test_both_ways_give_what_was_worked_out_by_hand(
    name: str, parameters: dict[str, Any], arguments: list[Any], value: Any
) -> None:
    assert code_family_of(name).expected(parameters, *copy.deepcopy(arguments)) == value
    assert reference(name, parameters)(*copy.deepcopy(arguments)) == value


def test_every_family_has_known_answers() -> None:
    assert {name for name, *_ in KNOWN} == set(code_families())


def test_what_falls_outside_the_month_is_asked_only_where_something_can() -> None:
    for k in range(300):
        task = make("nth_weekday", seed=8, k=k, language="en")
        told = [case.expected for case in task.tests if case.arguments[1] != task.parameters["skipped"]]
        place, moved, outside = (task.parameters[key] for key in ("nth", "moved", "outside"))
        assert not (place == "second" and -8 < moved < 14 and outside != "unsaid"), (
            "no day from 8 to 14 is so near to an end"
        )
        assert not (place == "first" and moved == -7), "always in the month before"
        assert any(told), task.prompt


def test_midnight_is_decided_before_times_are_rounded() -> None:
    family = code_family_of("worked_minutes")
    p = {
        "equal": "day",
        "result": "minutes",
        "limit": 480,
        "hours": 8,
        "rest": 45,
        "exact": "over",
        "round": 15,
        "way": "ends",
    }
    assert family.expected(p, "10:10", "10:05") == 23 * 60 + 45 - 45, "from 10:15 to 10:00 of the next day"
    assert family.expected(p, "10:01", "10:14") == 0
    wanted: dict[Language, str] = {
        "ja": "翌日かどうかを元の時刻で決めたあと",
        "en": "decided by the times as they are. Then the start",
    }
    for language, said in wanted.items():
        told = [make("worked_minutes", seed=9, k=k, language=language, level=3) for k in range(20)]
        assert all((said in task.prompt) == (task.parameters["way"] == "ends") for task in told)
