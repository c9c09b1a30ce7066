"""Sentences with slots, compiled once: ``{n}`` is a slot, ``{n:apple|apples}`` a number with its noun in the right form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True, slots=True)
class _Counted:
    """A noun after its number: which form, is decided by the number."""

    slot: str
    number: str
    one: str
    many: str


class Template:
    """A sentence with slots.

    Cost: one ``str.format_map``, and one more for each counted noun.

    >>> Template("{n:{noun}|{nouns}} and {m} cats").fill({"n": 1, "m": 2, "noun": "dog", "nouns": "dogs"})
    '1 dog and 2 cats'
    >>> Template("{n}本").slots
    frozenset({'n'})
    """

    __slots__ = ("_counted", "_text", "slots")

    def __init__(self, text: str) -> None:
        parts: list[str] = []
        counted: list[_Counted] = []
        slots: set[str] = set()
        for literal, name, spec, _ in Formatter().parse(text):
            parts.append(literal.replace("{", "{{").replace("}", "}}"))
            if name is None:
                continue
            slots.add(name)
            if not spec:
                parts.append(f"{{{name}}}")
                continue
            one, _, many = spec.partition("|")
            counted.append(_Counted(f"_{len(counted)}", name, one, many))
            slots.update(inner for _, inner, _, _ in Formatter().parse(spec) if inner)
            parts.append(f"{{{name}}} {{{counted[-1].slot}}}")
        self._text = "".join(parts)
        self._counted = tuple(counted)
        self.slots = frozenset(slots)
        """Names of the slots."""

    def fill(self, slots: Mapping[str, object]) -> str:
        """Return the sentence. Raises ``KeyError`` for a slot that is not there."""
        if not self._counted:
            return self._text.format_map(slots)
        nouns = {
            one.slot: (one.one if str(slots[one.number]) == "1" else one.many).format_map(slots)
            for one in self._counted
        }
        return self._text.format_map({**slots, **nouns})
