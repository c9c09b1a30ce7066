"""Off the subject, pointing at nothing, other numbers than before: what only a dialogue as a whole can show."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanemaki.clean.filters.antecedent import Antecedent
from tanemaki.clean.filters.off_topic import OnTopic, content_words
from tanemaki.clean.filters.same_numbers import SameNumbers
from tanemaki.core.errors import RecipeError
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject

HERE = Path(__file__).parent
FILTERS = (OnTopic, Antecedent, SameNumbers)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def table(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")][1:]


def turn(text: str, earlier: str = "") -> Record:
    said = [part.replace("\\n", "\n") for part in earlier.split(" / ") if part]
    return Record("a", (1,), {"text": text, "earlier": said})


def reasons_of(record: Record, language: str, *filters: type) -> set[str]:
    judged = [one("text", of="earlier", language=language)(record) for one in filters]
    for verdict in judged:
        assert isinstance(verdict, Reject) or verdict is record, "kept records come back unchanged"
    return {verdict.reason for verdict in judged if isinstance(verdict, Reject)}


@pytest.mark.parametrize(("language", "reason", "earlier", "text"), table("follow_up_pairs.tsv"))
def test_a_follow_up_is_rejected_for_what_it_deserves_and_nothing_else(
    language: str, reason: str, earlier: str, text: str
) -> None:
    found = reasons_of(turn(text, earlier), language, OnTopic, Antecedent)
    assert found - {"off_topic"} == ({reason} - {"-", "off_topic"})
    assert ("off_topic" in found) == (reason == "off_topic") or reason == "no_antecedent"


@pytest.mark.parametrize(("language", "reason", "text"), table("opening_questions.tsv"))
def test_a_first_question_points_at_nothing_before_it(language: str, reason: str, text: str) -> None:
    assert reasons_of(turn(text), language, *FILTERS) == {reason} - {"-"}


@pytest.mark.parametrize(("language", "reason", "earlier", "text"), table("number_pairs.tsv"))
def test_an_answer_keeps_to_the_numbers_of_its_own_side(
    language: str, reason: str, earlier: str, text: str
) -> None:
    assert reasons_of(turn(text, earlier), language, SameNumbers) == {reason} - {"-"}


def test_what_is_told_names_the_words_and_the_statements() -> None:
    away = OnTopic("text", of="earlier", language="en")(
        turn("Which passport documents?", "Why is bread hard? / Starch.")
    )
    assert away == Reject("off_topic", 2, 1, "new: passp, docum")
    numbers = SameNumbers("text", of="earlier", language="ja")(
        turn("卵は10分ゆでてください。", "何分？ / 卵は8分ゆでてください。 / 何分でしたか。")
    )
    assert numbers == Reject(
        "number_contradiction", "卵は10分ゆでてください。", "卵は8分ゆでてください。", None
    )
    points = Antecedent("text", of="earlier", language="ja")(turn("そのミキサーは？", "桜は？ / 冬です。"))
    assert points == Reject("no_antecedent", "そのミキサー", None, None)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "text", ["", "🌸", "?", "42", "ｶﾞｸｾｲ", "はい。", "Yes.", "あ" * 20_000, "word " * 5_000]
)
def test_odd_texts_are_judged_without_an_error_and_the_same_twice(language: str, text: str) -> None:
    for earlier in ("", "桜はいつ植えますか。 / 冬です。", text):
        record = turn(text, earlier)
        assert reasons_of(record, language, *FILTERS) == reasons_of(record, language, *FILTERS)


def test_widths_and_case_do_not_matter() -> None:
    text, earlier = "Which DOCUMENTS do I need for a passport?", "Why is bread hard? / Starch cools."
    wide = turn(text.translate(FULL_WIDTH), earlier)
    assert (
        reasons_of(turn(text, earlier), "en", *FILTERS) == reasons_of(wide, "en", *FILTERS) == {"off_topic"}
    )


def test_content_words_leave_out_what_any_follow_up_may_say() -> None:
    assert content_words("もう少しくわしく説明してください。") == []
    assert content_words("Could you explain the main reason with an example?") == []
    assert content_words("ﾊﾟﾝの冷凍保存と、パンの常温保存") == ["パン", "冷凍保存", "常温保存"]


@pytest.mark.parametrize("one", FILTERS)
def test_a_language_that_is_not_known_is_refused(one: type) -> None:
    with pytest.raises(RecipeError, match="does not know the language 'fr'"):
        one("text", of="earlier", language="fr")


@pytest.mark.parametrize("one", FILTERS)
def test_each_reads_the_turn_and_what_was_before(one: type) -> None:
    assert one("text", of="earlier", language="ja").reads == ("text", "earlier")
