"""What only protected translation promises: bytes that stay, every planted fault under its name, and no unverified row."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.context import End, in_order, walk
from support.runs import dataset
from support.server import Server
from tanemaki import Run
from tanemaki.core.errors import SetupError
from tanemaki.core.record import Record
from tanemaki.datasets.jsonl import write_jsonl
from tanemaki.recipes import catalogue
from tanemaki.recipes.catalogue import Loaded

NAME = "translate_protected"
MARK = re.compile(r"⟦\d+⟧")
STRICT = ["faithful", "casual", "formal", "textbook"]
FREE = ["with_discussion", "with_qa", "dialogue", "qa_only"]
PLANTS = (
    "lost_placeholder", "digits", "doubled_placeholder", "invented_placeholder", "reordered_placeholder",
    "changed_number", "changed_answer", "unverifiable_answer", "no_marker", "answer_digits",
)  # fmt: skip
"""What is done to items 0 to 9 of every 20; the others are sound, some with marks in another form or order."""


def town(k: int) -> str:
    """A name by which the translator knows the item: digits would be hidden from it."""
    return "Q" + "".join("abcdefghij"[int(digit)] for digit in f"{k:03d}") + "ton"


def item(k: int) -> dict[str, Any]:
    a, b = 11 + k, 2 + k % 7
    planted = planted_of(k)
    answer = {"changed_answer": "twenty dollars", "unverifiable_answer": "Ann"}.get(
        planted or "", f"{a * b} dollars"
    )
    return {"number": k, "text": f"""In the town of {town(k)}, Ann pays ${a} for each of {b} tickets.
The rule is $c = {a} \\cdot {b}$ where n is even.

```python
def cost(n):
    return {a} * n  # {town(k)}
```

See https://example.com/{k}?n=1 and `cost_{k}`. There are three friends. How much is it?""", "answer": answer}  # fmt: skip


def planted_of(k: int) -> str | None:
    return PLANTS[k % 20] if k % 20 < len(PLANTS) else None


def reason_of(k: int) -> str | None:
    planted = planted_of(k)
    return "lost_placeholder" if planted in ("digits", "answer_digits") else planted


def translate(body: dict[str, Any]) -> str:
    """A translator who is perfect, but for the items in which a fault is planted."""
    asked = str(body["messages"][-1]["content"])
    source, answer = asked.split("原文：", 1)[1].rsplit("\n答え：", 1)
    k = int("".join(str("abcdefghij".index(letter)) for letter in re.findall(r"Q([a-j]{3})ton", source)[0]))
    planted = planted_of(k)
    m = MARK.findall(source)
    if planted is None and k % 20 == 11:
        m[1] = m[1].translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    if planted is None and k % 20 == 12:
        m[2] = m[2].replace("⟦", "⟦ ").replace("⟧", " ⟧")
    first = f"{town(k)}の町で、アンは {m[1]} 枚の券に {m[0]} ずつ払います。"
    if planted is None and k % 20 == 13:
        first = f"{town(k)}の町で、アンは {m[0]} の券を {m[1]} 枚買います。"
    second = f"{m[3]} が偶数のとき、きまりは {m[2]} です。"
    end = f"{m[5]} と {m[6]} を見てください。友だちは三人います。全部でいくらですか。"
    text = f"{first}{second}\n\n{m[4]}\n\n{end}"
    wrong = {
        "lost_placeholder": text.replace(m[k % len(m)], "それ"),
        "digits": text.replace(m[1], str(3 + k % 7)),
        "doubled_placeholder": text.replace(end, f"{end}{m[2]} を使います。"),
        "invented_placeholder": text.replace(m[5], f"{m[5]} と ⟦99⟧"),
        "reordered_placeholder": f"{first}{second}{end}\n\n{m[4]}",
        "changed_number": text.replace("三人", "四人"),
    }
    told = answer.replace("dollars", "ドル").replace(
        "twenty", "三十" if planted == "changed_answer" else "二十"
    )
    told = "29 ドル" if planted == "answer_digits" else told.replace("Ann", "アン")
    said = f"訳文：{wrong.get(planted or '', text)}\n答えの訳：{told}"
    return said.removeprefix("訳文：") if planted == "no_marker" else said


