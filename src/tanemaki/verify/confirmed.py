"""A model's solution is kept where it ends in the answer that a solver found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.answer_reading import stated_answers
from tanemaki.text.final_answer import marked_answer
from tanemaki.text.written_numbers import find_written, plain
from tanemaki.verify.reward import score


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Keep records whose free text certainly ends in the row's answer.

    Reasons: ``no_answer`` (the text marks none, and its last sentence holds nothing of the kind), ``wrong_answer``
    (measured: what it states; limit: the answer).
    Source: rejection sampling as in "STaR" (arXiv 2203.14465): a way to the right answer is kept. Differs: what is hedged,
    stated twice with different values or in another unit is not right.

    >>> row = {
    ...     "answer": "12",
    ...     "answer_kind": "number",
    ...     "prompt": "亀は何匹ですか。",
    ...     "solution": "答え：12匹",
    ... }
    >>> Confirmed("response")(Record("a", (1,), {**row, "response": "答え：12匹か13匹"}))
    Reject(reason='wrong_answer', measured='12匹か13匹', limit='12', note=None)
    """

    field: str
    """The text."""
    question: str = "prompt"
    """The field with the problem."""
    solution: str = "solution"
    """The field with a right solution, which shows the answer's unit."""
    reasons: ClassVar[tuple[str, ...]] = ("no_answer", "wrong_answer")

    @property
    def reads(self) -> tuple[str, ...]:
        """The text, and what tells the right answer."""
        return (self.field, "answer", "answer_kind", self.question, self.solution)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        text, question = str(record[self.field]), str(record[self.question])
        row = {
            "answer": record["answer"],
            "answer_kind": record["answer_kind"],
            "prompt": question,
            "solution": record[self.solution],
        }
        if score(row, text) == 1:
            return record
        stated = stated_answers(text, question)
        if not stated or not _is_answer(stated[-1], text, str(record["answer_kind"])):
            return Reject("no_answer", text.strip()[-60:])
        return Reject("wrong_answer", "; ".join(stated)[:80], str(record["answer"]))


def _is_answer(said: str, text: str, kind: str) -> bool:
    """Whether what a text ends in is meant as an answer: it is marked, or a number where one is wanted."""
    if marked_answer(text) is not None:
        return True
    return kind in ("number", "numbers", "set", "date", "time") and bool(find_written(plain(said)))
