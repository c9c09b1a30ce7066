"""How much longer one text is than another, for whoever must weigh length against quality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tanemaki.core.record import FieldType, Json, Record
from tanemaki.text.normalise import n_chars


@dataclass(frozen=True, slots=True)
class LengthDifference:
    """Write how many characters longer a text is than another; negative where it is shorter.

    Source: ours; judges and trainers prefer what is long, and only a column shows it.

    >>> step = LengthDifference("difference_chars", of="after", than="before")
    >>> step(Record("a", (1,), {"before": "桜です。", "after": "ｻｸﾗです。"}))
    {'difference_chars': 2}
    """

    field: str
    """The field that is written; the step's name, too."""
    of: str
    """A text."""
    than: str
    """The text that it is compared with."""

    @property
    def name(self) -> str:
        """The step's name."""
        return self.field

    @property
    def reads(self) -> tuple[str, ...]:
        """Both texts."""
        return (self.of, self.than)

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The field that it adds."""
        return {self.field: "integer"}

    def __call__(self, record: Record) -> Mapping[str, Json]:
        """Give the difference."""
        return {self.field: n_chars(record[self.of]) - n_chars(record[self.than])}
