"""What stands where: beginning, end, title, frame, postscript, and a rating with its reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.text.normalise import fold_width, nfkc
from tanemaki.text.sentences import split_sentences
from tanemaki.verify.formats.lengths import count_chars
from tanemaki.verify.formats.order import Failure, Family, Order

_SHOWN = 30  # characters of a text that a failure quotes
_QUESTION = re.compile(r"(?:[?？]|(?:す|ん|う|た|の|る|い|だ)か[。．.]?)[」』）)\]*_\"'”’\s]*\Z")
_SCORE = re.compile(r"(\d+)\s*(?:(?:/|out of|of)\s*(\d+)|点)?[\s.。]*", re.IGNORECASE)
_REASON_CHARS = 10  # Tanuki's phase-1 sets: an answer has at least 10 characters


@dataclass(frozen=True, slots=True)
class _Edge(Order):
    """A text that stands at one end of the reply."""

    text: str
    family: ClassVar[Family] = "place"

    @property
    def demands(self) -> tuple[str, ...]:
        """The text."""
        return (self.text,)

    @property
    def room(self) -> int:
        """The text and a little more."""
        return 2 * len(self.text)


@dataclass(frozen=True, slots=True)
class StartsWith(_Edge):
    """The reply begins with the text; only width and white space before it do not count.

    Source: Tanuki's method B and phase-1 sets ("begins with").

    >>> StartsWith("結論から言うと、").check("結論から言うと、春です。") is None
    True
    """

    name: ClassVar[str] = "starts_with"
    slot: ClassVar[str | None] = "beginning"
    not_with: ClassVar[frozenset[str]] = frozenset({"title", "wrapped", "headings"})

    def check(self, text: str) -> Failure | None:
        """Look at the beginning."""
        if nfkc(text).strip().startswith(nfkc(self.text).strip()):
            return None
        return self._fails(text.strip()[:_SHOWN], self.text, f"begins with {text.strip()[:_SHOWN]!r}")


@dataclass(frozen=True, slots=True)
class EndsWith(_Edge):
    """The reply ends with the text, with nothing after it but white space.

    Source: Tanuki's phase-1 sets. Differs: fault 12, there the end is looked for anywhere in the reply; here it is the end.

    >>> EndsWith("以上です。").check("以上です。では、また。").message
    "ends with '以上です。では、また。'"
    """

    name: ClassVar[str] = "ends_with"
    slot: ClassVar[str | None] = "end"
    not_with: ClassVar[frozenset[str]] = frozenset({"wrapped", "rating", "postscript"})

    def check(self, text: str) -> Failure | None:
        """Look at the end."""
        if nfkc(text).strip().endswith(nfkc(self.text).strip()):
            return None
        return self._fails(text.strip()[-_SHOWN:], self.text, f"ends with {text.strip()[-_SHOWN:]!r}")


@dataclass(frozen=True, slots=True)
class EndsWithQuestion(Order):
    """The last sentence is a question.

    Source: ours.

    >>> EndsWithQuestion().check("春ですね。海へ行きませんか。") is None
    True
    """

    name: ClassVar[str] = "ends_with_question"
    family: ClassVar[Family] = "place"
    slot: ClassVar[str | None] = "end"
    not_with: ClassVar[frozenset[str]] = frozenset({"wrapped", "rating", "postscript"})

    def check(self, text: str) -> Failure | None:
        """Look at the last sentence."""
        last = (split_sentences(text) or [""])[-1]
        return (
            None
            if _QUESTION.search(last)
            else self._fails(last[-_SHOWN:], "a question", "the last sentence is no question")
        )


@dataclass(frozen=True, slots=True)
class Title(Order):
    """The first line is a title between the marks, and more follows below it.

    Source: arXiv 2311.07911 (``title``: ``<<…>>`` anywhere). Differs: 『』 or quotation marks, and in the first line.

    >>> Title().check("『春の海』\\n\\nひねもすのたりです。") is None
    True
    """

    opening: str = "『"
    closing: str = "』"
    name: ClassVar[str] = "title"
    family: ClassVar[Family] = "place"
    slot: ClassVar[str | None] = "beginning"
    not_with: ClassVar[frozenset[str]] = frozenset({"wrapped", "headings"})

    @property
    def demands(self) -> tuple[str, ...]:
        """The marks."""
        return (self.opening, self.closing)

    @property
    def room(self) -> int:
        """A short title and a sentence."""
        return 20

    def check(self, text: str) -> Failure | None:
        """Look at the first line."""
        first, _, rest = text.strip().partition("\n")
        line = first.strip()
        inner = line[len(self.opening) : len(line) - len(self.closing)]
        framed = line.startswith(self.opening) and line.endswith(self.closing) and inner.strip()
        if not framed or self.closing in inner:
            return self._fails(
                line[:_SHOWN],
                f"{self.opening}…{self.closing}",
                "the first line is not a title between the marks",
            )
        return None if rest.strip() else self._fails(0, 1, "nothing stands below the title")


@dataclass(frozen=True, slots=True)
class Wrapped(Order):
    """The whole reply stands between two marks, and the first one closes at the very end.

    Source: arXiv 2311.07911 (``quotation``). Differs: 「…」と「…」 is two quotations, not one.
    """

    opening: str = "「"
    closing: str = "」"
    name: ClassVar[str] = "wrapped"
    family: ClassVar[Family] = "place"
    not_with: ClassVar[frozenset[str]] = frozenset(
        {"shape", "rating", "postscript", "style", "sentences", "sentence_chars_at_most"}
    )

    @property
    def demands(self) -> tuple[str, ...]:
        """The marks."""
        return (self.opening, self.closing)

    def check(self, text: str) -> Failure | None:
        """Follow the marks from the first to the last."""
        said = text.strip()
        inner = said[len(self.opening) : len(said) - len(self.closing)]
        if (
            said.startswith(self.opening)
            and said.endswith(self.closing)
            and inner.strip()
            and self._is_whole(inner)
        ):
            return None
        return self._fails(
            said[:_SHOWN],
            f"{self.opening}…{self.closing}",
            "the whole reply does not stand between the marks",
        )

    def _is_whole(self, inner: str) -> bool:
        if self.opening == self.closing:
            return self.opening not in inner
        depth = 0
        for letter in inner:
            depth += (letter == self.opening) - (letter == self.closing)
            if depth < 0:
                return False
        return depth == 0


@dataclass(frozen=True, slots=True)
class Postscript(Order):
    """The last paragraph begins with the marker and says something.

    Source: arXiv 2311.07911 (``postscript``). Differs: it is the end of the reply.

    >>> Postscript("追伸").check("春です。\\n\\n追伸　海も見えます。") is None
    True
    """

    marker: str = "P.S."
    name: ClassVar[str] = "postscript"
    family: ClassVar[Family] = "place"
    slot: ClassVar[str | None] = "end"

    @property
    def demands(self) -> tuple[str, ...]:
        """The marker."""
        return (self.marker,)

    @property
    def room(self) -> int:
        """A sentence before it and one in it."""
        return 30

    def check(self, text: str) -> Failure | None:
        """Look at the last paragraph."""
        lines = [line.strip() for line in nfkc(text).strip().splitlines()]
        marker = nfkc(self.marker)
        at = [place for place, line in enumerate(lines) if line.startswith(marker)]
        if len(at) != 1 or at[0] == 0:
            return self._fails(
                len(at), 1, f"{len(at)} lines begin with {self.marker}, 1 wanted, below the text"
            )
        rest = lines[at[0] :]
        said = " ".join(rest).removeprefix(marker).strip(" :、")
        return (
            None
            if said and "" not in rest
            else self._fails(said[:_SHOWN], "a last paragraph", "the postscript is not the last paragraph")
        )


@dataclass(frozen=True, slots=True)
class Rating(Order):
    """One line ``label: k`` with a whole number from 1 to ``highest``, and one ``reason_label: …`` with a reason.

    Fault 13: ``1/10`` is 1, not 10; ``10/5``, ``4.5`` and ``3～4`` are no ratings.

    Source: Tanuki's method B (1–5 and 1–10 ratings with reasons).

    >>> Rating(5).check("評価：4/5\\n理由：手順がわかりやすく、例も適切なため。") is None
    True
    """

    highest: int
    label: str = "評価"
    reason_label: str = "理由"
    name: ClassVar[str] = "rating"
    family: ClassVar[Family] = "place"
    slot: ClassVar[str | None] = "end"
    not_with: ClassVar[frozenset[str]] = frozenset({"polite_style", "plain_style"})

    @property
    def demands(self) -> tuple[str, ...]:
        """Both labels."""
        return (self.label, self.reason_label)

    @property
    def room(self) -> int:
        """A rating and a reason."""
        return 40

    def check(self, text: str) -> Failure | None:
        """Read the line and its number."""
        said = self._after(text, self.label)
        if len(said) != 1:
            return self._fails(len(said), 1, f"{len(said)} lines {self.label!r}, 1 wanted")
        read = _SCORE.fullmatch(said[0])
        if read is None or (read[2] and int(read[2]) != self.highest):
            return self._fails(
                said[0][:_SHOWN],
                f"1 to {self.highest}",
                f"{said[0][:_SHOWN]!r} is no whole number from 1 to {self.highest}",
            )
        if not 1 <= int(read[1]) <= self.highest:
            return self._fails(int(read[1]), self.highest, f"{read[1]} is not from 1 to {self.highest}")
        reasons = self._after(text, self.reason_label)
        n = count_chars(reasons[0]) if len(reasons) == 1 else 0
        return (
            None
            if n >= _REASON_CHARS
            else self._fails(n, _REASON_CHARS, f"no line {self.reason_label!r} with a reason")
        )

    def _after(self, text: str, label: str) -> list[str]:
        """Return what follows the label in each line that begins with it."""
        line = re.compile(
            rf"^[\s*_#・-]*{re.escape(label)}[\s*_]*:[\s*_]*(.*?)[\s*_]*$", re.MULTILINE | re.IGNORECASE
        )
        return line.findall(fold_width(text))
