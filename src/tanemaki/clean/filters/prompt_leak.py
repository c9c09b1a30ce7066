"""Words of the prompt that came back in the reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import text_of
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import normalise
from tanemaki.text.similarity import squeeze


@dataclass(frozen=True, slots=True)
class PromptLeak:
    """Keep records whose text does not repeat the prompt that it answers.

    Two signs: one of ``words`` (「元の指示」, "given prompt"), and any run of ``run_letters`` letters that stands in the
    prompt's own wording. Neither counts where the text that was to be rewritten holds it already: an instruction about
    prompts may speak of prompts.

    Reasons: ``leaked_prompt`` (measured: the word or the run).
    Source: "WizardLM" (arXiv 2304.12244, §3.2, the fourth elimination). Differs: runs of the prompt are found whatever the
    words are, and words that the original holds are no leak; a list alone drops every instruction that says "prompt".

    >>> leak = PromptLeak("text", words=("元の指示",), run_letters=16)
    >>> leak(Record("a", (1,), {"text": "元の指示に条件を足すと…", "parent": "俳句を書いて", "prompt": ""}))
    Reject(reason='leaked_prompt', measured='元の指示', limit=None, note=None)
    """

    field: str
    """A text."""
    words: tuple[str, ...]
    """What only the prompt says, each a phrase of its own."""
    run_letters: int | None
    """Letters in a row that are no accident any more; None is off, and no field with the prompt is needed then."""
    prompt: str = "prompt"
    """The field with the prompt's own wording, without what fills its slots."""
    unless_in: str = "parent"
    """The field with the text that was to be rewritten."""
    reasons: ClassVar[tuple[str, ...]] = ("leaked_prompt",)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field, self.unless_in, *((self.prompt,) if self.run_letters else ()))

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        text, before = text_of(record, self.field), text_of(record, self.unless_in)
        said, known = normalise(text), normalise(before)
        for word in map(normalise, self.words):
            if word in said and word not in known:
                return Reject("leaked_prompt", word)
        run = self._run(record, text, before) if self.run_letters else None
        return Reject("leaked_prompt", run) if run else record

    def _run(self, record: Record, text: str, before: str) -> str | None:
        n = self.run_letters or 0
        runs = set(_runs(text_of(record, self.prompt), n)) - set(_runs(before, n))
        return next((run for run in _runs(text, n) if run in runs), None)


def _runs(text: str, n: int) -> list[str]:
    letters = squeeze(text)
    return [letters[at : at + n] for at in range(len(letters) - n + 1)]