def run_of(folder: Path, rows: list[dict[str, Any]], **more: Any) -> Run:
    with Server(reply=translate) as server:
        concurrency = more.pop("concurrency", 8)
        run = Run(
            recipe=NAME, source=rows, language="ja", output=str(folder), options={"styles": STRICT},
            models={"translator": {"endpoint": server.url, "name": "tane", "concurrency": concurrency}},
            limits={"failed_share": None, "accepted_share": None}, **more,
        )  # fmt: skip
        run.start()
    return run


def test_200_items_every_spoilt_one_is_found_and_every_sound_one_comes_back_byte_for_byte(
    tmp_path: Path,
) -> None:
    run = run_of(tmp_path / "r", [item(k) for k in range(200)])
    kept, rejected = dataset(tmp_path / "r"), list(run.rejected())
    assert sorted(row["number"] for row in kept) == [k for k in range(200) if planted_of(k) is None]
    assert all(one.reason == reason_of(one.fields["number"]) for one in rejected)
    assert Counter(one.reason for one in rejected)["lost_placeholder"] == 30
    for row in kept:
        k = row["number"]
        source, text = row["text"], row["translation"]
        for piece in (source[source.index("```") : source.rindex("```") + 3], f"$c = {11 + k} \\cdot {2 + k % 7}$",
                      f"`cost_{k}`", f"https://example.com/{k}?n=1", f"${11 + k}"):  # fmt: skip
            assert piece in source
            assert piece in text
        assert "⟦" not in text
        assert row["translated_answer"] == row["answer"].replace("dollars", "ドル")
        assert row["verified_by"] == "numbers"


def test_no_row_that_was_not_verified_can_be_exported(tmp_path: Path) -> None:
    """Fault 8: what the check found was stored, and all rows were exported."""
    run = run_of(tmp_path / "r", [item(k) for k in range(60)])
    unsound = {k for k in range(60) if planted_of(k)}
    rows = list(run.rows())
    write_jsonl(
        iter(rows), ("number", "translation", "verified_by"), tmp_path / "r.jsonl", form=None, language="ja"
    )
    exported = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text(encoding="utf-8").splitlines()]
    for found in (dataset(tmp_path / "r"), rows, exported):
        assert not unsound & {row["number"] for row in found}
        assert {row["verified_by"] for row in found} == {"numbers"}
    checks = catalogue.load(NAME, "ja").recipe
    assert checks.writes["verified_by"] == "text"
    assert set(checks.specs[-1].reasons or ()) == {"changed_answer", "unverifiable_answer"}


def test_the_same_rows_at_any_concurrency_and_in_reverse(tmp_path: Path) -> None:
    rows = [item(k) for k in range(60)]

    def told(run: Run) -> dict[int, Any]:
        kept = {row["number"]: (row["style"], row["translation"]) for row in run.rows()}
        return kept | {one.fields["number"]: (one.reason, one.note) for one in run.rejected()}

    one = told(run_of(tmp_path / "one", rows, concurrency=1))
    assert told(run_of(tmp_path / "many", rows, concurrency=64)) == one
    assert told(run_of(tmp_path / "back", rows[::-1])) == one
    assert sorted(one) == list(range(60))


def item_ja(k: int) -> dict[str, Any]:
    text = f"""{town(k)}町の店で、アンは1枚{110 + k}円の券を{2 + k % 7}枚買います。子どもは三人います。

$$c = {110 + k}n$$

代金はいくらですか。"""
    return {"number": k, "text": text, "answer": f"{(110 + k) * (2 + k % 7)}円"}


def translate_into_english(body: dict[str, Any]) -> str:
    """One of five loses the formula, one of five says four children."""
    source, answer = str(body["messages"][-1]["content"]).split("Original: ", 1)[1].rsplit("\nAnswer: ", 1)
    k = int("".join(str("abcdefghij".index(letter)) for letter in re.findall(r"Q([a-j]{3})ton", source)[0]))
    m = MARK.findall(source)
    formula = "the formula" if k % 5 == 0 else m[3]
    children = "four" if k % 5 == 1 else "three"
    first = f"At a shop in {town(k)}, Ann buys {m[2]} tickets at {m[1]} yen for {m[0]}."
    text = f"{first} There are {children} children.\n\n{formula}\n\nHow much do they cost?"
    return f"Translation: {text}\nTranslated answer: {answer.replace('円', ' yen')}"


