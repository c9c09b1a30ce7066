from __future__ import annotations

from pathlib import Path

import pytest

from tanemaki.core.seeding import Draw
from tanemaki.verify.maths_probe.events import EVENTS, Event
from tanemaki.verify.maths_probe.grade import grade, techniques
from tanemaki.verify.maths_probe.items import Form, Language, ask, ask_concept

SUM_OF_THREE = Event(2, 6, "sum_at_least", 3)
LINES = Path(__file__).with_name("replies.tsv").read_text(encoding="utf-8").splitlines()[3:]
REPLIES = [line.split("\t") for line in LINES]


@pytest.mark.parametrize(("language", "form", "right", "shown", "reply"), REPLIES)
def test_replies_are_read_as_a_person_reads_them(
    language: Language, form: Form, right: str, shown: str, reply: str
) -> None:
    graded = grade(ask(SUM_OF_THREE, form, language, 0), reply.replace("\\n", "\n"))
    assert graded.is_right == (right == "yes")
    assert graded.techniques == frozenset() if shown == "none" else shown in graded.techniques


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("wording", range(4))
def test_a_count_is_no_probability_even_where_the_last_step_asks_for_one(
    language: Language, wording: int
) -> None:
    item = ask(SUM_OF_THREE, "complement", language, wording)
    assert not any(grade(item, reply).is_right for reply in ("35", "35通り", "答え：35", "The answer is 35."))
    assert grade(item, "35/36").is_right


def test_the_concept_is_chosen_by_number_or_by_words() -> None:
    item = ask_concept(Draw(3, "concept"), "ja", 0)
    right = item.options[int(item.key) - 1]
    wrong = item.options[int(item.key) % 5]
    other = str(int(item.key) % 5 + 1)
    for reply in (item.key, f"答え：{item.key}", f"答えは{item.key}番です。", f"{item.key}. {right}", right):
        assert grade(item, reply).is_right, reply
    for reply in (other, f"答え：{other}", wrong, f"{item.key}か{other}", f"{item.key}. {wrong}", "", "6"):
        assert not grade(item, reply).is_right, reply


def test_a_technique_that_is_named_to_be_left_alone_is_not_used() -> None:
    assert techniques("余事象を使わないで考えます。") == frozenset()
    assert techniques("I do not use the complement.") == frozenset()
    assert techniques("余事象を使います。") == {"complement"}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("form", ["free", "complement"])
def test_every_event_is_graded_by_its_own_chance(form: Form, language: Language) -> None:
    for event in EVENTS:
        item = ask(event, form, language, event.limit % 4)
        n = event.n_outcomes - event.n_others
        assert grade(item, f"{n}/{event.n_outcomes}").is_right, "a fraction need not be in lowest terms"
        assert grade(item, f"\\boxed{{\\frac{{{n}}}{{{event.n_outcomes}}}}}").is_right
        for wrong in (str(n), f"{event.n_others}/{event.n_outcomes}", f"{n}/{event.n_outcomes + 1}", "1"):
            assert not grade(item, wrong).is_right, (item, wrong)


def test_exact_decimals_and_per_cents_are_the_chance() -> None:
    item = ask(Event(2, 4, "product_even"), "free", "ja", 0)
    assert item.key == "3/4"
    assert all(grade(item, reply).is_right for reply in ("0.75", "75%", "答え：７５％", "四分の三です。"))
    assert not any(grade(item, reply).is_right for reply in ("0.8", "75", "約75%"))
