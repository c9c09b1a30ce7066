"""What stands between the words of a dialogue when a model is shown it as one text.

A raw completion sends this text as it stands. Cut off at the place where the user would begin, it makes a chat model write
what users write: the *pre-query* prefix. The known templates are data (``data/chat_templates.toml``, each with the file in
which it was read); :func:`learn` takes one from whatever renders dialogues, such as a model's own Jinja template.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tanemaki.core.errors import SetupError, nearest, shorten
from tanemaki.core.record import Message

Render = Callable[[Sequence[Message], bool], str | None]
"""Renders messages, with the beginning of an answer if told so; None where the template refuses these messages."""
_SYSTEM, _USER, _ANSWER, _NEXT = (f"TANEMAKI{name}SLOT" for name in ("SYSTEM", "USER", "ANSWER", "NEXT"))


@dataclass(frozen=True, slots=True)
class ChatTemplate:
    """One template, in pieces.

    Raises ``SetupError`` for a template whose turns have no end: a model that was taught by it cannot stop, and neither
    can a dialogue made with it.

    Source: "Magpie" (arXiv 2406.08464, §2.1), whose pre-query templates are texts of ``configs/model_configs.json``.
    Differs: pieces from which further turns and answers are made, too; the beginning token is apart.

    >>> chat_template("chatml").query(
    ...     [{"role": "user", "content": "葛とは？"}, {"role": "assistant", "content": "草です。"}]
    ... )
    '<|im_start|>user\\n葛とは？<|im_end|>\\n<|im_start|>assistant\\n草です。<|im_end|>\\n<|im_start|>user\\n'
    """

    name: str
    pre_query: str
    response: str
    next_query: str
    stops: tuple[str, ...]
    pre_query_system: str = ""
    """With ``{system}``; empty where the template has no place for a system text."""
    response_before: str = ""
    """``response`` where an answer follows; empty if it is the same."""
    bos: str = ""
    origin: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a template without an end of turn."""
        end = _token(self.next_query)
        ends_answer = end in self.stops and end != _token(self.pre_query)
        ends_query = any(stop in self.response for stop in self.stops)
        if not (ends_answer and ends_query):
            whose, piece = ("a user's turn", self.response) if ends_answer else ("an answer", self.next_query)
            raise SetupError(
                f"the chat template {self.name!r} does not end {whose}",
                got=f"what follows is {piece!r}; stops: {', '.join(map(repr, self.stops)) or 'none'}",
                next="take a template whose turns end with a token of their own, as the model was taught",
            )

    @property
    def has_system(self) -> bool:
        """It has a place for a system text."""
        return bool(self.pre_query_system)

    def query(self, history: Sequence[Message] = (), system: str = "", *, with_bos: bool = False) -> str:
        """Return everything up to the place where the user begins to speak, after the turns of ``history``.

        Raises ``SetupError`` for a system text that the template has no place for.
        """
        if system and not self.has_system:
            raise SetupError(
                f"the chat template {self.name!r} has no place for a system text",
                got=shorten(system, 80),
                next="leave the system text out, or take another template",
            )
        pieces = [self.bos if with_bos else "", self._opening(system)]
        for message in history:
            text = str(message["content"]).strip()
            pieces += [
                text,
                (self.response_before or self.response) if message["role"] == "user" else self.next_query,
            ]
        return "".join(pieces)

    def reply(self, messages: Sequence[Message], system: str = "", *, with_bos: bool = False) -> str:
        """Return everything up to the place where the assistant begins; the last of ``messages`` is the user's."""
        before = self.query(messages[:-1], system, with_bos=with_bos)
        return before + str(messages[-1]["content"]).strip() + self.response

    def _opening(self, system: str) -> str:
        return self.pre_query_system.replace("{system}", system.strip()) if system else self.pre_query


def template_names() -> tuple[str, ...]:
    """Return the names of the known templates."""
    return tuple(_known())