def test_the_other_direction_holds_the_same(tmp_path: Path) -> None:
    with Server(reply=translate_into_english) as server:
        run = Run(
            recipe=NAME, source=[item_ja(k) for k in range(60)], language="en", output=str(tmp_path / "r"),
            options={"styles": STRICT}, limits={"failed_share": None, "accepted_share": None},
            models={"translator": {"endpoint": server.url, "name": "tane"}},
        )  # fmt: skip
        run.start()
    kept = dataset(tmp_path / "r")
    assert sorted(row["number"] for row in kept) == [k for k in range(60) if k % 5 > 1]
    assert all(f"$$c = {110 + row['number']}n$$" in row["translation"] for row in kept)
    assert {row["verified_by"] for row in kept} == {"numbers"}
    wrong = {0: "lost_placeholder", 1: "changed_number"}
    assert all(one.reason == wrong[one.fields["number"] % 5] for one in run.rejected())


def walked(loaded: Loaded, record: Record, reply: str, seed: int = 0) -> End:
    return asyncio.run(walk(loaded.recipe, loaded.texts, record, in_order([reply]), seed=seed))


def styles_of(n: int, seed: int, **options: Any) -> list[str]:
    loaded = catalogue.load(NAME, "ja", options)
    records = (
        Record(f"r{k}", (k,), {"text": "Find the next number.", "answer": "3"}) for k in range(1, n + 1)
    )
    return [walked(loaded, one, "", seed).record["style"] for one in records]


def test_styles_come_up_by_weight_per_row_and_differ_between_seeds() -> None:
    """Faults 9 and 10: one choice for a whole process; neighbouring seeds that repeat each other."""
    first, second = styles_of(1200, 7), styles_of(1200, 8)
    seen = Counter(first)
    assert set(seen) == {*STRICT, *FREE}
    assert sum((n - 150) ** 2 / 150 for n in seen.values()) < 24.3  # 7 df, p 0.001
    assert 100 < sum(a == b for a, b in zip(first, second, strict=True)) < 200  # 150 by chance


def test_styles_are_chosen_by_an_option_and_a_wrong_one_is_named() -> None:
    assert set(styles_of(40, 0, styles=["casual", "dialogue"])) == {"casual", "dialogue"}
    with pytest.raises(SetupError) as caught:
        catalogue.load(NAME, "ja", {"styles": ["casaul"]})
    assert caught.value.next == "did you mean 'casual'?"
    with pytest.raises(SetupError, match="styles leaves nothing to draw from"):
        catalogue.load(NAME, "ja", {"styles": []})


@pytest.mark.parametrize("style", FREE)
def test_styles_that_recast_a_text_may_repeat_marks_and_still_lose_none(style: str) -> None:
    loaded = catalogue.load(NAME, "ja", {"styles": [style]})
    record = Record(
        "a", (1,), {"text": "Tom has 5 marbles. Ann gives him 7. How many has he?", "answer": "12 marbles"}
    )
    good = "訳文：先生：アンは ⟦2⟧ 個くれます。\n生徒：トムは ⟦1⟧ 個持っていて、⟦2⟧ 個もらうのですね。\n答えの訳：⟦3⟧ 個"
    end = walked(loaded, record, good)
    assert end.reject is None
    assert end.record["translation"].endswith("トムは 5 個持っていて、7 個もらうのですね。")
    end = walked(loaded, record, good.replace("⟦1⟧", "何"))
    assert end.reject is not None
    assert end.reject.reason == "lost_placeholder"


def test_texts_without_an_answer_go_through_when_that_is_said() -> None:
    loaded = catalogue.load(NAME, "en", {"has_answer": False, "styles": ["faithful"]})
    assert loaded.recipe.needs == ("text",)
    assert list(loaded.recipe.writes) == ["style", "translation"]
    record = Record("a", (1,), {"text": "`len(x)` は、リストの長さを返します。"})
    reply = "Translation: ⟦1⟧ returns the length of the list.\nTranslated answer: none"
    end = walked(loaded, record, reply)
    assert end.reject is None
    assert end.record["translation"] == "`len(x)` returns the length of the list."


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_eight_styles_are_data_in_both_languages(language: str) -> None:
    rows = catalogue.texts_of(catalogue.find(NAME))[language].tables["styles"]
    assert [row["style"] for row in rows] == [*STRICT, *FREE]
    assert [row["repeats"] for row in rows] == ["no"] * 4 + ["yes"] * 4
