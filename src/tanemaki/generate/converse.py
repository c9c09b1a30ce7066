"""A dialogue, turn by turn: one role asks, another answers, and each turn is judged before the next one is paid.

Every call is made of the record's own fields and its own turns so far, held in local variables: nothing is shared between
records, so no row can be shown another row's history, whatever runs beside it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol, get_args

from tanemaki.core.model import Request, Sampling
from tanemaki.core.record import FieldType, Json, Message, Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.generate.replies import REASONS, check_reply

LANGUAGE_REASON = "wrong_language"
PromptName = Literal["question", "follow_up", "answer"]


class Filter(Protocol):
    """A pure verdict on one turn: a record with the fields ``text``, ``earlier`` and ``examples``."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of its rejections."""

    def __call__(self, record: Record) -> Any:
        """Give the record back, cleaned or as it was, or a ``Reject``."""


@dataclass(frozen=True, slots=True)
class Converse:
    """Write a dialogue of as many turns as the record's field ``turns`` says; a turn is a question and its answer.

    Prompts: ``question`` opens the dialogue; ``follow_up`` goes on with it and has one slot more, the dialogue so far under
    the name of ``field``; ``answer`` stands before the dialogue itself, which is sent to the answering role as real chat
    messages. Thinking never enters the history.

    Each reply is looked at at once: cut or empty first, then by the filters, which see a record with ``text`` (the reply),
    ``earlier`` (the texts of all turns before it) and ``examples`` (the worked examples of its prompt). What a filter
    cleans is what the history and the dataset hold.

    Reasons: ``cut``, ``empty``, and those of the filters; the note names the turn.
    Cost: two calls a turn, one after the other.
    Source: topic-hub ``synth_topic_multiturn.py`` (question, answer, follow-up, answer). Differs: any number of turns, drawn
    per row; the second question sees the whole history; a bad turn rejects the row at once and is never silently mended.

    >>> step = Converse("messages", user="writer", assistant="writer", given={"question": ("persona",)})
    >>> {name: sorted(slots) for name, slots in step.prompts.items()}
    {'question': ['persona'], 'follow_up': ['messages'], 'answer': []}
    """

    field: str
    """The field that is written: chat messages, ``user`` and ``assistant`` in turn."""
    user: str
    """The role that asks."""
    assistant: str
    """The role that answers; may be the same."""
    turns: str = "turns"
    """The field that holds the number of turns, 1 or more."""
    given: Mapping[PromptName, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    """Prompt → the fields that it shows."""
    question_filters: tuple[Filter, ...] = ()
    answer_filters: tuple[Filter, ...] = ()
    question_sampling: Sampling = dataclasses.field(default_factory=Sampling)
    answer_sampling: Sampling = dataclasses.field(default_factory=Sampling)
    speakers: tuple[str, str] = ("user: ", "assistant: ")
    """What stands before the two's turns where ``follow_up`` shows the dialogue."""

    @property
    def name(self) -> str:
        """The step's name."""
        return self.field

    @property
    def reads(self) -> tuple[str, ...]:
        """The fields that must be there before."""
        return tuple(dict.fromkeys((*(name for names in self.given.values() for name in names), self.turns)))

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The field that it adds."""
        return {self.field: "messages"}

    @property
    def prompts(self) -> Mapping[str, frozenset[str]]:
        """The prompts that it renders, with their slots."""
        slots = {name: frozenset(self.given.get(name, ())) for name in get_args(PromptName)}
        return {**slots, "follow_up": slots["follow_up"] | {self.field}}

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that it asks."""
        return tuple(dict.fromkeys((self.user, self.assistant)))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of its rejections."""
        filters = (*self.question_filters, *self.answer_filters)
        return tuple(dict.fromkeys((*REASONS, *(reason for one in filters for reason in one.reasons))))

    async def __call__(self, record: Record, context: Context) -> Mapping[str, Json] | Reject:
        """Write the dialogue; give the messages, or the first turn's rejection."""
        history: list[Message] = []
        for turn in range(1, int(record[self.turns]) + 1):
            for role in ("user", "assistant"):
                said = await self._say(role, turn, history, record, context)
                if isinstance(said, Reject):
                    return said
                history = [*history, {"role": role, "content": said}]
        return {self.field: history}

    async def _say(
        self, role: str, turn: int, history: list[Message], record: Record, context: Context
    ) -> str | Reject:
        asks = role == "user"
        note = f"turn {turn}, {'question' if asks else 'answer'}"
        opening = self._opening(role, history, record, context)
        request = Request(
            messages=opening if asks else [*opening, *history],
            sampling=self.question_sampling if asks else self.answer_sampling,
        )
        reply = await context.ask(self.user if asks else self.assistant, request)
        turn_record = record.with_fields(
            text=reply.text.strip(),
            earlier=[message["content"] for message in history],
            examples=[message["content"] for message in opening if message["role"] == "assistant"],
        )
        filters = self.question_filters if asks else self.answer_filters
        rejected = check_reply(reply, note)
        if rejected is None:
            return self._judge(turn_record, filters, note)
        # the wrong language is the reason that helps: a model that lacks the language is often cut, too
        languages = [one for one in filters if LANGUAGE_REASON in one.reasons]
        judged = self._judge(turn_record, languages, note) if turn_record["text"] else rejected
        return judged if isinstance(judged, Reject) else rejected

    def _opening(
        self, role: str, history: Sequence[Message], record: Record, context: Context
    ) -> list[Message]:
        name: PromptName = "answer" if role == "assistant" else "follow_up" if history else "question"
        values: dict[str, Json] = {given: record[given] for given in self.given.get(name, ())}
        if name == "follow_up":
            values[self.field] = show_dialogue(history, self.speakers)
        return context.prompt(name).render(values)

    def _judge(self, turn: Record, filters: Sequence[Filter], note: str) -> str | Reject:
        for one in filters:
            judged = one(turn)
            if isinstance(judged, Reject):
                return replace(judged, note=f"{note}: {judged.note}" if judged.note else note)
            turn = judged
        return str(turn["text"])


def show_dialogue(messages: Sequence[Message], speakers: tuple[str, str]) -> str:
    """Return the dialogue as a prompt shows it: each message begins a line, after its speaker.

    >>> print(show_dialogue([{"role": "user", "content": "葛とは？"}], ("相談者：", "回答者：")))
    相談者：葛とは？
    """
    names = dict(zip(("user", "assistant"), speakers, strict=True))
    return "\n".join(f"{names[message['role']]}{message['content']}" for message in messages)