def chat_template(name: str) -> ChatTemplate:
    """Return a known template. Raises ``SetupError`` with the nearest name.

    >>> chat_template("llm-jp-3").query()[-9:]
    '\\n### 指示:\\n'
    """
    known = _known()
    if name not in known:
        near = nearest(name, known)
        raise SetupError(
            f"there is no chat template {name!r}",
            got=f"known: {', '.join(known)}",
            next=f"did you mean {near!r}?"
            if near
            else "name the model's own tokenizer_config.json, *.jinja or *.gguf file instead",
        )
    return known[name]


@cache
def _known() -> Mapping[str, ChatTemplate]:
    raw = files("tanemaki.text").joinpath("data", "chat_templates.toml").read_text(encoding="utf-8")
    return {name: ChatTemplate(name, **_lists_as_tuples(said)) for name, said in tomllib.loads(raw).items()}


def _lists_as_tuples(said: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in said.items()}


def learn(name: str, render: Render, *, bos: str = "", eos: str = "", origin: str = "") -> ChatTemplate:
    """Return the template that a renderer follows, found by rendering dialogues of marker words and cutting at them.

    The pieces are then put together to a dialogue of three turns and compared with what the renderer makes of it, so that a
    template which does more than stringing turns together is refused, not guessed at. A template that writes the same
    sentence for any system text, as LLM-jp's does, is taken with that sentence.

    Raises ``SetupError`` for a template that trims, reorders or leaves out what it is given, and for one without an end.

    >>> def render(messages, answers):
    ...     told = "".join(f"<{m['role']}>{m['content']}</s>" for m in messages)
    ...     return told + ("<assistant>" if answers else "")
    >>> learn("枡", render, eos="</s>").reply([{"role": "user", "content": "葛とは？"}])
    '<user>葛とは？</s><assistant>'
    """
    user, answer = {"role": "user", "content": _USER}, {"role": "assistant", "content": _ANSWER}
    again = {"role": "user", "content": _NEXT}
    told = {"role": "system", "content": _SYSTEM}
    with_system = render([told, user], False) or ""
    shows_system = _SYSTEM in with_system
    system = _cut(name, with_system, _USER)[0] if shows_system else ""
    first = [told] if with_system and not shows_system else []
    pre_query, _ = _cut(name, render([*first, user], False), _USER)
    _, response = _cut(name, render([*first, user], True), _USER)
    _, rest = _cut(name, render([*first, user, answer, again], False), _USER)
    before, rest = _cut(name, rest, _ANSWER)
    next_query, _ = _cut(name, rest, _NEXT)
    found = ChatTemplate(
        name,
        pre_query.removeprefix(bos),
        response,
        next_query,
        _stops(response, next_query, eos),
        system.removeprefix(bos).replace(_SYSTEM, "{system}"),
        before if before != response else "",
        bos if bos and pre_query.startswith(bos) else "",
        (origin,) if origin else (),
    )
    whole = [
        user,
        answer,
        again,
        {"role": "assistant", "content": "SECOND"},
        {"role": "user", "content": "THIRD"},
    ]
    if render([*first, *whole], True) != found.reply(whole, with_bos=True):
        raise SetupError(
            f"the chat template {name!r} changes its turns as a dialogue goes on",
            got=shorten(render([*first, *whole], True)),
            next="take one of the known templates",
        )
    return found


def _cut(name: str, text: str | None, at: str) -> tuple[str, str]:
    before, found, after = (text or "").partition(at)
    if not found:
        raise SetupError(
            f"the chat template {name!r} does not show what it is given",
            got=shorten(text),
            next="take one of the known templates",
        )
    return before, after


def _stops(response: str, next_query: str, eos: str) -> tuple[str, ...]:
    """Return what ends a user's turn (a token, or else the assistant's heading), and what ends an answer (a token)."""
    heading = response[: len(response) - len(response.lstrip())] + response.strip().partition("\n")[0]
    found = [_token(response) or heading, _token(next_query), eos]
    return tuple(dict.fromkeys(mark for mark in found if mark.strip()))


def _token(piece: str) -> str:
    """Return the token in brackets with which the piece begins; empty if it begins with none."""
    stripped = piece.lstrip()
    for opening, closing in (("<|", "|>"), ("<｜", "｜>"), ("<", ">"), ("[", "]")):
        if stripped.startswith(opening) and closing in stripped:
            return stripped[: stripped.index(closing) + len(closing)]
    return ""
