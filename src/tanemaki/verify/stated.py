"""Numbers and names that must stand in the source of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.names import made_up_names
from tanemaki.text.quantities import find_quantities, unsaid


@dataclass(frozen=True, slots=True)
class Stated:
    """Keep records whose text makes up no number and no name.

    Numbers, shares, dates and times are compared by their value: 三割 is 30 %, 令和八年 is 2026. A name is what
    :func:`tanemaki.text.names.made_up_names` takes for one; everyday words in katakana are none. Unlike
    :class:`~tanemaki.verify.faithful.Faithful`, it does not ask that anything be kept: an answer is about a part.

    Reasons: ``number_not_in_source``, ``name_not_in_source`` (measured: the number or name).
    Cost: a few passes of regular expressions over text and sources.
    Source: ours.

    >>> row = {"text": "十二日まで延ばせます。", "passage": "有給休暇は年に十日とする。"}
    >>> Stated("text", by=("passage",))(Record("a", (1,), row)).measured
    '十二日'
    """

    field: str
    """A text."""
    by: tuple[str, ...]
    """The fields, texts or lists of texts, one of which must say it."""
    reasons: ClassVar[tuple[str, ...]] = ("number_not_in_source", "name_not_in_source")

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field, *self.by)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        text = str(record[self.field])
        source = "\n".join(self._source(record))
        made_up = unsaid(find_quantities(text), find_quantities(source))
        if made_up:
            return Reject("number_not_in_source", made_up[0].text)
        names = made_up_names(text, source)
        return Reject("name_not_in_source", names[0]) if names else record

    def _source(self, record: Record) -> list[str]:
        values = (record[name] for name in self.by)
        return [str(part) for value in values for part in ([value] if isinstance(value, str) else value)]
