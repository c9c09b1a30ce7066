"""Questions and answers from your own documents, each with the words of the document that prove it.

For: assistants that answer from manuals, rules, reports and help pages; training and evaluation of retrieval (RAG) readers.
Source: ours, after answer-aware question generation and the unanswerable questions of SQuAD 2.0 (arXiv 1806.03822).
Differs: in the document-to-QA tools of the field the model is told to stay with the text and believed; here a row without
evidence that stands in the source word for word is rejected, so is one whose answer holds a number or name of its own, and
page and span of the evidence stay with the row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tanemaki.clean.dedup.near_duplicate import NearDuplicate
from tanemaki.clean.filters.answer_label import AnswerLabel
from tanemaki.clean.filters.boilerplate import Boilerplate
from tanemaki.clean.filters.ending import Ending
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.length import Length
from tanemaki.clean.filters.near_copy import NearCopy
from tanemaki.clean.filters.pointing import Pointing
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.clean.filters.repetition import Repetition
from tanemaki.clean.filters.several_questions import SeveralQuestions
from tanemaki.clean.filters.unfilled import Unfilled
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe
from tanemaki.generate.angles import Angles
from tanemaki.generate.check_grounds import CheckGrounds
from tanemaki.generate.ground import Ground
from tanemaki.generate.looking import Filter
from tanemaki.generate.verdicts import Verdict
from tanemaki.text.marked import Markers
from tanemaki.verify.quotes import Quoted
from tanemaki.verify.stated import Stated

_MARKERS: Mapping[str, Markers] = {
    "ja": {
        "quote": ("根拠", "引用"),
        "question": ("質問", "問い"),
        "answer": ("答え", "回答"),
        "other": ("資料", "ほしい質問", "これまでのやりとり"),
    },
    "en": {
        "quote": ("Evidence", "Quote"),
        "question": ("Question",),
        "answer": ("Answer",),
        "other": ("Document", "Wanted", "The conversation so far"),
    },
}
_NOTHING = {"ja": ("なし", "該当なし", "ありません"), "en": ("none", "n/a", "nothing")}
_NOTHING_SAID = {"ja": "（まだありません）", "en": "(nothing yet)"}
_SPEAKERS = {"ja": ("質問：", "答え："), "en": ("Question: ", "Answer: ")}
_VERDICT = {"ja": "判定：", "en": "Verdict:"}
_GROUNDED = {
    "ja": {"supported": "裏付けあり", "not_supported": "裏付けなし"},
    "en": {"supported": "supported", "not_supported": "not supported"},
}
_FINDABLE = {
    "ja": {"absent": "書かれていない", "answered_after_all": "書かれている"},
    "en": {"absent": "not answered", "answered_after_all": "answered"},
}
_QUOTE_CHARS = {
    "ja": (6, 400),
    "en": (15, 800),
}  # a clause, up to a short paragraph; kana and kanji say more each
_QUESTION_CHARS = {"ja": (8, 200), "en": (15, 400)}  # one sentence; the upper ends only stop what ran away
_ANSWER_CHARS = {
    "ja": (2, 600),
    "en": (2, 1200),
}  # 「はい」 is an answer; three sentences stay far below the upper ends


def build(
    language: str,
    *,
    questions: int = 1,
    turns_min: int = 1,
    turns_max: int = 1,
    multi_passage: bool = False,
    unanswerable_share: float = 0.0,
    context: bool = True,
    check: Literal["none", "unanswerable", "all"] = "unanswerable",
) -> Recipe:
    """Return the recipe: ``questions`` rows of each passage, each of ``turns_min`` to ``turns_max`` questions and answers.

    ``context``: the first message holds the passage. ``check``: which rows a second role, ``judge``, looks at again.
    """
    _check(questions, turns_min, turns_max, unanswerable_share, context=context)
    checked = "none" if check == "unanswerable" and not unanswerable_share else check
    marker, judging = _VERDICT[language], Sampling(temperature=0.0, max_tokens=512)
    return Recipe(
        needs=("text",),
        steps=(
            Angles("kind", "kinds", questions, turns_min, turns_max, unanswerable_share),
            Ground(
                "messages",
                of="writer",
                markers=_MARKERS[language],
                nothing=_NOTHING[language],
                nothing_said=_NOTHING_SAID[language],
                speakers=_speakers(language),
                across=multi_passage,
                context=context,
                quote_filters=(Quoted("text", "passages", *_QUOTE_CHARS[language]),),
                question_filters=_question_filters(language, alone=True),
                follow_up_filters=_question_filters(language, alone=False),
                answer_filters=_answer_filters(language),
                sampling=Sampling(temperature=0.7, max_tokens=1024),
            ),
            NearDuplicate("question", by="trigrams"),
            CheckGrounds(
                checked,
                Verdict("grounded", "judge", marker, _GROUNDED[language], sampling=judging),
                Verdict("findable", "judge", marker, _FINDABLE[language], sampling=judging),
            ),
        ),
        hidden=("wanted",),
    )


def _check(questions: int, turns_min: int, turns_max: int, share: float, *, context: bool) -> None:
    if questions < 1 or not 1 <= turns_min <= turns_max or not 0 <= share <= 1:
        raise SetupError(
            "questions and turns are 1 or more, and a share is 0 to 1",
            where="options",
            got=f"questions {questions}, turns_min {turns_min}, turns_max {turns_max}, unanswerable_share {share}",
            next="e.g. questions: 4, turns_min: 1, turns_max: 3, unanswerable_share: 0.1",
        )
    if share and not context:
        raise SetupError(
            "a question without an answer means nothing to a reader who is not shown the text",
            where="options",
            got=f"unanswerable_share {share}, context false",
            next="leave context as it is, or unanswerable_share at 0",
        )


def _speakers(language: str) -> tuple[str, str]:
    user, assistant = _SPEAKERS[language]
    return user, assistant


def _question_filters(language: str, *, alone: bool) -> tuple[Filter, ...]:
    low, high = _QUESTION_CHARS[language]
    return (
        Language("text", language),
        Boilerplate("text", language),
        Unfilled("text", language),
        Pointing("text", language, alone=alone),
        SeveralQuestions("text", language),
        Length("text", min_chars=low, max_chars=high),
        NearCopy("text", of="earlier"),
        NearCopy("text", of="examples"),
    )


def _answer_filters(language: str) -> tuple[Filter, ...]:
    low, high = _ANSWER_CHARS[language]
    return (
        AnswerLabel("text", language),
        Refusal("text", language),
        Language("text", language),
        Boilerplate("text", language),
        Unfilled("text", language, alone=True),
        Length("text", min_chars=low, max_chars=high),
        Ending("text"),
        Repetition("text"),
        Stated("text", by=("shown", "earlier")),
        NearCopy("text", of="earlier"),
    )
